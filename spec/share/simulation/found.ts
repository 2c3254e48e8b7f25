import type { Story } from './world.ts';

/** Stories in which something once went wrong, by when that was. */
export const found: Readonly<Record<string, Story>> = {
  'when one is back from a backup of which another one has some of what it told, and has not dealt with the first of it':
    {
      peers: 2,
      seed: 2081093014,
      skews: [],
      steps: [
        { kind: 'write', peer: 0, path: 1 },
        { kind: 'write', peer: 0, path: 0 },
        { kind: 'write', peer: 0, path: 0 },
        { kind: 'look', peer: 0 },
        { kind: 'go', turns: 11 },
        { kind: 'remove', peer: 0, path: 1 },
        { kind: 'go', turns: 3 },
        { kind: 'crash', peer: 0, how: 'backup' },
        { kind: 'write', peer: 0, path: 0 },
      ],
    },
};
