import { fileURLToPath } from 'node:url';
import type { Contestant, Site } from './contestant.ts';

const PROGRAM = fileURLToPath(new URL('basic-ftp-program.js', import.meta.url));

/** What a day's work with the package basic-ftp gives: one file after the other on each of the connections. */
export function basicFtp(connections: number): Contestant {
  return {
    name: `basic-ftp ${connections}`,
    party: 'basic-ftp',
    runsOnce: false,
    command: ({ site, near, far }) => ({
      words: [process.execPath, PROGRAM, near, far, String(connections), ...placeOf(site)],
      env: { FTP_PASSWORD: site.password },
    }),
  };
}

function placeOf({ host, port, user, certificate }: Site): readonly string[] {
  return [host, String(port), user, ...(certificate === undefined ? [] : [certificate])];
}
