import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { walk } from '../../lib/files/directory.ts';
import { makeFilter } from '../../lib/files/filter.ts';
import { parsePatterns } from '../../lib/files/pattern.ts';
import { DirectoryManager, type DirectoryManagerOptions } from '../../lib/sync/directory-manager.ts';
import { journalFileOf, type Pair } from '../../lib/sync/pair.ts';
import { PairJournal } from '../../lib/sync/pair-journal.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryTransport, type MemoryTransportOptions } from './memory-transport.ts';
import { recordingLogger } from './recording-logger.ts';

const NOON = Date.UTC(2026, 0, 2, 12);

/** A near folder on disk, a far one in memory, and a mirror between them: what every spec of a cycle begins with. */
export class SyncScene {
  readonly folder = mkdtempSync(join(tmpdir(), 'filesmirror-spec-'));
  readonly near = join(this.folder, 'near');
  readonly logger = recordingLogger();
  readonly clock = new ManualClock();
  readonly controller = new AbortController();
  transport: MemoryTransport;
  journal: PairJournal;
  manager: DirectoryManager;
  #options: Partial<DirectoryManagerOptions> = {};
  #changes = 0;

  constructor(far: MemoryTransportOptions = {}) {
    mkdirSync(this.near);
    this.transport = new MemoryTransport(far);
    this.journal = this.#open(false);
    this.manager = this.#manager();
  }

  /** Where the journal lies. */
  get journalFile(): string {
    return journalFileOf(join(this.folder, 'state'), this.#pair());
  }

  /** Run with other options from now on; the journal stays open. */
  use(options: Partial<DirectoryManagerOptions>): void {
    this.#options = { ...this.#options, ...options };
    this.manager = this.#manager();
  }

  /** Leave out what the patterns say. */
  exclude(...patterns: readonly string[]): void {
    const filter = makeFilter({ patterns: parsePatterns(patterns.join('\n'), 'spec') });
    this.use({ filter: () => filter });
  }

  /** End the mirror and begin it anew on what the journal has on disk. */
  restart({ readOnly = false } = {}): void {
    this.journal.close();
    this.journal = this.#open(readOnly);
    this.manager = this.#manager();
  }

  /**
   * Kill the mirror, as far as its journal shows, and begin it anew.
   *
   * @param content what its journal held at that moment; now unless told otherwise
   */
  kill(content: Buffer = readFileSync(this.journalFile)): void {
    this.journal.close();
    writeFileSync(this.journalFile, content);
    this.journal = this.#open(false);
    this.manager = this.#manager();
  }

  /** A near file with a time of its own, so that each change is one. */
  write(path: string, content: string, mtimeMs?: number): void {
    const file = join(this.near, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    this.#changes += 1;
    const seconds = (mtimeMs ?? NOON + this.#changes * 2000) / 1000;
    utimesSync(file, seconds, seconds);
  }

  makeFolder(path: string): void {
    mkdirSync(join(this.near, path), { recursive: true });
  }

  remove(path: string): void {
    rmSync(join(this.near, path), { recursive: true });
  }

  cycle() {
    return this.manager.cycle(this.controller.signal);
  }

  /** The entries that the journal holds for there; a file with its size. */
  known(): Record<string, number | null> {
    const known: Record<string, number | null> = {};
    for (const { path, directory } of walk(this.journal.far)) {
      const below = path === '' ? '' : `${path}/`;
      if (path !== '') known[path] = null;
      for (const { name, size } of directory.files()) known[`${below}${name}`] = size;
    }
    return known;
  }

  /** What is on the far side, in the form of {@link known}, without what strangers put there. */
  far(...strangers: readonly string[]): Record<string, number | null> {
    const all = Object.entries(this.transport.tree.all()).filter(([path]) => !strangers.includes(path));
    return Object.fromEntries(all.map(([path, content]) => [path, content === null ? null : content.length]));
  }

  dispose(): void {
    this.journal.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #open(readOnly: boolean): PairJournal {
    return PairJournal.open(join(this.folder, 'state'), this.#pair(), { readOnly });
  }

  #pair(): Pair {
    const site: Pair['site'] = { protocol: 'ftp', host: 'far', port: 21, user: 'u', directory: '/' };
    return { site, localRoot: this.near };
  }

  #manager(): DirectoryManager {
    const { transport, journal, logger, clock, near } = this;
    return new DirectoryManager({
      localRoot: near,
      maxDepth: 99,
      links: 'skip',
      filter: () => makeFilter(),
      guards: { maxDelete: { unit: 'percent', most: 50, above: 20 }, allowEmpty: false, allowReplaced: false },
      dryRun: false,
      ...this.#options,
      transport,
      journal,
      logger,
      clock,
    });
  }
}

/** A fresh {@link SyncScene} for each spec of the enclosing `describe`. */
export function syncScene(far: MemoryTransportOptions = {}): () => SyncScene {
  let scene: SyncScene;
  beforeEach(() => {
    scene = new SyncScene(far);
  });
  afterEach(() => scene.dispose());
  return () => scene;
}
