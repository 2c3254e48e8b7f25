import { isMainThread, threadId } from 'node:worker_threads';
import workerpool from 'workerpool';
import type { JobContract, JobService } from './jobs.ts';

/**
 * The child's half of a pool: offer a service's jobs to the parent. Called by worker entries, and by nothing else.
 *
 * In a child process the signals of a terminal or a service manager are ignored: they reach the whole group, and it is
 * the parent that decides what is finished first. When the parent is gone, the child ends by itself.
 */
export function serveJobs<Contract extends JobContract, News>(service: JobService<Contract, News>): void {
  if (isMainThread) {
    process.on('SIGINT', ignore);
    process.on('SIGTERM', ignore);
  }
  const { handlers, close } = service(isMainThread ? `${process.pid}` : `thread ${threadId}`);
  const tell = (news: News) => workerpool.workerEmit(news);
  const methods: Record<string, (argument: never) => Promise<unknown>> = {};
  for (const name of Object.keys(handlers)) {
    methods[name] = (argument) => handlers[name as keyof Contract](argument, tell);
  }
  workerpool.worker(methods, { onTerminate: close });
}

function ignore(): void {
  // The parent decides.
}
