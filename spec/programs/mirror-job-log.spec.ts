import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';
import { childrenOf } from '../support/processes.ts';
import { programs } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FILES = 2000;
const FOLDERS = 20;
const WORKERS = 8;

const HEAD = String.raw`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - root - INFO - `;
const STARTED = new RegExp(`${HEAD}(?:File upload|Folder creation) started : (?:srv )?(\\S+)(?: file (\\S+))?$`);
const FOLDER_DONE = new RegExp(`${HEAD}Folder created : (\\S+), \\d+ ms, worker (\\d+)$`);
const FILE_DONE = new RegExp(
  `${HEAD}File created / updated : srv (\\S+) file (\\S+), \\d+ ms, (\\d+ B|\\d+\\.\\d KiB), worker (\\d+)$`,
);

describe('the log of the mirror program', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();

  it(`has one line for the start and one for the end of each of ${FILES} files, whichever of ${WORKERS} children did it`, async () => {
    const near = join(folder(), 'near');
    const expected = new Set<string>();
    for (let index = 0; index < FILES; index += 1) {
      const path = `${index % FOLDERS}/${index}.txt`;
      mkdirSync(join(near, `${index % FOLDERS}`), { recursive: true });
      writeFileSync(join(near, path), 'x'.repeat(index));
      expected.add(`test/${path}`).add(`test/${index % FOLDERS}`);
    }
    const mirror = run('bin/mirror.js', {
      args: [`ftp://steve@127.0.0.1:${served().port}/test`, near, '4', '60', '--multi', `P${WORKERS}`],
      env: { FTP_PASSWORD: 'secret', HOME: folder(), XDG_STATE_HOME: folder() },
    });
    await mirror.waitForLine(/Cycle 1 done in .* : 20 folders created, 2000 files sent/, 55_000);
    // It waits for its next cycle, and its children wait with it.
    const children = childrenOf(mirror.pid).map(String);
    mirror.signal('SIGTERM');
    const { status, stdout, stderr } = await mirror.ended;
    expect(status).toBe(0);
    expect(stderr).toBe('');

    const { started, ended, workers, others } = readLog(stdout.trimEnd().split('\n'), near);
    expect(new Set(started)).toEqual(expected);
    expect(started).toHaveSize(expected.size);
    expect(new Set(ended)).toEqual(expected);
    expect(ended).toHaveSize(expected.size);
    expect(others).toEqual([
      jasmine.stringMatching(/ - root - INFO - Valid parameters$/),
      jasmine.stringMatching(/ - root - INFO - Cycle 1 done in /),
      jasmine.stringMatching(/ - root - INFO - Stopping on SIGTERM : /),
    ]);
    // There is work for all when the folders are there: eight batches are given out before the first comes back.
    expect(workers).toHaveSize(WORKERS);
    expect([...workers].sort()).toEqual([...children].sort());
  }, 90_000);
});

interface Log {
  /** Far paths, once for each line. */
  readonly started: readonly string[];
  readonly ended: readonly string[];
  readonly workers: ReadonlySet<string>;
  /** All other lines: those of no job, torn ones, the end of what had not started, and such as name the wrong near file. */
  readonly others: readonly string[];
}

function readLog(lines: readonly string[], near: string): Log {
  const started = new Map<string, number>();
  const ended: string[] = [];
  const workers = new Set<string>();
  const others: string[] = [];
  const belongs = (far: string, file: string | undefined) =>
    file === undefined || file === join(near, far.slice('test/'.length));
  for (const line of lines) {
    const [, begun, source] = STARTED.exec(line) ?? [];
    const [, done = '', worker = '', file] = FOLDER_DONE.exec(line) ?? fileDone(line);
    if (begun !== undefined && belongs(begun, source)) {
      started.set(begun, (started.get(begun) ?? 0) + 1);
    } else if (started.has(done) && belongs(done, file)) {
      ended.push(done);
      workers.add(worker);
    } else others.push(line);
  }
  return { started: [...started].flatMap(([far, times]) => Array<string>(times).fill(far)), ended, workers, others };
}

/** In the order of {@link FOLDER_DONE}, then the near file. */
function fileDone(line: string): readonly (string | undefined)[] {
  const [all, far, file, , worker] = FILE_DONE.exec(line) ?? [];
  return [all, far, worker, file];
}
