import { fileURLToPath } from 'node:url';
import type { Contestant } from './contestant.ts';

const PROGRAM = fileURLToPath(new URL('basic-ftp-program.js', import.meta.url));

/** What a day's work with the package basic-ftp gives: one file after the other on each of the connections. */
export function basicFtp(connections: number): Contestant {
  return {
    name: `basic-ftp ${connections}`,
    party: 'basic-ftp',
    runsOnce: false,
    command: ({ site, near, far }) => ({
      words: [process.execPath, PROGRAM, JSON.stringify({ ...site, password: '' }), near, far, String(connections)],
      env: { FTP_PASSWORD: site.password },
    }),
  };
}
