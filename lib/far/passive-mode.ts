import { isIPv6 } from 'node:net';
import { type FTPContext, FTPError, type FTPResponse } from 'basic-ftp';
import { parseExtendedPassive, parsePassive } from '../ftp/address.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { openDataConnection } from './data-connection.ts';
import type { PassiveCommand } from './transfer-jobs.ts';

// What swallows the port of EPSV is a firewall that reads FTP and knows only PASV. TCP itself asks four times in this time,
// and a whole timeout of the user's would be lost on every worker's first file.
const TRIAL_MS = 10_000;

/**
 * How data connections are opened: EPSV, and PASV where that is refused or leads nowhere. What worked is remembered for
 * all connections it is used with.
 *
 * EPSV goes first since it works over IPv6, too, and has no address in it that could be wrong.
 */
export class PassiveMode {
  readonly #wanted: PassiveCommand | undefined;
  #known: PassiveCommand | undefined;

  /** @param wanted the only one to be used, where the user says so */
  constructor(wanted?: PassiveCommand) {
    this.#wanted = wanted;
  }

  /** The way that has worked, or `undefined`. */
  get known(): PassiveCommand | undefined {
    return this.#known;
  }

  /**
   * Ask for a data connection and open it.
   *
   * @returns what the server answered
   * @throws FTPError when the server refuses, TransferError E_DATA when its port cannot be reached
   */
  async prepare(ftp: FTPContext): Promise<FTPResponse> {
    const only = this.#wanted ?? (this.#known === 'PASV' ? 'PASV' : undefined);
    if (only === undefined) return this.#prepareEither(ftp);
    try {
      const reply = await passive(ftp, only, ftp.timeout);
      this.#known = only;
      return reply;
    } catch (error) {
      // The site may have moved to another server since; a connection that broke, or was one too many, says nothing of it.
      if (!ftp.closed && !isFull(error)) this.#known = undefined;
      throw error;
    }
  }

  async #prepareEither(ftp: FTPContext): Promise<FTPResponse> {
    try {
      const reply = await passive(ftp, 'EPSV', this.#known ? ftp.timeout : Math.min(TRIAL_MS, ftp.timeout));
      this.#known = 'EPSV';
      return reply;
    } catch (error) {
      if (ftp.closed || isFull(error)) throw error;
      return await this.#prepareInstead(ftp, error);
    }
  }

  async #prepareInstead(ftp: FTPContext, refusal: unknown): Promise<FTPResponse> {
    try {
      const reply = await passive(ftp, 'PASV', ftp.timeout);
      // ProFTPD refuses an EPSV now and then (425 Address already in use): that says nothing about the next one.
      if (this.#known === undefined && !isForNow(refusal)) this.#known = 'PASV';
      return reply;
    } catch (error) {
      // Why the better way failed is what helps, unless this was worse for the connection.
      throw ftp.closed || isFull(error) ? error : refusal;
    }
  }
}

async function passive(ftp: FTPContext, command: PassiveCommand, timeoutMs: number): Promise<FTPResponse> {
  const host = ftp.socket.remoteAddress ?? '';
  const reply = await ftp.request(command);
  try {
    await openDataConnection(ftp, portIn(reply, command), timeoutMs);
    return reply;
  } catch (error) {
    if (command === 'EPSV' || !isIPv6(host) || !(error instanceof TransferError)) throw error;
    const { code, message, retry } = error;
    throw new TransferError(code, `${message}. PASV is for IPv4, but the server was reached over IPv6`, {
      retry,
      cause: error,
    });
  }
}

/**
 * The port in an answer. What address PASV tells beside it is never believed.
 *
 * @throws TransferError E_DATA when there is none
 */
export function portIn({ message }: FTPResponse, command: PassiveCommand): number {
  try {
    return command === 'EPSV' ? parseExtendedPassive(message) : parsePassive(message).port;
  } catch (cause) {
    throw new TransferError('E_DATA', `No data connection: the server answered ${command} with ${message}`, {
      retry: true,
      cause,
    });
  }
}

function isFull(error: unknown): boolean {
  return error instanceof FTPError && error.code === 421;
}

function isForNow(error: unknown): boolean {
  return error instanceof FTPError && error.code < 500;
}
