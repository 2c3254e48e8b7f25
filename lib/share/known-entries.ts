import type { KnownEntries } from './disk/look.ts';
import { exists } from './model/entry.ts';
import type { Replica } from './replica/replica.ts';

/** What a replica holds, for whoever looks at the share. */
export function knownEntries(replica: Pick<Replica, 'held' | 'allHeld'>): KnownEntries {
  return {
    at(path) {
      const held = replica.held(path);
      if (held === undefined || held.entry.content.type === 'deleted') return undefined;
      return { type: held.entry.content.type, stamp: held.stamp };
    },
    *below(path) {
      const begin = path === '' ? '' : `${path}/`;
      for (const { entry } of replica.allHeld()) {
        if (exists(entry.content) && entry.path.startsWith(begin)) yield entry.path;
      }
    },
  };
}
