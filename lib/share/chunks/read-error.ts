import { CodedError } from '../../base/coded-error.ts';

/**
 * Why a file of the share was not read.
 *
 * E_CHANGED: it was changed meanwhile · E_UNREADABLE: it is there, but cannot be read, or is no file · E_VANISHED: it is not
 * there any more
 */
export type ReadErrorCode = 'E_CHANGED' | 'E_UNREADABLE' | 'E_VANISHED';

/** A file of the share was not read. */
export class ReadError extends CodedError<ReadErrorCode> {
  override readonly name: string = 'ReadError';
}

/**
 * Why a file was not read, without where it lies: people are told its path in the share.
 *
 * @param where for the system
 */
export function reasonIn({ message }: ReadError, where: string): string {
  const text = message.startsWith(`${where} `) ? message.slice(where.length + 1) : message;
  return text.replace(/^cannot be read: /, '').replace(/^is /, 'it is ');
}
