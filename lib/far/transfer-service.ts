import { EventEmitter } from 'node:events';
import type { JobService, Talk } from '../pool/jobs.ts';
import type { TransferEvents } from '../transfer/progress.ts';
import { doJobs } from './do-jobs.ts';
import { FarSession } from './far-session.ts';
import { JobNews } from './job-news.ts';
import type { NoConnection, TransferBatch, TransferEvent, TransferJobs, TransferWord } from './transfer-jobs.ts';

/** The way to the parent and back, and how it comes to know something at once. */
interface Parent extends Talk<TransferEvent, TransferWord> {
  readonly hurry: () => void;
}

/**
 * The doing side of {@link TransferJobs}: it logs in once and keeps its connection from batch to batch.
 *
 * It tries everything once. What is tried again, when and by whom is for the parent to decide, who sees all workers.
 */
export const transferService: JobService<TransferJobs, TransferEvent, TransferWord> = (worker, hurry) => {
  const events = new EventEmitter<TransferEvents>();
  let session: FarSession | undefined;
  return {
    handlers: {
      transfer: ({ jobs, ...errand }, talk) => {
        session ??= new FarSession(errand, { events, worker });
        return transfer(session, events, jobs, { ...talk, hurry });
      },
      leave: async () => {
        session?.close();
        session = undefined;
        return null;
      },
    },
    close: async () => session?.close(),
    abandon: () => session?.abandon(),
  };
};

async function transfer(
  session: FarSession,
  events: EventEmitter<TransferEvents>,
  jobs: TransferBatch['jobs'],
  { tell, hear, hurry }: Parent,
): Promise<NoConnection | null> {
  const news = new JobNews(events, tell);
  const waiting = [...jobs];
  hear((more) => waiting.push(...more));
  session.onConnection = (isOpen) => {
    tell({ event: 'connection', isOpen });
    // Should this process end now, the parent must know whether it was the server or the job that it ended with.
    hurry();
  };
  try {
    return await doJobs(waiting, { session, settle: (job, outcome) => news.settle(job, outcome) });
  } finally {
    news.close();
  }
}
