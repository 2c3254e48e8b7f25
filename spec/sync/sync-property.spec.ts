import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { foldName } from '../../lib/files/difference.ts';
import { parentOf } from '../../lib/files/directory.ts';
import { isComplete } from '../../lib/sync/cycle-summary.ts';
import { UNSURE } from '../../lib/sync/pair-state.ts';
import type { TransferErrorCode } from '../../lib/transfer/transfer-error.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import { SyncScene } from '../support/sync-scene.ts';

// Few names, so that files become folders, come back and meet their twins: those that differ in case only.
const NAMES = ['a', 'b', 'B', 'c', 'dir'];
// Always a folder: where a file needs the name of one in which a stranger has something, every cycle fails, and rightly.
const FOLDER = 'dir';
const CODES: readonly TransferErrorCode[] = ['E_LOST', 'E_REFUSED', 'E_TIMEOUT', 'E_CHANGED', 'E_MISSING'];
const TIMES = [1_700_000_000_000, 1_700_000_100_000, 1_700_000_200_000];

/** A mirror and the things that happen to it. */
class Story {
  readonly scene: SyncScene;
  /** What strangers put on the far side, by path. */
  readonly strangers = new Map<string, string>();
  /** Paths of files whose content the mirror was not sure of when it was killed: they may be of others. */
  readonly #forgotten = new Set<string>();
  /** Paths of files of the mirror that others changed. */
  readonly #changed = new Set<string>();
  readonly random: SeededRandom;

  readonly #ignoresCase: boolean;

  constructor(seed: number, ignoresCase: boolean) {
    this.random = seededRandom(seed);
    this.#ignoresCase = ignoresCase;
    this.scene = new SyncScene({ ignoresCase, keepsTimes: this.random.chance(0.7), nowMs: 1_800_000_000_000 });
    // The guards have specs of their own.
    this.scene.use({
      guards: { maxDelete: { unit: 'percent', most: 100, above: 0 }, allowEmpty: true, allowReplaced: true },
    });
  }

  async happen(): Promise<void> {
    const { random, scene } = this;
    for (let changes = random.integer(4); changes > 0; changes -= 1) this.#changeNear();
    if (random.chance(0.2)) this.#strangerComes();
    if (random.chance(0.3)) this.#othersChange();
    if (random.chance(0.2)) scene.manager.relist();
    if (random.chance(0.3)) this.#callsFail();
    const controller = new AbortController();
    if (random.chance(0.2)) this.#abortsSoon(controller);
    const killed = random.chance(0.15) ? this.#isKilledSoon() : undefined;
    await scene.manager.cycle(controller.signal).catch((error: unknown) => expect(error).toBeInstanceOf(Error));
    scene.transport.events.removeAllListeners();
    scene.transport.fail = () => undefined;
    if (killed?.journal) scene.kill(killed.journal);
    else if (random.chance(0.3)) scene.restart();
    else if (random.chance(0.2)) scene.kill();
    if (!scene.journal.isCutOff) return;
    for (const [path, size] of Object.entries(scene.known())) if (size === UNSURE.size) this.#forgotten.add(path);
  }

  /** What others changed and the mirror took for theirs is put away, since it may be in the way; then all is listed. */
  async end() {
    const { tree } = this.scene.transport;
    for (const path of [...this.#changed, ...this.#forgotten]) {
      const there = tree.at(path);
      if (there?.kind === 'file' && (there.content === CHANGED || this.#forgotten.has(path))) tree.take(path);
      for (let at = parentOf(path); at !== ''; at = parentOf(at)) {
        const isNear = existsSync(join(this.scene.near, at)) && statSync(join(this.scene.near, at)).isDirectory();
        if (!isNear && tree.folderAt(at)?.entries.size === 0) tree.take(at);
      }
    }
    this.scene.manager.relist();
    return this.scene.manager.cycle(new AbortController().signal);
  }

  /** What strangers have on the far side, and the folders that stay for it. */
  left(): Record<string, string | null> {
    const folders = [...this.strangers.keys()].flatMap((path) => [parentOf(path), parentOf(parentOf(path))]);
    const left = folders.filter((path) => path !== '').map((path) => [path, null] as const);
    return Object.fromEntries([...left, ...this.strangers]);
  }

  /** The near tree in the form of the far one. */
  near(): Record<string, string | null> {
    const found: Record<string, string | null> = {};
    const look = (folder: string) => {
      for (const name of NAMES) {
        const path = folder === '' ? name : `${folder}/${name}`;
        const where = join(this.scene.near, path);
        if (!existsSync(where)) continue;
        const isFolder = statSync(where).isDirectory();
        found[path] = isFolder ? null : contentOf(statSync(where).size, statSync(where).mtimeMs);
        if (isFolder) look(path);
      }
    };
    look('');
    return found;
  }

  #changeNear(): void {
    const { random, scene } = this;
    const files = Object.entries(this.near()).filter(([, content]) => content !== null);
    if (files.length > 0 && random.chance(0.2)) {
      const [[path, content], time] = [random.pick(files), random.pick(TIMES)];
      scene.write(path, contentOf(content?.length ?? 0, time), time);
      return;
    }
    const path = Array.from({ length: 1 + random.integer(3) }, () => random.pick(NAMES)).join('/');
    this.#makeWay(path);
    const there = existsSync(join(scene.near, path));
    if (there && random.chance(0.4)) {
      scene.remove(path);
    } else if (!there && (path.endsWith(FOLDER) || random.chance(0.3))) {
      scene.makeFolder(path);
    } else if (!there || statSync(join(scene.near, path)).isFile()) {
      const [size, time] = [random.integer(3), random.pick(TIMES)];
      scene.write(path, contentOf(size, time), time);
    }
  }

  /** Files become folders where the path needs it; what such a far side cannot hold beside it goes. */
  #makeWay(path: string): void {
    const parts = path.split('/');
    for (let length = 1; length <= parts.length && this.#ignoresCase; length += 1) {
      const name = parts[length - 1] ?? '';
      const twin = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
      const twinPath = [...parts.slice(0, length - 1), twin].join('/');
      if (existsSync(join(this.scene.near, twinPath))) this.scene.remove(twinPath);
    }
    for (let length = 1; length < parts.length; length += 1) {
      const parent = parts.slice(0, length).join('/');
      const where = join(this.scene.near, parent);
      if (existsSync(where) && statSync(where).isFile()) this.scene.remove(parent);
    }
  }

  #strangerComes(): void {
    const { tree } = this.scene.transport;
    const folder = this.random.pick(
      ['', `${FOLDER}/`, `${FOLDER}/${FOLDER}/`].filter((path) => tree.folderAt(path.slice(0, -1))),
    );
    const path = `${folder}stranger ${this.strangers.size}`;
    tree.putFile(path, 'hands off');
    this.strangers.set(path, 'hands off');
  }

