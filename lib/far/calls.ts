import type { Clock } from '../base/clock.ts';
import { delayBefore } from '../base/retry.ts';
import { fromPlain, TransferError } from '../transfer/transfer-error.ts';
import type { Batch } from './batch.ts';
import { brokenAt, type Call, nextTry } from './call.ts';
import { CallQueue } from './call-queue.ts';
import { classOfJob } from './failure-class.ts';
import { retryRules } from './retry-rules.ts';
import type { Errand, Outcome } from './transfer-jobs.ts';

/** The calls that have not come to their end: those that wait, and what becomes of those that were tried. */
export class Calls {
  readonly queue = new CallQueue();
  readonly #errand: Errand;
  readonly #clock: Clock;
  readonly #random: () => number;
  #isClosed = false;
  /** Is what is under way broken off, since it was given so much time and no more? */
  #isLate = false;

  /** @param random a number from 0 to 1 */
  constructor(errand: Errand, clock: Clock, random: () => number) {
    this.#errand = errand;
    this.#clock = clock;
    this.#random = random;
  }

  /** Refuse what waits, and try nothing again from now on. */
  close(): void {
    this.#isClosed = true;
    for (const call of this.queue.takeAll()) this.#refuse(call);
  }

  /** What fails from now on was broken off. */
  breakOff(): void {
    this.#isLate = true;
  }

  /** A try of it has come to its end. */
  settle(call: Call, outcome: Outcome): void {
    if (outcome.ok) call.resolve(outcome.value);
    else if (classOfJob(outcome.error) !== 'transient') call.reject(fromPlain(outcome.error));
    else this.tryLater(brokenAt(call, outcome.broken), fromPlain(outcome.error));
  }

  /** Within the budget of tries, and behind the others, so that one bad file holds up nobody. */
  tryLater(call: Call, lastError: TransferError): void {
    const rules = retryRules(this.#errand);
    const again = nextTry(call, lastError);
    const delayMs = delayBefore(again.job.attempt, rules, this.#random);
    if (this.#isLate) call.reject(lateError(lastError));
    else if (this.#isClosed || again.job.attempt > rules.attempts) call.reject(lastError);
    else this.queue.pushLater(again, this.#clock.now() + delayMs);
  }

  /** They were taken and not begun, or it does not count. */
  putBack(calls: readonly Call[]): void {
    if (this.#isClosed) for (const call of calls) this.#refuse(call);
    else this.queue.putBack(calls);
  }

  /** A worker is done with all that it has heard of. */
  endOf(batch: Batch): void {
    this.queue.learnFrom(batch, this.#clock.now());
    this.putBack([...batch.open.values()]);
  }

  /** No connection will be opened: all that waits fails, and with an error that says that the rest would, too. */
  giveUp({ code, message, retry, reply }: TransferError): void {
    const fatal = new TransferError(code, message, { retry, fatal: true, ...(reply === undefined ? {} : { reply }) });
    for (const call of this.queue.takeAll()) call.reject(fatal);
  }

  /** What a call is refused with that comes too late. */
  closedError(): TransferError {
    const { host } = this.#errand.site;
    return new TransferError('E_CLOSED', `The connections to ${host} were closed before this was begun`);
  }

  /** Only a call that no worker ever began was surely not done. */
  #refuse(call: Call): void {
    call.reject(call.lastError ?? this.closedError());
  }
}

/** How it ended says nothing about it: we ended it. */
function lateError(cause: TransferError): TransferError {
  const { code, retry } = cause;
  return new TransferError(code, 'Broken off, since it took longer than it was given to end', { retry, cause });
}
