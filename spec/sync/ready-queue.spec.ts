import { ReadyQueue } from '../../lib/sync/ready-queue.ts';
import { seededRandom } from '../support/seeded-random.ts';

describe('ReadyQueue', () => {
  it('gives nothing when it is empty', () => {
    const queue = new ReadyQueue();
    expect(queue.pop()).toBeUndefined();
    queue.push(3);
    expect(queue.pop()).toBe(3);
    expect(queue.pop()).toBeUndefined();
  });

  it('gives the number 0 as any other', () => {
    const queue = new ReadyQueue();
    for (const id of [2, 0, 1]) queue.push(id);
    expect([queue.pop(), queue.pop(), queue.pop()]).toEqual([0, 1, 2]);
  });

  for (let seed = 1; seed <= 20; seed += 1) {
    it(`gives what a sorted list gives, pushes and pops mixed (seed ${seed})`, () => {
      const random = seededRandom(seed);
      const queue = new ReadyQueue();
      const list: number[] = [];
      for (let turn = 0; turn < 500; turn += 1) {
        if (random.chance(0.55)) {
          const id = random.integer(100);
          queue.push(id);
          list.push(id);
          list.sort((one, other) => one - other);
        } else {
          expect(queue.pop()).toBe(list.shift());
        }
      }
      while (list.length > 0) expect(queue.pop()).toBe(list.shift());
      expect(queue.pop()).toBeUndefined();
    });
  }
});
