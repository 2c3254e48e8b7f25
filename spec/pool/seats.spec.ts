import { Seats } from '../../lib/pool/seats.ts';

describe('Seats', () => {
  it('waits at its close for a job that had just got its seat', async () => {
    const seats = new Seats(['only']);
    let end: () => void = () => undefined;
    const first = seats.use('first', () => new Promise<void>((resolve) => (end = resolve)));
    const second = seats.use('second', async () => new Promise((resolve) => setImmediate(resolve, 'done')));
    end();
    await first;
    const order: string[] = [];
    const both = [second.then(() => order.push('done')), seats.close().then(() => order.push('closed'))];
    await Promise.all(both);
    expect(order).toEqual(['done', 'closed']);
  });

  it('takes the seat that was left last', async () => {
    const seats = new Seats([1, 2, 3]);
    const who = async (seat: number) => seat;
    expect(await seats.use('one', who)).toBe(1);
    await Promise.all([seats.use('a', who), seats.use('b', (seat) => new Promise((done) => setImmediate(done, seat)))]);
    expect(await seats.use('again', who)).toBe(2);
  });
});
