import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { md5Of } from '../md5-of.ts';
import { isRunning } from '../processes.ts';
import { MiB, overwrite, writeFolder, writeRandom } from './files.ts';
import type { ShareScene } from './share-scene.ts';
import { until } from './until.ts';

/** Seconds of the parts of a course, by what was waited for. */
export type CourseTimes = Readonly<Record<string, number>>;

/** What a course is run with. */
export interface CourseOptions {
  /** Where what will be shared is made. */
  readonly source: string;
  /** Bytes of the first file, and of the large one. */
  readonly first: number;
  readonly large: number;
}

// What the course of 2021 allows for its parts. That of 2020 only compares times: it is given the longest of these.
const LIMITS_MS = { first: 10_000, large: 60_000, changed: 50_000 } as const;

/** What is waited for: that some peers have what another one has at a path. */
interface Awaited {
  readonly path: string;
  readonly from: number;
  readonly to: readonly number[];
  readonly withinMs?: number;
}

/** Put into a share from outside, all at once, and timed until it is elsewhere, the same by its MD5. */
class Stopwatch {
  readonly times: Record<string, number> = {};
  readonly #scene: ShareScene;

  constructor(scene: ShareScene) {
    this.#scene = scene;
  }

  /** @param begin as `performance.now()` tells it */
  async until(what: string, begin: number, { path, from, to, withinMs = LIMITS_MS.large }: Awaited): Promise<void> {
    const there = () => Promise.all(to.map((index) => this.#isThere(path, from, index)));
    await until(
      async () => (await there()).every(Boolean) || undefined,
      Math.max(0, withinMs - (performance.now() - begin)),
      () => `${what}\n${this.#scene.log}`,
    );
    this.times[what] = Math.round(performance.now() - begin) / 1000;
  }

  async #isThere(path: string, from: number, to: number): Promise<boolean> {
    const [near, far] = [this.#scene.peer(from).at(path), this.#scene.peer(to).at(path)];
    if (!existsSync(far)) return false;
    if (statSync(near).isDirectory()) {
      const names = readdirSync(near);
      if (readdirSync(far).length !== names.length) return false;
      const same = await Promise.all(names.map((name) => isSame(join(near, name), join(far, name))));
      return same.every(Boolean);
    }
    return isSame(near, far);
  }
}

async function isSame(near: string, far: string): Promise<boolean> {
  const [one, other] = [statSync(near), statSync(far, { throwIfNoEntry: false })];
  return (
    one.size === other?.size &&
    Math.floor(one.mtimeMs) === Math.floor(other.mtimeMs) &&
    (await md5Of(near)) === (await md5Of(far))
  );
}

/**
 * The course of 2021: two machines, four phases, each with its limit. In the third, the one that receives is killed after half a
 * second.
 *
 * @param scene of two peers that were not started
 */
export async function course2021(scene: ShareScene, { source, first, large }: CourseOptions): Promise<CourseTimes> {
  const watch = new Stopwatch(scene);
  mkdirSync(source);
  await scene.start(0);
  await wait(1_000);
  if (!isRunning(scene.peer(0).program.pid)) throw new Error(`it ended by itself\n${scene.log}`);
  writeRandom(join(source, 'File_1'), first);
  put(scene, 0, source, 'File_1');
  await wait(100);
  let begin = performance.now();
  await scene.start(1);
  await watch.until('2: first file', begin, { path: 'File_1', from: 0, to: [1], withinMs: LIMITS_MS.first });

  writeRandom(join(source, 'File_2'), large);
  writeFolder(join(source, 'folder'));
  begin = performance.now();
  put(scene, 1, source, 'File_2');
  put(scene, 1, source, 'folder');
  await wait(500);
  await scene.kill9(0);
  await wait(1_000);
  await scene.start(0);
  await Promise.all([
    watch.until('3: folder', begin, { path: 'folder', from: 1, to: [0] }),
    watch.until('3: large file, with one second of absence', begin, { path: 'File_2', from: 1, to: [0] }),
  ]);

  begin = performance.now();
  changeTenth(scene.peer(0).at('File_2'), large);
  await watch.until('4: a tenth of it changed', begin, {
    path: 'File_2',
    from: 0,
    to: [1],
    withinMs: LIMITS_MS.changed,
  });
  return watch.times;
}

/**
 * The course of 2020: three machines, of which one is killed and comes again.
 *
 * @param scene of three peers that were not started
 * @param order in which they take their parts
 */
export async function course2020(
  scene: ShareScene,
  { source, first, large }: CourseOptions,
  [a, b, c]: readonly [number, number, number],
): Promise<CourseTimes> {
  const watch = new Stopwatch(scene);
  mkdirSync(source);
  await scene.start(a);
  writeRandom(scene.peer(a).at('File 1'), first);
  for (const index of [b, c]) {
    const begin = performance.now();
    await scene.start(index);
    await watch.until(`first file at ${index === b ? 'B' : 'C'}`, begin, { path: 'File 1', from: a, to: [index] });
  }

  writeRandom(join(source, 'File 2'), large);
  writeFolder(join(source, 'folder'));
  let begin = performance.now();
  put(scene, b, source, 'File 2');
  put(scene, b, source, 'folder');
  await wait(2_000);
  await scene.kill9(a);
  await watch.until('large file and folder at C', begin, { path: 'File 2', from: b, to: [c] });
  await watch.until('folder at C', begin, { path: 'folder', from: b, to: [c] });
  begin = performance.now();
  await scene.start(a);
  await watch.until('large file at A, started again', begin, { path: 'File 2', from: b, to: [a] });
  await watch.until('folder at A, started again', begin, { path: 'folder', from: b, to: [a] });

  writeRandom(join(source, 'File 3'), large / 2);
  begin = performance.now();
  put(scene, c, source, 'File 3');
  await watch.until('third file at A and B', begin, { path: 'File 3', from: c, to: [a, b] });
  begin = performance.now();
  overwrite(scene.peer(c).at('File 3'), randomInt(large / 4), randomBytes(large / 1000));
  await watch.until('a thousandth of it changed', begin, { path: 'File 3', from: c, to: [a, b] });
  return watch.times;
}

/** Moved there, as mv(1) does: it is there at once. */
function put(scene: ShareScene, index: number, source: string, name: string): void {
  renameSync(join(source, name), scene.peer(index).at(name));
}

/** Random bytes in pieces of half a megabyte all over it, together a tenth at least: one somewhere in each five megabytes. */
function changeTenth(path: string, size: number): void {
  const piece = MiB / 2;
  for (let at = 0; at < size; at += 10 * piece) {
    const room = Math.min(10 * piece, size - at) - piece;
    overwrite(path, at + (room > 0 ? randomInt(room) : room), randomBytes(piece));
  }
}
