import { formatTime } from '../ftp/time.ts';
import { done } from './far-reply.ts';
import type { FtpConnection } from './ftp-connection.ts';

/**
 * How a server takes the time of a file.
 *
 * MFMT is draft-somers-ftp-mfxx; vsftpd knows only `MDTM time path`; SITE UTIME exists in a form with the time first and
 * in one with three times and a zone behind the path. `none`: it cannot.
 */
export type TimeWay = 'MFMT' | 'MDTM' | 'UTIME' | 'UTIME UTC' | 'none';

// The order of the ladder: the standard's way first, and last the one whose refusals are the least clear.
const WAYS: readonly Exclude<TimeWay, 'none'>[] = ['MFMT', 'MDTM', 'UTIME', 'UTIME UTC'];

/** The way that FEAT promises, or `undefined` when only a try can tell. */
export function promisedTimeWay(connection: FtpConnection): TimeWay | undefined {
  return connection.features.has('MFMT') ? 'MFMT' : undefined;
}

/**
 * The command that sets a file's time, in whole seconds: fractions are not understood everywhere.
 *
 * @param path absolute far path
 * @param mtimeMs milliseconds since 1970 (UTC)
 */
export function timeCommand(way: Exclude<TimeWay, 'none'>, path: string, mtimeMs: number): string {
  const time = formatTime(Math.floor(mtimeMs / 1000) * 1000);
  switch (way) {
    case 'MFMT':
      return `MFMT ${time} ${path}`;
    case 'MDTM':
      return `MDTM ${time} ${path}`;
    case 'UTIME':
      return `SITE UTIME ${time} ${path}`;
    case 'UTIME UTC':
      return `SITE UTIME ${path} ${time} ${time} ${time} UTC`;
  }
}

/**
 * Set the time of an existing file by trying one way after another.
 *
 * @returns the first way the server took
 */
export async function findTimeWay(connection: FtpConnection, path: string, mtimeMs: number): Promise<TimeWay> {
  for (const way of WAYS) {
    if (done(await connection.ask(timeCommand(way, path, mtimeMs)))) return way;
  }
  return 'none';
}
