import { JobTurns } from '../../lib/pool/job-turns.ts';

describe('JobTurns', () => {
  it('waits at its close for a job whose turn had just come', async () => {
    const turns = new JobTurns();
    let end: () => void = () => undefined;
    const first = turns.use('first', () => new Promise<void>((resolve) => (end = resolve)));
    const second = turns.use('second', async () => new Promise((resolve) => setImmediate(resolve, 'done')));
    end();
    await first;
    const order: string[] = [];
    const both = [second.then(() => order.push('done')), turns.close().then(() => order.push('closed'))];
    await Promise.all(both);
    expect(order).toEqual(['done', 'closed']);
  });

  it('lets nobody in between a job that ends and the one that waits', async () => {
    const turns = new JobTurns();
    const order: string[] = [];
    const first = turns.use('first', async () => order.push('first'));
    const second = turns.use('second', async () => order.push('second'));
    await first;
    await Promise.all([second, turns.use('third', async () => order.push('third'))]);
    expect(order).toEqual(['first', 'second', 'third']);
  });
});