  /** Others remove a file or folder of the mirror, or put another content or time in its place. */
  #othersChange(): void {
    const { tree } = this.scene.transport;
    const paths = Object.keys(tree.all()).filter(
      (path) => ![...this.strangers.keys()].some((own) => own.startsWith(path)),
    );
    if (paths.length === 0) return;
    const path = this.random.pick(paths);
    if (tree.folderAt(path) || this.random.chance(0.5)) {
      tree.take(path);
    } else {
      tree.putFile(path, CHANGED, this.random.pick(TIMES));
      this.#changed.add(path);
    }
  }

  #callsFail(): void {
    const { random, scene } = this;
    const share = random.fraction() * 0.6;
    scene.transport.fail = ({ kind, path }) => {
      if (!random.chance(share)) return undefined;
      const code = random.pick(CODES);
      if (kind === 'upload' && code === 'E_LOST' && random.chance(0.5)) this.#leaveTemporary(path);
      return random.chance(0.5) ? { code, butDone: true } : code;
    };
  }

  /** As an upload does whose connection breaks. */
  #leaveTemporary(path: string): void {
    const { transport, near } = this.scene;
    const stats = statSync(join(near, path), { throwIfNoEntry: false });
    if (!stats?.isFile() || !transport.tree.folderAt(parentOf(path))) return;
    const version = { path, size: stats.size, mtimeMs: Math.floor(stats.mtimeMs) };
    transport.tree.putFile(transport.temporaryOf(version), 'half');
  }

  /** From some moment on nothing is done any more. @returns what the journal held then, when it has come */
  #isKilledSoon(): { readonly journal: Buffer | undefined } {
    const { transport, journalFile } = this.scene;
    const killed: { journal: Buffer | undefined } = { journal: undefined };
    let jobs = 1 + this.random.integer(8);
    const tick = () => {
      jobs -= 1;
      if (jobs === 0) killed.journal = readFileSync(journalFile);
    };
    transport.events.on('start', tick).on('end', tick);
    const fail = transport.fail;
    transport.fail = (call) => (killed.journal ? 'E_CLOSED' : fail(call));
    return killed;
  }

  #abortsSoon(controller: AbortController): void {
    let jobs = this.random.integer(6);
    this.scene.transport.events.on('end', () => {
      jobs -= 1;
      if (jobs <= 0) controller.abort();
    });
  }
}

// Longer than every file of the mirror: where no times are kept, a change of the same size cannot be seen.
const CHANGED = 'changed by others';

/** Told apart by size and time, as the mirror tells contents apart. */
function contentOf(size: number, mtimeMs: number): string {
  return String(TIMES.indexOf(mtimeMs)).repeat(size);
}

describe('A mirror to which anything may happen', () => {
  for (const ignoresCase of [false, true]) {
    const where = ignoresCase ? 'where the far one ignores case' : 'where case counts';
    for (let from = 1; from <= 100; from += 20) {
      it(`ends with both sides equal, ${where}, after a cycle without trouble (from seed ${from})`, async () => {
        for (let seed = from; seed < from + 20; seed += 1) await endsEqual(seed, ignoresCase);
      });
    }
  }

  async function endsEqual(seed: number, ignoresCase: boolean): Promise<void> {
    const story = new Story(seed, ignoresCase);
    const { scene } = story;
    for (let turn = 0; turn < 12; turn += 1) await story.happen();
    const summary = await story.end();
    expect(isComplete(summary)).withContext(`seed ${seed}`).toBeTrue();
    const near = story.near();
    // Where case does not count, what others had a hand in may have kept its name in another case.
    const named = <Value>(all: Readonly<Record<string, Value>>) =>
      Object.fromEntries(Object.entries(all).map(([path, value]) => [ignoresCase ? foldName(path) : path, value]));
    expect(named(scene.transport.tree.all()))
      .withContext(`seed ${seed}`)
      .toEqual(named({ ...story.left(), ...near }));
    const sizes = Object.entries(near).map(([path, content]) => [path, content?.length ?? null]);
    expect(scene.known()).withContext(`seed ${seed}, journal`).toEqual(Object.fromEntries(sizes));
    scene.transport.calls.length = 0;
    await scene.manager.cycle(new AbortController().signal);
    expect(scene.transport.calls).withContext(`seed ${seed}, another cycle`).toEqual([]);
    scene.dispose();
  }
});
