import { type Story, World } from './world.ts';

/** Let a story happen, and look at what came of it. @returns what is wrong: one line each */
export function judge(story: Story): readonly string[] {
  const world = new World(story);
  for (const step of story.steps) world.take(step);
  try {
    world.settle();
  } catch (error) {
    return [`I6: ${error instanceof Error ? error.message : error}`];
  }
  return [
    ...unequal(world),
    ...lost(world),
    ...resurrected(world),
    ...back(world),
    ...unsettled(world),
    ...world.renewedForNothing.map((index) => `peer ${index} began anew, and was not back from a backup`),
  ];
}

/** I1: all trees are equal. */
function unequal({ peers }: World): readonly string[] {
  const trees = peers.map(({ disk }) => disk.print());
  return trees.every((tree) => tree === trees[0]) ? [] : [`I1: the trees differ:\n${trees.join('\n--\n')}`];
}

/** I2: what a user wrote, and nobody who had it replaced, is there. */
function lost({ peers: [peer], unreplaced }: World): readonly string[] {
  const there = new Set(peer?.disk.paths.map((path) => peer.disk.textAt(path)));
  return [...unreplaced].filter((text) => !there.has(text)).map((text) => `I2: ${text} is lost`);
}

/** I3: what was replaced or deleted, and not touched otherwise, does not come back. */
function resurrected({ peers: [peer], deeds, disputed, isForgetful }: World): readonly string[] {
  // Who has forgotten what it knew brings back what it finds on its disk.
  if (isForgetful) return [];
  const paths = peer?.disk.paths ?? [];
  // Who settles a conflict makes a version of its own, which stands against a deletion made meanwhile by somebody else.
  const isDisputed = (path: string) => paths.some((other) => other.startsWith(`${path}.conflict-`));
  const there = paths
    .filter((path) => !path.includes('.conflict-') && !isDisputed(path))
    .map((path) => peer?.disk.textAt(path) ?? '');
  return there
    .filter((text) => !disputed.has(text))
    .filter((text) => deeds.get(text)?.join() === 'replaced')
    .map((text) => `I3: ${text} is back`);
}

/** I3: what was deleted when all was at rest, files and folders, does not come back when nobody did anything there since. */
function back({ peers: [peer], gone, isForgetful }: World): readonly string[] {
  if (isForgetful) return [];
  const there = new Set(peer?.disk.paths);
  return gone.paths.filter((path) => there.has(path)).map((path) => `I3: ${path} was deleted, and is back`);
}

/** Nothing is left to be done. */
function unsettled({ peers }: World): readonly string[] {
  return peers.flatMap(({ replica }, index) =>
    [...replica.tasks()].map(({ entry, step }) => `peer ${index} is left with ${entry.path}, ${step}`),
  );
}
