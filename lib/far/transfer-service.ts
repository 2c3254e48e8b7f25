import { EventEmitter } from 'node:events';
import type { JobService } from '../pool/jobs.ts';
import type { TransferEvents } from '../transfer/progress.ts';
import { doJobs } from './do-jobs.ts';
import { FarSession } from './far-session.ts';
import { NewsBuffer } from './news-buffer.ts';
import type { NoConnection, TransferBatch, TransferJobs, TransferNews } from './transfer-jobs.ts';

/**
 * The doing side of {@link TransferJobs}: it logs in once and keeps its connection from batch to batch.
 *
 * It tries everything once. What is tried again, when and by whom is for the parent to decide, who sees all workers.
 */
export const transferService: JobService<TransferJobs, TransferNews> = (worker) => {
  const events = new EventEmitter<TransferEvents>();
  let session: FarSession | undefined;
  return {
    handlers: {
      transfer: ({ jobs, ...errand }, tell) => {
        session ??= new FarSession(errand, { events, worker });
        return transfer(session, events, jobs, tell);
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
  tell: (news: TransferNews) => void,
): Promise<NoConnection | null> {
  const news = new NewsBuffer(tell);
  events.on('start', (of) => news.push({ event: 'start', of }));
  events.on('progress', (of) => news.push({ event: 'progress', of }));
  events.on('end', (of) => news.push({ event: 'end', of }));
  events.on('note', (of) => news.push({ event: 'note', of }));
  session.onConnection = (isOpen) => {
    news.push({ event: 'connection', isOpen });
    // Should this process end now, the parent must know whether it was the server or the job that it ended with.
    news.flush();
  };
  try {
    return await doJobs(session, jobs, (job, outcome) => news.push({ event: 'outcome', job, outcome }));
  } finally {
    events.removeAllListeners();
    news.flush();
  }
}
