import { join } from 'node:path';
import { repository } from '../../documents/pages.ts';
import { profiling } from '../profile/profiles.ts';
import type { Command, Contestant, Task } from './contestant.ts';

const PROGRAM = join(repository, 'bin/mirror.js');

/**
 * This project's mirror, started as users start it: it checks sizes, sets times, and lets nobody see half a file.
 *
 * @param mode how it runs (`--multi`); default: as it chooses
 */
export function ours(connections: number, mode?: string): Contestant {
  return {
    name: mode === undefined ? 'ours' : `ours ${mode}`,
    party: 'ours',
    runsOnce: false,
    command: (task) => oursFor(task, connections, [...modeWords(mode), '--once']),
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
  const several = ['--connections', String(connections)];
  const words = [PROGRAM, address, near, '20', '1', ...several, ...trust, ...guards, ...more];
  return {
    words: [process.execPath, ...words, '--state-dir', join(home, 'state')],
    env: { FTP_PASSWORD: site.password, HOME: home, ...profiling() },
  };
}

function modeWords(mode: string | undefined): readonly string[] {
  return mode === undefined ? [] : ['--multi', mode];
}
