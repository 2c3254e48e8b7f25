import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { systemClock } from '../../../lib/base/clock.ts';
import { exitStatusOf } from '../../../lib/mirror/exit-status-of.ts';
import { openTransport } from '../../../lib/mirror/open-transport.ts';
import type { MirrorParameters } from '../../../lib/mirror/parameters.ts';
import { runMirror } from '../../../lib/mirror/run-mirror.ts';
import type { Pair } from '../../../lib/sync/pair.ts';
import type { JobEnd } from '../../../lib/transfer/progress.ts';
import type { FarSide } from '../far-side.ts';
import { plainParameters } from '../mirror-parameters.ts';
import { recordingLogger } from '../recording-logger.ts';
import { compareTrees } from '../tree/compare-trees.ts';
import { contentOf } from '../tree/write-file.ts';
import { FaultProxy } from './fault-proxy.ts';
import { journalErrors } from './journal-errors.ts';

/** How one run of the mirror went. */
export interface FaultRun {
  readonly status: number;
  /** Its log lines of level error. */
  readonly problems: readonly string[];
  /** Paths of files whose last job was an upload that went well. */
  readonly sent: readonly string[];
  /** Paths whose last job did not go well. */
  readonly failed: readonly string[];
  /** What the mirror called done at a moment when it was not, one line each. */
  readonly lies: readonly string[];
  /** What differed afterwards between the two sides, and between the journal and the far side. */
  readonly differences: readonly string[];
}

// Several times the size from which on an interrupted upload is gone on with.
const LARGE = 1_500_000;
// Some faults take the second of --timeout several times over; what takes this long will never end.
const PATIENCE_MS = 40_000;
const NOON = Date.UTC(2026, 0, 2, 12) / 1000;

/** How the mirror of a scene works. */
export type Manner = Pick<MirrorParameters, 'multi' | 'connections' | 'pipeline'>;

/** Two connections of this process, which costs least. */
export const inProcess: Manner = { multi: { kind: 'A', count: 2 }, connections: undefined, pipeline: true };

/** A near folder, a far one on a real server, and a proxy between them that makes things go wrong. */
export class FaultScene {
  readonly proxy: FaultProxy;
  readonly near: string;
  /** The far root, on this machine's disk. */
  readonly far: string;
  readonly #folder: string;
  readonly #parameters: MirrorParameters;
  #changes = 0;
  /** Contents that near files had until they were changed during a run. */
  readonly #read = new Map<string, Buffer>();

