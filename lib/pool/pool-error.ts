import { CodedError, codeOf, messageOf } from '../base/coded-error.ts';

/** E_WORKER: a worker ended while a job was with it · E_JOB: a handler threw · E_CLOSED: the pool was closed. */
export type PoolErrorCode = 'E_WORKER' | 'E_JOB' | 'E_CLOSED';

/** A failure of a pool, not of the work given to it. */
export class PoolError extends CodedError<PoolErrorCode> {
  override readonly name: string = 'PoolError';
}

/** What a handler threw is a fault of the handler, and would be thrown again: whatever may pass is a result. */
export function jobError(name: string, cause: unknown): PoolError {
  return new PoolError('E_JOB', `${name} failed: ${codeOf(cause) ?? messageOf(cause)}`, { cause });
}
