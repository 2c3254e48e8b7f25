import { NOTHING_INCOMING } from '../../../lib/share/desk/incoming.ts';
import type { Problem, ShareStatus } from '../../../lib/share/desk/share-desk.ts';
import { statusLines } from '../../../lib/share/desk/status-lines.ts';

const STATUS: ShareStatus = {
  ...{ isRunning: true, sinceMs: 0, share: '/s', device: null, files: 0, folders: 0, bytes: 0 },
  ...{ isLookedThrough: true, peers: [], copies: [], incoming: NOTHING_INCOMING, conflicts: 0 },
  ...{ waiting: [], failed: [], leftOut: [] },
};

function problems(reason: string, ...paths: readonly string[]): readonly Problem[] {
  return [{ reason, entries: paths.length, paths }];
}

describe('statusLines', () => {
  it('tell for each reason how many entries are left out, and the first of them', () => {
    const leftOut = [
      ...problems('it cannot be read: there is no permission', 'a', 'b'),
      { reason: 'it is a pipe, a socket or a device', entries: 500, paths: ['1', '2', '3', '4', '5'] },
    ];
    expect(statusLines({ ...STATUS, leftOut }).slice(2)).toEqual([
      'Left out : 2 entries, it cannot be read: there is no permission: a, b',
      'Left out : 500 entries, it is a pipe, a socket or a device: 1, 2, 3, and 497 more',
    ]);
  });

  it('tell what waits, and what failed', () => {
    const waiting = problems('others come first', 'a');
    const failed = problems('the disk is full', 'new\nline');
    expect(statusLines({ ...STATUS, waiting, failed }).slice(2)).toEqual([
      'Waiting : 1 entry, others come first: a',
      'Failed  : 1 entry, the disk is full: new\\x0Aline',
    ]);
  });

  it('are no more than a screen holds, however many reasons there are', () => {
    const failed = Array.from({ length: 25 }, (_, number) => problems(`reason ${number}`, 'a')).flat();
    const lines = statusLines({ ...STATUS, failed });
    expect(lines.length).toBe(2 + 20 + 1);
    expect(lines.at(-1)).toBe('Failed  : and for 5 other reasons');
  });
});
