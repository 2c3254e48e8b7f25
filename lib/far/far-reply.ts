import type { FTPResponse } from 'basic-ftp';

/** An answer of the server, refusals included. */
export type Reply = FTPResponse;

/** Is this answer a success (2yz, RFC 959 section 4.2.1)? */
export function done(reply: Reply): boolean {
  return reply.code >= 200 && reply.code < 300;
}
