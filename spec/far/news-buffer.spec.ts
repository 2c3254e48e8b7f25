import { NewsBuffer } from '../../lib/far/news-buffer.ts';
import type { TransferNews } from '../../lib/far/transfer-jobs.ts';

describe('NewsBuffer', () => {
  let told: TransferNews[];
  let buffer: NewsBuffer;

  beforeEach(() => {
    jasmine.clock().install();
    told = [];
    buffer = new NewsBuffer((news) => told.push(news));
  });

  afterEach(() => {
    jasmine.clock().uninstall();
  });

  function push(from: number, to: number): void {
    for (let job = from; job < to; job += 1) buffer.push({ event: 'progress', of: { job, bytes: 0 } });
  }

  function jobs(): number[] {
    return told.flat().map((event) => (event.event === 'progress' ? event.of.job : -1));
  }

  it('tells 64 events at once, and in order', () => {
    push(0, 63);
    expect(told).toEqual([]);
    push(63, 130);
    expect(told.map(({ length }) => length)).toEqual([64, 64]);
    jasmine.clock().tick(20);
    expect(jobs()).toEqual([...Array(130).keys()]);
  });

  it('tells fewer when the oldest is 20 ms old, however young the others are', () => {
    push(0, 1);
    jasmine.clock().tick(19);
    push(1, 2);
    expect(told).toEqual([]);
    jasmine.clock().tick(1);
    expect(jobs()).toEqual([0, 1]);
  });

  it('begins to count again after it has told', () => {
    push(0, 64);
    jasmine.clock().tick(15);
    push(64, 65);
    jasmine.clock().tick(19);
    expect(told.length).toBe(1);
    jasmine.clock().tick(1);
    expect(told.length).toBe(2);
  });

  it('tells what is there when it is asked to, once, and never nothing', () => {
    buffer.flush();
    push(0, 1);
    buffer.flush();
    buffer.flush();
    jasmine.clock().tick(100);
    expect(told.length).toBe(1);
  });
});