  private constructor(proxy: FaultProxy, { user, password, dataFolder }: FarSide, name: string, manner: Manner) {
    this.proxy = proxy;
    this.#folder = mkdtempSync(join(tmpdir(), 'filesmirror-fault-'));
    this.near = join(this.#folder, 'near');
    this.far = join(dataFolder, name);
    const site = { protocol: 'ftp', host: '127.0.0.1', port: proxy.port, user, password, directory: name } as const;
    this.#parameters = plainParameters(this.#folder, {
      site,
      ...manner,
      timeoutSeconds: 1,
      retries: 3,
      resumeAbove: 1_000_000,
    });
  }

  /** @param name of the far folder, which no other scene on this server has */
  static async open(far: FarSide, name: string, manner = inProcess): Promise<FaultScene> {
    return new FaultScene(await FaultProxy.start(far), far, name, manner);
  }

  /** The tree of the first run. */
  writeFirst(): void {
    for (const path of ['stays.txt', 'edited.txt', 'gone.txt', 'was file', 'sub/edited.txt', 'sub/deep/gone.txt']) {
      this.#write(path, 700);
    }
    for (const path of ['was folder/a.txt', 'was folder/b.txt', 'gone/a.txt', 'gone/deep/b.txt'])
      this.#write(path, 300);
    this.#write('emptied.txt', 5);
  }

  /** The tree of the second run: every kind of change, and a file large enough to be resumed. */
  change(): void {
    this.#write('edited.txt', 900);
    this.#write('sub/edited.txt', 700);
    this.#write('emptied.txt', 0);
    this.#write('large.bin', LARGE);
    this.#write('added/deep/a.txt', 20);
    this.#write('added/b.txt', 60_000);
    for (let index = 0; index < 16; index += 1) this.#write(`small/${index}.txt`, 100 + index);
    for (const path of ['gone.txt', 'sub/deep/gone.txt', 'gone', 'was file', 'was folder'])
      rmSync(join(this.near, path), { recursive: true });
    this.#write('was file/a.txt', 40);
    this.#write('was folder', 50);
  }

  /** The tree of a second run that removes nothing. */
  add(): void {
    this.#write('edited.txt', 900);
    this.#write('sub/edited.txt', 700);
    this.#write('large.bin', LARGE);
    this.#write('added/deep/a.txt', 20);
  }

  /** Lose what the mirror remembers. */
  forget(): void {
    rmSync(this.#parameters.stateDirectory, { recursive: true });
  }

  /** Give a near file another size and time. */
  resize(path: string, size: number): void {
    this.#write(path, size);
  }

  /** The same during a run that may have read the file: what it was until now may be called sent as well. */
  resizeBehind(path: string, size: number): void {
    this.#read.set(path, readFileSync(join(this.near, path)));
    this.#write(path, size);
  }

  /** Mirror once. @param onPlan told when near and far side have been looked at, and nothing is done yet */
  async run(onPlan: () => void = () => undefined): Promise<FaultRun> {
    const parameters = this.#parameters;
    const logger = recordingLogger();
    const transport = await openTransport(parameters, this.#pair);
    const ends = new Map<string, JobEnd>();
    const lies: string[] = [];
    transport.events.on('end', (end) => {
      ends.set(end.path, end);
      if (!end.error) lies.push(...this.#lieOf(end));
    });
    const end = runMirror({
      ...{ parameters, pair: this.#pair, transport, logger },
      clock: systemClock,
      signal: new AbortController().signal,
      onPlan,
    }).catch(exitStatusOf);
    const status = await Promise.race([end, setTimeout(PATIENCE_MS, undefined, { ref: false })]);
    if (status === undefined) throw new Error(`the run has not ended:\n${logger.lines.join('\n')}`);
    const last = [...ends.values()];
    return {
      status,
      problems: logger.lines.filter((line) => line.startsWith('error ')),
      sent: last.filter(({ kind, error }) => kind === 'upload' && !error).map(({ path }) => path),
      failed: last.filter(({ error }) => error).map(({ path }) => path),
      lies,
      differences: [
        ...compareTrees(this.near, this.far, { times: true }),
        ...journalErrors(parameters.stateDirectory, this.#pair, this.far),
      ],
    };
  }

  get #pair(): Pair {
    return { site: this.#parameters.site, localRoot: this.near };
  }

  async dispose(): Promise<void> {
    await this.proxy.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** At the moment at which a job is told to be done, the far side must show it: nothing else can have changed it since. */
  #lieOf({ kind, path }: JobEnd): readonly string[] {
    const there = statSync(join(this.far, path), { throwIfNoEntry: false });
    switch (kind) {
      case 'mkdir':
        return there?.isDirectory() ? [] : [`no folder ${path}, though it was called made`];
      case 'upload':
        return there?.isFile() && this.#isVersion(path, readFileSync(join(this.far, path)))
          ? []
          : [`${path} is not the file that was called sent`];
      case 'download':
        return [];
      case 'remove':
      case 'rmdir':
        return there ? [`${path} is there, though it was called removed`] : [];
    }
  }

  #isVersion(path: string, content: Buffer): boolean {
    return content.equals(readFileSync(join(this.near, path))) || this.#read.get(path)?.equals(content) === true;
  }

  #write(path: string, size: number): void {
    const file = join(this.near, path);
    mkdirSync(dirname(file), { recursive: true });
    this.#changes += 1;
    writeFileSync(file, contentOf(`${path} ${this.#changes}`, size));
    const seconds = NOON + this.#changes * 61;
    utimesSync(file, seconds, seconds);
  }
}
