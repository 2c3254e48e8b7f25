import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contestant, PeerPlace } from './contestant.ts';
import { missingProgram } from './missing-program.ts';

const PORT = '20873';

// The shell stays, so that what it had rsync do is in its own processor time.
const FETCH = 'while read -r line; do rsync "$@"; echo $? >&3; done';

/** rsync's daemon, and an rsync that fetches from it when it is told to: it finds nothing by itself, and encrypts nothing. */
export const rsync: Contestant = {
  isTold: true,
  mostRounds: Number.POSITIVE_INFINITY,
  missing: () => missingProgram('rsync', 'apt-get install rsync'),
  prepare([source]) {
    if (source !== undefined) writeFileSync(settingsOf(source), daemonSettings(source));
  },
  command(peer, [source = peer]) {
    if (peer === source) {
      const place = [`--config=${settingsOf(peer)}`, `--address=${peer.address}`, `--port=${PORT}`];
      return { words: ['rsync', '--daemon', '--no-detach', ...place] };
    }
    const from = `rsync://${source.address}:${PORT}/share/`;
    return { words: ['sh', '-c', FETCH, 'fetch', '--archive', from, `${peer.share}/`], reads: true };
  },
};

/** Started by root it would become nobody, who may not read what root has put there. */
export function daemonSettings({ share, state }: Pick<PeerPlace, 'share' | 'state'>): string {
  const files = [`pid file = ${join(state, 'pid')}`, `log file = ${join(state, 'log')}`];
  const rights = ['use chroot = no', 'uid = root', 'gid = root', 'read only = yes'];
  return [...files, ...rights, '[share]', `path = ${share}`, ''].join('\n');
}

function settingsOf({ state }: PeerPlace): string {
  return join(state, 'rsyncd.conf');
}
