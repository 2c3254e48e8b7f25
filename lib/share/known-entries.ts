import type { KnownEntries } from './disk/look.ts';
import type { FolderIndex } from './folder-index.ts';
import { exists } from './model/entry.ts';
import type { Replica } from './replica/replica.ts';

/** What a replica holds, for whoever looks at the share. */
export function knownEntries(replica: Pick<Replica, 'held' | 'allHeld'>, folders: FolderIndex): KnownEntries {
  return {
    at(path) {
      const held = replica.held(path);
      if (held === undefined || held.entry.content.type === 'deleted') return undefined;
      return { type: held.entry.content.type, stamp: held.stamp };
    },
    *below(path) {
      if (path !== '') yield* folders.below(path);
      // All there is: also what is held in a folder that is not.
      else for (const { entry } of replica.allHeld()) if (exists(entry.content)) yield entry.path;
    },
  };
}
