import { sizeOfEntry } from './entries-on-wire.ts';
import { wireLimits } from './limits.ts';
import type { Entries, ToldEntry } from './message.ts';

// Some milliseconds of work for who gets it: what it has to say to others in the meantime does not wait longer.
const LARGE = 256 * 1024;

/**
 * Tell in several messages what would be too long for one.
 *
 * @returns together they say the same; an entry that is large in itself has a message of its own
 */
export function splitEntries(message: Entries): readonly Entries[] {
  const groups = groupsOf(message.entries);
  return groups.map((entries, index) =>
    index === groups.length - 1
      ? { ...message, entries }
      : { kind: 'entries', entries, upTo: entries.at(-1)?.number ?? message.upTo, isAll: false },
  );
}

function groupsOf(entries: readonly ToldEntry[]): readonly (readonly ToldEntry[])[] {
  let group: ToldEntry[] = [];
  const groups = [group];
  let size = 0;
  for (const entry of entries) {
    const added = sizeOfEntry(entry);
    if (group.length > 0 && (size + added > LARGE || group.length >= wireLimits.entries)) {
      group = [];
      groups.push(group);
      size = 0;
    }
    group.push(entry);
    size += added;
  }
  return groups;
}
