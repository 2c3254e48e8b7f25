import { join } from 'node:path';
import { repository } from '../../documents/pages.ts';
import type { Command, Contestant, Task } from './contestant.ts';

const PROGRAM = join(repository, 'bin/mirror.js');

/** This project's mirror, started as users start it: it checks sizes, sets times, and lets nobody see half a file. */
export function ours(connections: number): Contestant {
  return {
    name: 'ours',
    party: 'ours',
    runsOnce: false,
    command: (task) => oursFor(task, connections, ['--once']),
  };
}

/** The command line of the mirror, with more words at its end. */
export function oursFor(
  { site, near, far, removes, home }: Task,
  connections: number,
  more: readonly string[],
): Command {
  const scheme = site.certificate === undefined ? 'ftp' : 'ftpes';
  const trust = site.certificate === undefined ? [] : ['--tls-ca', site.certificate];
  const guards = removes ? ['--allow-empty', '--max-delete', '100%'] : [];
  const address = `${scheme}://${site.user}@${site.host}:${site.port}/${far}`;
  const words = [PROGRAM, address, near, '20', '1', ...several(connections), ...trust, ...guards, ...more];
  return {
    words: [process.execPath, ...words, '--state-dir', join(home, 'state')],
    env: { FTP_PASSWORD: site.password, HOME: home },
  };
}

// The one place that knows how many connections are asked for.
function several(connections: number): readonly string[] {
  return ['--multi', `P${connections}`];
}
