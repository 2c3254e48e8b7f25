import type { JobService } from '../pool/jobs.ts';
import { toPlain } from '../transfer/transfer-error.ts';
import { NewsBuffer } from './news-buffer.ts';
import { TalkToFtp } from './talk-to-ftp.ts';
import type {
  Errand,
  Outcome,
  TransferBatch,
  TransferJob,
  TransferJobs,
  TransferNews,
  TransferValue,
} from './transfer-jobs.ts';

/** The doing side of {@link TransferJobs}: it logs in once and keeps its connection from batch to batch. */
export const transferService: JobService<TransferJobs, TransferNews> = (worker) => {
  let talk: TalkToFtp | undefined;

  function talkFor({ site, rules, tls }: Errand): TalkToFtp {
    talk ??= new TalkToFtp({ site, rules, ...(tls ? { tls } : {}) }, { worker });
    return talk;
  }

  return {
    handlers: {
      connect: (errand) => outcomeOf(() => talkFor(errand).connect()),
      transfer: (batch, tell) => transfer(talkFor(batch), batch, tell),
    },
    close: async () => talk?.disconnect(),
  };
};

async function transfer(talk: TalkToFtp, { jobs }: TransferBatch, tell: (news: TransferNews) => void): Promise<null> {
  const news = new NewsBuffer(tell);
  talk.events.on('start', (of) => news.push({ event: 'start', of }));
  talk.events.on('progress', (of) => news.push({ event: 'progress', of }));
  talk.events.on('end', (of) => news.push({ event: 'end', of }));
  talk.events.on('note', (of) => news.push({ event: 'note', of }));
  try {
    for (const job of jobs) {
      news.push({ event: 'outcome', job: job.job, outcome: await outcomeOf(() => perform(talk, job)) });
    }
    return null;
  } finally {
    talk.events.removeAllListeners();
    news.flush();
  }
}

function perform(talk: TalkToFtp, job: TransferJob): Promise<TransferValue> {
  return talk.perform(job);
}

async function outcomeOf(work: () => Promise<TransferValue>): Promise<Outcome> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: toPlain(error) };
  }
}
