import { FTPError } from 'basic-ftp';
import { codeOf, messageOf } from '../base/coded-error.ts';
import { TransferError, type TransferErrorCode } from '../transfer/transfer-error.ts';
import { lineProblem } from './line-problem.ts';
import { isDamage, tlsProblem } from './tls-problem.ts';

const NO_ROUTE = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

// Reasons are shorter; greetings, which come along with some refusals of a login, are not.
const LONGEST_TEXT = 300;

/**
 * What a reply of 400 or more means.
 *
 * 4yz may pass, 5yz will not (RFC 959 section 4.2.1). Servers say that they are full with 421, some with 530 at login,
 * which only the text tells from a wrong password, and some with 425 for one data connection too many; and with 421 also
 * that nothing was to do for too long, or that they are about to end.
 *
 * @param doing what was asked, for the message: `Cannot make folder a/b`
 */
export function replyError(doing: string, reply: { readonly code: number; readonly message: string }): TransferError {
  const [code, retry] = classOf(reply);
  return new TransferError(code, `${doing}: the server answered ${reply.code} ${inOneLine(reply.message)}`, {
    retry,
    reply: reply.code,
  });
}

/** Whatever basic-ftp, Node or we ourselves threw, as a TransferError. A failure that is not understood may pass. */
export function farError(doing: string, error: unknown): TransferError {
  if (error instanceof TransferError) return error;
  if (error instanceof FTPError) return replyError(doing, error);
  const problem = tlsProblem(error);
  if (problem !== undefined && !isDamage(error)) {
    return new TransferError('E_TLS', `${doing}: ${problem}`, { cause: error });
  }
  const [code, retry] = classOfFailure(error);
  return new TransferError(code, `${doing}: ${problem ?? lineProblem(error)}`, { retry, cause: error });
}

function classOf({ code, message }: { readonly code: number; readonly message: string }): [TransferErrorCode, boolean] {
  if (code === 421) return [isIdle(message) || isGoingDown(message) ? 'E_LOST' : 'E_CAPACITY', true];
  if ((code === 530 || code === 425) && isFull(message)) return ['E_CAPACITY', true];
  if (code === 530) return ['E_LOGIN', false];
  // 3yz where none was expected asks for something that we do not have, an account (332) above all.
  return code < 500 && (code < 300 || code >= 400) ? ['E_BUSY', true] : ['E_REFUSED', false];
}

function isIdle(text: string): boolean {
  return /idle|inactiv|time(d |-)?out|no transfer/i.test(text);
}

function isGoingDown(text: string): boolean {
  return /shut(ting)? ?down|going down|server is closing|maintenance/i.test(text);
}

// Only where no file is named: the texts of other replies hold names of files. Too many wrong passwords are no lack of room.
function isFull(text: string): boolean {
  const isOfGuests = /\b(users?|clients?|connections?|sessions?|hosts?)\b/i.test(text);
  return isOfGuests && /too many|no more|maximum|only \d+|limit/i.test(text) && !/fail|attempt|password/i.test(text);
}

function classOfFailure(error: unknown): [TransferErrorCode, boolean] {
  const code = codeOf(error) ?? '';
  if (NO_ROUTE.has(code)) return ['E_CONNECT', true];
  return /^timeout\b/i.test(messageOf(error)) || code === 'ETIMEDOUT' ? ['E_TIMEOUT', true] : ['E_LOST', true];
}

/** The texts of all lines: which of them gives the reason differs from server to server. */
function inOneLine(message: string): string {
  const texts = message.split(/\r?\n/).map((line) => line.replace(/^\d{3}[- ]?/, '').trim());
  return texts
    .filter((text) => text !== '')
    .join(' / ')
    .slice(0, LONGEST_TEXT);
}
