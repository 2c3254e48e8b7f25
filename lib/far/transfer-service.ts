import type { JobService } from '../pool/jobs.ts';
import { toPlain } from '../transfer/transfer-error.ts';
import { classOfJob } from './failure-class.ts';
import { NewsBuffer } from './news-buffer.ts';
import { TalkToFtp } from './talk-to-ftp.ts';
import type {
  Errand,
  NoConnection,
  Outcome,
  TransferBatch,
  TransferJob,
  TransferJobs,
  TransferNews,
} from './transfer-jobs.ts';

/**
 * The doing side of {@link TransferJobs}: it logs in once and keeps its connection from batch to batch.
 *
 * It tries everything once. What is tried again, when and by whom is for the parent to decide, who sees all workers.
 */
export const transferService: JobService<TransferJobs, TransferNews> = (worker) => {
  let talk: TalkToFtp | undefined;

  function talkFor({ site, rules, tls }: Errand): TalkToFtp {
    talk ??= new TalkToFtp({ site, rules, ...(tls ? { tls } : {}) }, { worker });
    return talk;
  }

  return {
    handlers: { transfer: (batch, tell) => transfer(talkFor(batch), batch, tell) },
    close: async () => talk?.disconnect(),
    abandon: () => talk?.abandon(),
  };
};

async function transfer(
  talk: TalkToFtp,
  { jobs }: TransferBatch,
  tell: (news: TransferNews) => void,
): Promise<NoConnection | null> {
  const news = new NewsBuffer(tell);
  talk.events.on('start', (of) => news.push({ event: 'start', of }));
  talk.events.on('progress', (of) => news.push({ event: 'progress', of }));
  talk.events.on('end', (of) => news.push({ event: 'end', of }));
  talk.events.on('note', (of) => news.push({ event: 'note', of }));
  talk.onConnection = (isOpen) => {
    news.push({ event: 'connection', isOpen });
    // Should this process end now, the parent must know whether it was the server or the job that it ended with.
    news.flush();
  };
  try {
    for (const job of jobs) {
      const without = await doOne(talk, job, news);
      if (without) return without;
    }
    return null;
  } finally {
    talk.events.removeAllListeners();
    news.flush();
  }
}

async function doOne(talk: TalkToFtp, job: TransferJob, news: NewsBuffer): Promise<NoConnection | undefined> {
  const opened = await outcomeOf(() => talk.open());
  if (!opened.ok) return { error: opened.error };
  const outcome = await outcomeOf(() => talk.attempt(job));
  if (!outcome.ok && classOfJob(outcome.error) === 'capacity') return { error: outcome.error, begun: job.job };
  news.push({ event: 'outcome', job: job.job, outcome: withBrokenTry(outcome, talk, job) });
  return undefined;
}

/** The next try may be another worker's: it has to know how far this one got. */
function withBrokenTry(outcome: Outcome, talk: TalkToFtp, { kind, path }: TransferJob): Outcome {
  if (outcome.ok || kind !== 'upload') return outcome;
  const broken = talk.brokenTry(path);
  return broken ? { ...outcome, broken } : outcome;
}

async function outcomeOf<Value>(work: () => Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: toPlain(error) };
  }
}
