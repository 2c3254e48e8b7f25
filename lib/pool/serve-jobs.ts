import { isMainThread, threadId } from 'node:worker_threads';
import workerpool from 'workerpool';
import { codeOf, messageOf } from '../base/coded-error.ts';
import { BEAT_MS, type ChildMessage } from './child-messages.ts';
import { doJob } from './do-job.ts';
import type { JobContract, JobService } from './jobs.ts';

const LEFT_TO_THE_PARENT = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The child's half of a pool: offer a service's jobs to the parent. Called by worker entries, and by nothing else.
 *
 * In a child process the signals of a terminal or a service manager are ignored: they reach the whole group, and it is
 * the parent that decides what is finished first. When the parent is gone, the child ends by itself.
 */
export function serveJobs<Contract extends JobContract, News>(service: JobService<Contract, News>): void {
  if (isMainThread) for (const signal of LEFT_TO_THE_PARENT) process.on(signal, ignore);
  const { handlers, close } = service(isMainThread ? `${process.pid}` : `thread ${threadId}`);
  const tell = (message: ChildMessage<News>) => workerpool.workerEmit(message);
  const methods: Record<string, (argument: never) => Promise<unknown>> = {};
  for (const name of Object.keys(handlers)) {
    methods[name] = async (argument) => {
      const beat = setInterval(() => tell({ alive: true }), BEAT_MS);
      try {
        return await doJob(handlers[name as keyof Contract], argument, (news: News) => tell({ news }));
      } catch (error) {
        throw portable(error);
      } finally {
        clearInterval(beat);
      }
    };
  }
  workerpool.worker(methods, { onTerminate: () => end(close) });
}

function end(close: () => Promise<void>): Promise<void> {
  // From here on SIGTERM is the parent's, which has waited long enough.
  if (isMainThread) process.off('SIGTERM', ignore);
  return close();
}

/**
 * An error that surely crosses the border: a cause may hold a socket, which is no JSON, and would end the child; a thrown
 * text arrives without a message, and a thrown `''` as a success.
 */
function portable(error: unknown): Error {
  const code = codeOf(error);
  const { stack } = error instanceof Error ? error : new Error();
  return Object.assign(new Error(messageOf(error)), { stack }, code === undefined ? {} : { code });
}

function ignore(): void {
  // The parent decides.
}
