import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import { SyncScene } from '../support/sync-scene.ts';

/** A mirror with a past, that has ended in order; and what happened on both sides since then. */
export interface History {
  readonly scene: SyncScene;
  /** What strangers put on the far side since then, by path. */
  readonly strangers: ReadonlyMap<string, string>;
  /** Near files that are new, or other ones than on the far side. */
  readonly unsent: ReadonlySet<string>;
}

// Whatever a history removes, guards are not what it is about.
const NO_GUARDS = {
  maxDelete: { unit: 'percent', most: 100, above: 0 },
  allowEmpty: true,
  allowReplaced: true,
} as const;

/** All that can happen to an entry, once each, in a journal of a few kilobytes. */
export async function smallHistory(): Promise<History> {
  const past = new Past(new SyncScene());
  const { scene } = past;
  for (const path of ['back', 'gone', 'gone too', 'again', 'turn', 'd/b', 'd/c', 'x/y/z', 'same', 'half'])
    past.write(path);
  scene.makeFolder('empty');
  await past.cycle();
  for (const path of ['back', 'd/c', 'same']) past.write(path);
  for (const path of ['gone', 'gone too', 'again', 'x', 'turn']) scene.remove(path);
  past.write('turn/into');
  scene.journal.fileIsUnsure('half');
  scene.remove('half');
  await past.cycle();
  past.write('again');
  past.write('x/w');
  scene.remove('empty');
  await past.cycle();
  past.end();

  past.setBack('back');
  past.write('new');
  scene.remove('d/b');
  scene.remove('again');
  scene.remove('same');
  // One that only its time, and one that only its size tells from what was there.
  past.strangerPuts('gone', past.versionsOf('gone')[0]?.content ?? '', 77_000);
  past.strangerPuts('gone too', 'another', past.versionsOf('gone too')[0]?.mtimeMs);
  past.strangerPuts('x/y/z', 'not ours');
  past.strangerPuts('d/strange', 'not ours');
  past.strangerPuts('half', 'not ours');
  past.strangerPuts('empty/strange', 'not ours');
  return past;
}

/** Some thousand records of files that come, change, go and come again, in several runs. */
export async function largeHistory(seed: number): Promise<History> {
  const random = seededRandom(seed);
  const past = new Past(new SyncScene());
  for (let index = 0; index < 900; index += 1) past.write(`folder ${index % 25}/deeper/file ${index}`);
  for (let turn = 0; turn < 5; turn += 1) {
    await past.cycle(random.chance(0.5) ? 'then end' : 'then go on');
    for (let changes = 0; changes < 180; changes += 1) past.change(random);
  }
  await past.cycle();
  past.end();

  for (let changes = 0; changes < 60; changes += 1) past.change(random);
  for (let changes = 0; changes < 60; changes += 1) past.setBack(random.pick(past.present()));
  const strange = past.absent().filter((path) => past.scene.transport.tree.at(path) === undefined);
  for (const path of strange) past.strangerPuts(path, 'not ours');
  return past;
}

interface NearVersion {
  readonly content: string;
  readonly mtimeMs: number;
}

class Past implements History {
  readonly scene: SyncScene;
  readonly strangers = new Map<string, string>();
  /** By path, the latest last. */
  readonly #versions = new Map<string, NearVersion[]>();

  constructor(scene: SyncScene) {
    this.scene = scene;
    scene.use({ guards: NO_GUARDS });
  }

  get unsent(): ReadonlySet<string> {
    const { tree } = this.scene.transport;
    return new Set(
      this.present().filter((path) => {
        const there = tree.at(path);
        const near = statSync(join(this.scene.near, path));
        return there?.kind !== 'file' || there.content.length !== near.size || there.mtimeMs !== near.mtimeMs;
      }),
    );
  }

  versionsOf(path: string): readonly NearVersion[] {
    return this.#versions.get(path) ?? [];
  }

  /** Paths of the near files, and of those that were some once. */
  present(): readonly string[] {
    return [...this.#versions.keys()].filter((path) => this.#isThere(path));
  }

  absent(): readonly string[] {
    return [...this.#versions.keys()].filter((path) => !this.#isThere(path));
  }

  /** A next version, of another time and now and then of another size. */
  write(path: string): void {
    const versions = this.#versions.get(path) ?? [];
    this.#versions.set(path, versions);
    const content = `${versions.length >> 1}`.padEnd(2 + (versions.length % 3), path);
    this.scene.write(path, content);
    versions.push({ content, mtimeMs: statSync(join(this.scene.near, path)).mtimeMs });
  }

  setBack(path: string): void {
    const older = this.versionsOf(path).at(-2);
    if (older) this.scene.write(path, older.content, older.mtimeMs);
  }

  change(random: SeededRandom): void {
    const path = random.pick([...this.#versions.keys()]);
    if (this.#isThere(path) && random.chance(0.4)) this.scene.remove(path);
    else this.write(path);
  }

  async cycle(then: 'then end' | 'then go on' = 'then end'): Promise<void> {
    await this.scene.cycle();
    if (then === 'then end') this.scene.restart();
  }

  end(): void {
    this.scene.journal.close();
  }

  strangerPuts(path: string, content: string, mtimeMs = 99_000): void {
    this.scene.transport.tree.putFile(path, content, mtimeMs);
    this.strangers.set(path, content);
  }

  #isThere(path: string): boolean {
    try {
      readFileSync(join(this.scene.near, path));
      return true;
    } catch {
      return false;
    }
  }
}
