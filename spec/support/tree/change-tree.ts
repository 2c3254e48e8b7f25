import { nameOf, parentOf } from '../../../lib/files/directory.ts';
import { seededRandom } from '../seeded-random.ts';
import { type Entry, entriesBelow, readable } from './disk.ts';
import { Scene } from './scene.ts';
import { PastTimes } from './write-file.ts';

/** What is to be done to a tree. */
export interface ChangeOptions {
  /** Another seed, other victims. */
  readonly seed: number;
  /** How often each kind of change is made. Default: 2. */
  readonly rounds?: number;
}

/**
 * Change a tree in every way that a user can, each at a place that the seed decides.
 *
 * A way for which there is no place (no file with content, no folder that is small enough) is left out. Every changed
 * file gets a time that no file of the tree had before.
 *
 * @param root the folder; it stays, and at most a quarter of the entries goes with any one change
 * @returns a line for each thing done, `kind: "path"`, or `kind: "path" -> "path"`
 */
export function changeTree(root: string, { seed, rounds = 2 }: ChangeOptions): readonly string[] {
  const random = seededRandom(seed).fraction;
  const files = entriesBelow(root).filter(({ kind }) => kind === 'file');
  const times = new PastTimes(Math.max(0, ...files.map(({ stats }) => Math.floor(stats.mtimeMs / 1000))));
  const done: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const [kind, change] of Object.entries(ways)) {
      const paths = change(new Scene(root, random, times));
      if (paths !== undefined) done.push(`${kind}: ${paths.map(readable).join(' -> ')}`);
    }
  }
  return done;
}

/** Changes one thing. @returns the paths it is about, or `undefined` when there is no place for it */
type Way = (scene: Scene) => readonly string[] | undefined;

const ways: Readonly<Record<string, Way>> = {
  'file edited, same size': onFile((scene, { path, stats }) => scene.write(path, stats.size), hasContent),
  'file edited, larger': onFile((scene, { path, stats }) => scene.write(path, stats.size + 1 + scene.below(5_000))),
  'file edited, smaller': onFile((scene, { path, stats }) => scene.write(path, scene.below(stats.size)), hasContent),
  'file touched': onFile((scene, { path }) => scene.touch(path)),
  'file removed': onFile((scene, { path }) => scene.remove(path)),
  'file renamed': onFile((scene, { path }) => scene.move(path, scene.newPath(parentOf(path)))),
  'file moved': onFile((scene, { path }) => scene.move(path, scene.newPath(scene.anyFolder()))),
  'file renamed to another case': onFile((scene, { path }) => scene.move(path, otherCase(path)), hasOtherCase),
  'file became a folder': onFile((scene, { path }) => {
    scene.remove(path);
    scene.makeFolder(path);
    scene.write(scene.newPath(path), 10);
    return path;
  }),
  'folder became a file': onFolder((scene, { path }) => {
    scene.remove(path);
    return scene.write(path, 10);
  }),
  'folder removed': onFolder((scene, { path }) => scene.remove(path)),
  'folder renamed': onFolder((scene, { path }) => scene.move(path, scene.newPath(parentOf(path)))),
  'folder renamed to another case': onFolder((scene, { path }) => scene.move(path, otherCase(path)), hasOtherCase),
  'folder emptied': onFolder((scene, { path }) => {
    scene.remove(path);
    return scene.makeFolder(path);
  }),
  'empty folder added': (scene) => [scene.makeFolder(scene.newPath(scene.anyFolder()))],
  'file added': (scene) => [scene.write(scene.newPath(scene.anyFolder()), scene.below(5_000))],
};

type Wanted = (entry: Entry, scene: Scene) => boolean;

// What it returns is where the entry is now.
type Change = (scene: Scene, entry: Entry) => string;

function onFile(change: Change, wanted: Wanted = () => true): Way {
  return onEntry(change, (entry, scene) => entry.kind === 'file' && wanted(entry, scene));
}

function onFolder(change: Change, wanted: Wanted = () => true): Way {
  return onEntry(change, (entry, scene) => scene.isSmallFolder(entry) && wanted(entry, scene));
}

function onEntry(change: Change, wanted: Wanted): Way {
  return (scene) => {
    const entry = scene.pick(scene.entries.filter((candidate) => wanted(candidate, scene)));
    if (entry === undefined) return undefined;
    const now = change(scene, entry);
    return now === entry.path ? [now] : [entry.path, now];
  };
}

function hasContent({ stats }: Entry): boolean {
  return stats.size > 0;
}

function hasOtherCase({ path }: Entry, scene: Scene): boolean {
  return otherCase(path) !== path && !scene.has(otherCase(path));
}

// The first letter of the name from small to capital or back.
function otherCase(path: string): string {
  const swap = (letter: string) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase());
  const name = nameOf(path);
  return path.slice(0, path.length - name.length) + name.replace(/[a-z]/i, swap);
}
