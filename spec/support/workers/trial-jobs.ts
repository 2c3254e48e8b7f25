import { appendFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { CodedError } from '../../../lib/base/coded-error.ts';
import type { JobService } from '../../../lib/pool/jobs.ts';

/** Ways in which a job fails. */
export const failures = ['error', 'code', 'text', 'nothing', 'empty text', 'circle', 'at once'] as const;

/** Jobs that each show one thing a pool must cope with. */
export type TrialJobs = {
  /** Gives back what it gets. */
  echo: (value: unknown) => unknown;
  /** Its own process id, and what the pool calls its worker. */
  who: (argument: null) => { readonly pid: number; readonly worker: string };
  /** The whole environment. */
  environment: (argument: null) => Readonly<Record<string, string | undefined>>;
  /** Tells each of the news, and gives back how many there were. */
  tell: (news: readonly string[]) => number;
  /** Tells something only when its result is on its way already. */
  tellTooLate: (news: string) => null;
  fail: (how: (typeof failures)[number]) => null;
  /** Gives back what is no JSON. */
  strange: (argument: null) => unknown;
  /** Ends its process or thread. */
  exit: (status: number) => null;
  /** Fills the memory until its process ends for want of it. */
  eat: (argument: null) => null;
  /** Tells each word that it hears until it hears a certain one, and gives back how many those were. */
  repeat: (last: string) => number;
  /** Connects to a port of this machine and is done when the connection ends. */
  hold: (port: number) => 'released';
  /** What its service shall do when it is closed: add a line to a file, or nothing for ever. */
  atClose: (what: { readonly file?: string; readonly hang?: boolean }) => null;
};

/** What is said to a job of {@link TrialJobs}. */
export type TrialWord = string;

/** News of {@link TrialJobs}. */
export type TrialNews = string;

/** The doing side of {@link TrialJobs}. */
export const trialService: JobService<TrialJobs, TrialNews, TrialWord> = (worker) => {
  const connections = new Set<Socket>();
  let plan: { readonly file?: string; readonly hang?: boolean } = {};
  return {
    handlers: {
      echo: async (value) => value,
      who: async () => ({ pid: process.pid, worker }),
      environment: async () => ({ ...process.env }),
      tell: async (news, { tell }) => {
        for (const one of news) tell(one);
        return news.length;
      },
      tellTooLate: async (news, { tell }) => {
        setImmediate(() => tell(news));
        return null;
      },
      fail: (how) => failAs(how),
      strange: async () => () => 'a function',
      eat: async () => {
        const eaten: number[][] = [];
        while (true) eaten.push(Array(100_000).fill(eaten.length));
      },
      repeat: (last, { tell, hear }) =>
        new Promise((resolve) => {
          let count = 0;
          hear((word) => {
            tell(word);
            count += 1;
            if (word === last) resolve(count);
          });
          tell('I hear');
        }),
      exit: async (status) => process.exit(status),
      hold: (port) => untilReleased(port, connections),
      atClose: async (what) => {
        plan = what;
        return null;
      },
    },
    close: async () => {
      if (plan.file !== undefined) appendFileSync(plan.file, `closed ${worker}\n`);
      if (plan.hang === true) await new Promise(() => setInterval(() => undefined, 1000));
    },
    abandon: () => {
      for (const connection of connections) connection.destroy();
    },
  };
};

function failAs(how: (typeof failures)[number]): Promise<null> {
  if (how === 'at once') throw new Error(how);
  return Promise.reject(thrownFor(how));
}

function thrownFor(how: (typeof failures)[number]): unknown {
  switch (how) {
    case 'code':
      return new CodedError('E_SPEC', 'with a code', { retry: true });
    case 'nothing':
      return undefined;
    case 'text':
      return 'only text';
    case 'empty text':
      return '';
    case 'circle': {
      const error = new Error(how);
      error.cause = { error };
      return error;
    }
    default:
      return new Error(how);
  }
}

function untilReleased(port: number, connections: Set<Socket>): Promise<'released'> {
  return new Promise((resolve, reject) => {
    const connection = connect(port, '127.0.0.1')
      .on('error', reject)
      .on('close', () => resolve('released'))
      .resume();
    connections.add(connection);
  });
}
