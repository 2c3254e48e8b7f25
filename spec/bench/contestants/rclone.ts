import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Contestant, Site, Task } from './contestant.ts';

/** rclone: it lists a folder after every file that it sends, and is slow and steady. */
export function rclone(connections: number): Contestant {
  return {
    name: `rclone ${connections}`,
    party: 'rclone',
    runsOnce: true,
    prepare: ({ site, home }) => writeFileSync(configuration(home), configurationFor(site), { mode: 0o600 }),
    command: (task) => command(task, connections),
  };
}

// --check-first and one more connection: otherwise it takes twice as many.
function command({ near, far, home }: Task, connections: number): Command {
  const many = ['--transfers', String(connections), '--checkers', String(connections), '--check-first'];
  const limits = ['--ftp-concurrency', String(connections + 1), '--retries', '1', '--stats', '0'];
  const words = ['--config', configuration(home), 'sync', near, `site:${far}`, ...many, ...limits];
  return { words: ['rclone', ...words, '--log-level', 'ERROR'], env: { HOME: home } };
}

function configuration(home: string): string {
  return join(home, 'rclone.conf');
}

// writing_mdtm: vsftpd has no other way to set a time; where MFMT is to be had rclone takes that.
function configurationFor({ host, port, user, password }: Site): string {
  const secret = execFileSync('rclone', ['obscure', '-'], { input: password, encoding: 'utf8' }).trim();
  const lines = ['[site]', 'type = ftp', `host = ${host}`, `port = ${port}`, `user = ${user}`, `pass = ${secret}`];
  return [...lines, 'writing_mdtm = true', ''].join('\n');
}
