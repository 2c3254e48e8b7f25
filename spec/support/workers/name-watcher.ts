/*
 * Watches the folders in a folder until it gets SIGTERM, and tells what happened to the names in them, temporary ones left
 * out. Its argument is the folder; it writes `watching` when nothing can escape it any more, and at the end one line of JSON.
 *
 * To look again and again would miss what is wrong for a moment only; the kernel misses nothing. A name that was renamed
 * into place, whole, brings one `rename` and no more: a file made under its name brings a `change` when it is written to, as
 * does one that is written to, cut or touched later, and one that is replaced a second `rename`. So whatever has one
 * `rename`, no `change`, and the right content afterwards, had that content from its first moment on.
 */
import { readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the watcher saw. */
export interface WatchedNames {
  /** Names that were renamed into place. */
  readonly placed: number;
  /** One line for each to which anything else happened. */
  readonly wrong: readonly string[];
  /** Events that were waiting for the watcher at one time. What comes when so many wait as the kernel keeps is lost. */
  readonly mostWaiting: number;
  readonly mostKept: number;
}

const END = '.end';
const [root = ''] = process.argv.slice(2);
const folders = readdirSync(root);
const end = join(root, folders[0] ?? '', END);
const seen = new Map<string, string[]>();
let waiting = 0;
let mostWaiting = 0;

for (const folder of folders) {
  watch(join(root, folder), (kind, name) => {
    count();
    if (name === END) tellAndEnd();
    else if (name !== null && !name.startsWith('.filesmirror-')) note(`${folder}/${name}`, kind);
  });
}
process.once('SIGTERM', () => {
  // What has happened until now comes before it.
  writeFileSync(end, '');
});
process.stdout.write('watching\n');

/** All that wait come in one turn of the event loop. */
function count(): void {
  if (waiting === 0) {
    setImmediate(() => {
      waiting = 0;
    });
  }
  waiting += 1;
  mostWaiting = Math.max(mostWaiting, waiting);
}

function note(path: string, kind: string): void {
  const kinds = seen.get(path) ?? [];
  seen.set(path, kinds);
  kinds.push(kind);
}

function tellAndEnd(): void {
  rmSync(end);
  const wrong = [...seen].filter(([, kinds]) => kinds.join() !== 'rename');
  const watched: WatchedNames = {
    placed: seen.size - wrong.length,
    wrong: wrong.map(([path, kinds]) => `${path}: ${kinds.join()}`),
    mostWaiting,
    mostKept: Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8')),
  };
  process.stdout.write(`${JSON.stringify(watched)}\n`);
  process.exit(0);
}
