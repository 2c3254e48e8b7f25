import type { EventEmitter } from 'node:events';
import type { Clock } from '../base/clock.ts';
import type { JobStart, TransferEvents } from '../transfer/progress.ts';
import { toPlain } from '../transfer/transfer-error.ts';
import { Moved } from './moved.ts';
import type { TransferJob, TransferValue } from './transfer-jobs.ts';

/** Who does a job, and whom it is told to. */
export interface Teller {
  readonly events: EventEmitter<TransferEvents>;
  readonly clock: Clock;
  /** How the log names who does the work. */
  readonly worker: string;
}

/** Do a job and tell its start and its end, however it ends. Of mere questions nothing is told. */
export async function tellOfJob(
  { job, kind, path, attempt }: TransferJob,
  work: (moved: Moved) => Promise<TransferValue>,
  { events, clock, worker }: Teller,
): Promise<TransferValue> {
  const moved = new Moved();
  if (kind === 'connect' || kind === 'list' || kind === 'keepsTimes') return work(moved);
  const at = clock.now();
  const begun: JobStart = { job, kind, path, worker, attempt, at };
  events.emit('start', begun);
  try {
    const value = await work(moved);
    events.emit('end', { ...begun, ...moved.told, tookMs: clock.now() - at });
    return value;
  } catch (error) {
    events.emit('end', { ...begun, ...moved.told, tookMs: clock.now() - at, error: toPlain(error) });
    throw error;
  }
}
