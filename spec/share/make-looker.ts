import type { Look, Sighting } from '../../lib/share/disk/look.ts';
import { Looker, type LookerOptions } from '../../lib/share/looker.ts';
import { ManualClock } from '../support/manual-clock.ts';

/** A file of 2 MiB, as it was read. */
export const SEEN = { type: 'file', size: 2 ** 21, id: 'a'.repeat(64), mtimeMs: 1, isExecutable: false } as const;

/** A looker of a spec that says only what matters to it: nothing is held, and nothing bad may happen. */
export function makeLooker(overrides: Partial<LookerOptions>): Looker {
  return new Looker({
    look: async (paths) => lookOf({ regions: paths }),
    reader: { read: () => Promise.reject(new Error('nothing large is to be read')), readMany: async () => [] },
    clock: new ManualClock(),
    isCurrent: () => true,
    unchanged: () => undefined,
    keeper: { together: (work) => work(), assertInPlace: () => undefined },
    onReading: () => undefined,
    onFound: fail,
    onTaken: fail,
    onLook: () => undefined,
    onEnd: fail,
    onUnreadable: fail,
    ...overrides,
  });
}

/** What somebody saw: nothing new, apart from this. */
export function lookOf(overrides: Partial<Look>): Look {
  return { gone: [], stillGone: (paths) => paths, found: [], left: [], regions: [], asked: new Map(), ...overrides };
}

/** A file that is new; of 2 MiB, if nothing else is said. */
export function fileAt(path: string, { stamp = 'new', size = 2 ** 21 } = {}): Extract<Sighting, { kind: 'file' }> {
  return { kind: 'file', path, where: `/${path}`, stamp, size, mtimeMs: 1, isExecutable: false };
}
