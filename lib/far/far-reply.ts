import type { FTPResponse } from 'basic-ftp';
import { parseTime } from '../ftp/time.ts';

/** An answer of the server, refusals included. */
export type Reply = FTPResponse;

/** Is this answer a success (2yz, RFC 959 section 4.2.1)? */
export function done(reply: Reply): boolean {
  return reply.code >= 200 && reply.code < 300;
}

/** The time in a reply to MDTM, in milliseconds since 1970 (UTC). */
export function timeIn(reply: Reply | undefined): number | undefined {
  return parseTime(/^213 (\S+)/.exec(reply?.message ?? '')?.[1] ?? '');
}
