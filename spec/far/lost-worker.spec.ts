import { TalkToFtpMulti } from '../../lib/far/talk-to-ftp-multi.ts';
import type { TransferBatch, TransferEvent, TransferPool } from '../../lib/far/transfer-jobs.ts';
import { PoolError } from '../../lib/pool/pool-error.ts';
import type { JobEnd } from '../../lib/transfer/progress.ts';
import { talkRules } from '../support/talk-rules.ts';
import { refusalOf } from '../support/transport-probe.ts';

const SITE = { protocol: 'ftp', host: 'far', port: 21, user: 'me', password: 'secret', directory: '/' } as const;

/** A pool of one worker that begins the first job of each batch, loses its connection, and dies. */
class Dying implements TransferPool {
  readonly size = 1;
  readonly attempts: number[] = [];

  run(_worker: number, _name: string, batch: unknown, onNews: (news: TransferEvent) => void): Promise<never> {
    const [job] = (batch as TransferBatch).jobs;
    this.attempts.push(job?.attempt ?? 0);
    onNews({ event: 'connection', isOpen: true });
    onNews({ event: 'start', job: job?.job ?? 0, worker: 'w', at: 0 });
    onNews({ event: 'connection', isOpen: false });
    return Promise.reject(new PoolError('E_WORKER', 'The worker ended', { retry: true }));
  }

  say(): void {}
  prepare(): void {}
  abandon(): void {}
  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe('a worker that dies while it has lost its connection', () => {
  it('takes a try of what it had begun, which may have been done, and each try has one end', async () => {
    const pool = new Dying();
    const rules = { ...talkRules, attempts: 3 };
    const talk = new TalkToFtpMulti({ site: SITE, rules }, pool, { random: () => 0 });
    const ends: JobEnd[] = [];
    talk.events.on('end', (end) => ends.push(end));
    expect((await refusalOf(talk.mkdir('a'))).code).toBe('E_WORKER');
    await talk.disconnect();
    expect(pool.attempts).toEqual([1, 2, 3]);
    expect(ends.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });
});
