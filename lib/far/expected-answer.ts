import { TransferError } from '../transfer/transfer-error.ts';
import type { Reply } from './far-reply.ts';

// What servers say when something was done to a file or a folder; 250 and 257 by the standard.
const DONE = [200, 250, 253, 257];

/** The codes of success that an answer may have, by command (RFC 959 section 5.4, RFC 2428, RFC 3659). */
const SUCCESS = {
  EPSV: [229],
  PASV: [227],
  STOR: [226, 250],
  RETR: [226, 250],
  MLSD: [226, 250],
  LIST: [226, 250],
  CWD: DONE,
  MKD: DONE,
  RMD: DONE,
  DELE: DONE,
  SIZE: [213],
  RNFR: [350],
  RNTO: DONE,
  MDTM: [213],
  // 257 by the standard. None of the commands beside it at the login is answered with either.
  PWD: [250, 257],
  PROT: [200],
  // Four commands, and servers differ in how they answer each.
  time: [200, 213, 250, 253],
} as const;

/** What an answer is an answer to. */
export type Asked = keyof typeof SUCCESS;

/** The answers do not fit to what was asked: from here on nobody knows what they mean. */
export class OutOfStep extends TransferError {
  constructor(what: string) {
    super('E_LOST', `The server answers out of order: ${what}`, { retry: true });
  }
}

/** @throws OutOfStep when an answer has no code that such a command can have */
export function assertFits(asked: Asked, reply: Reply | undefined): void {
  const codes: readonly number[] = SUCCESS[asked];
  if (reply && reply.code < 400 && !codes.includes(reply.code)) throw new OutOfStep(`${asked} with ${reply.message}`);
}

/** Make sure of it for the answers to some commands, as far as it is known what those can have. @throws OutOfStep */
export function assertAllFit(commands: readonly string[], replies: readonly Reply[]): void {
  for (const [index, command] of commands.entries()) {
    const [verb = ''] = command.split(' ', 1);
    // MDTM may also set a time, and is answered in many ways then.
    if (verb in SUCCESS && verb !== 'MDTM') assertFits(verb as Asked, replies[index]);
  }
}
