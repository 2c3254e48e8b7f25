import { isMainThread, threadId } from 'node:worker_threads';
import workerpool from 'workerpool';
import type { JobContract, JobService } from './jobs.ts';
import type { Round } from './round.ts';
import { RoundServer } from './round-server.ts';

const LEFT_TO_THE_PARENT = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The child's half of a pool: offer a service's jobs to the parent. Called by worker entries, and by nothing else.
 *
 * In a child process the signals of a terminal or a service manager are ignored: they reach the whole group, and it is
 * the parent that decides what is finished first. When the parent is gone, the child ends by itself.
 */
export function serveJobs<Contract extends JobContract, News, Word>(service: JobService<Contract, News, Word>): void {
  if (isMainThread) for (const signal of LEFT_TO_THE_PARENT) process.on(signal, ignore);
  const here = isMainThread ? `${process.pid}` : `thread ${threadId}`;
  const server = new RoundServer({
    service,
    nameOf: (lane, lanes) => (lanes === 1 ? here : `${here}/${lane + 1}`),
    assertPortable: isMainThread ? JSON.stringify : structuredClone,
  });
  const methods = { round: (round: Round) => server.answer(round) };
  workerpool.worker(methods, { onTerminate: () => end(() => server.close()) });
}

function end(close: () => Promise<void>): Promise<void> {
  // From here on SIGTERM is the parent's, which has waited long enough.
  if (isMainThread) process.off('SIGTERM', ignore);
  return close();
}

function ignore(): void {
  // The parent decides.
}
