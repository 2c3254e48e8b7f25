import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../documents/pages.ts';
import type { Contestant } from './contestant.ts';

const PROGRAM = join(repository, 'bin/share.js');

/** Our own, as users start it. */
export function ours(encryption: 'yes' | 'no'): Contestant {
  return {
    isTold: false,
    mostRounds: Number.POSITIVE_INFINITY,
    missing: () => (existsSync(PROGRAM) ? undefined : 'there is no bin/share.js'),
    prepare: () => undefined,
    command({ address, share, state }, peers) {
      const others = peers.map((peer) => peer.address).filter((other) => other !== address);
      // A folder of its own: that of the state may not hold other things, such as what the program says.
      const place = ['--bind', address, '--share', share, '--state', join(state, 'left')];
      return { words: [process.execPath, PROGRAM, '--ip', others.join(','), '--encryption', encryption, ...place] };
    },
  };
}
