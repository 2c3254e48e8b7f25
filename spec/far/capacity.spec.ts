import { Capacity } from '../../lib/far/capacity.ts';

const MINUTE = 60_000;

/** Random is 1 throughout, so that each wait is as long as it may be. */
function capacityOf(size: number): Capacity {
  return new Capacity(size, () => 1);
}

/** Let every worker that may begin now do so. */
function beginAll(capacity: Capacity, now: number): number[] {
  const begun: number[] = [];
  for (let worker = capacity.next(now); worker !== undefined; worker = capacity.next(now)) {
    capacity.begin(worker, now);
    begun.push(worker);
  }
  return begun;
}

/** A server that takes so many connections: the first ones. */
function learnt(size: number, connections: number, now = 0): Capacity {
  const capacity = capacityOf(size);
  for (const worker of beginAll(capacity, now)) {
    if (worker < connections) capacity.opened(worker, now);
    else refuse(capacity, worker, now);
  }
  return capacity;
}

function refuse(capacity: Capacity, worker: number, now: number, isFull = true): void {
  capacity.refused(worker, isFull, now);
  capacity.end(worker);
}

describe('Capacity', () => {
  it('lets all workers begin as long as nobody was refused', () => {
    expect(beginAll(capacityOf(4), 0)).toEqual([0, 1, 2, 3]);
  });

  it('takes a worker with a connection before one without', () => {
    const capacity = capacityOf(3);
    beginAll(capacity, 0);
    for (const worker of [0, 1, 2]) capacity.end(worker);
    capacity.opened(2, 0);
    expect(beginAll(capacity, 0)).toEqual([2, 0, 1]);
  });

  for (const order of [
    [0, 1, 2, 3, 4, 5, 6, 7],
    [7, 6, 5, 4, 3, 2, 1, 0],
    [4, 0, 5, 7, 1, 6, 2, 3],
  ]) {
    it(`learns that a server takes 2, whoever is answered first (${order.join('')}), and tells it once`, () => {
      const capacity = capacityOf(8);
      beginAll(capacity, 0);
      const told: unknown[] = [];
      for (const worker of order) {
        if (worker < 2) capacity.opened(worker, 0);
        else refuse(capacity, worker, 0);
        told.push(capacity.takeNews());
      }
      expect(told.filter(Boolean)).toEqual([{ connections: 2, workers: 8 }]);
      expect(capacity.takeNews()).toBeUndefined();
      expect([capacity.connections, capacity.isAway]).toEqual([2, false]);
      for (const worker of [0, 1]) capacity.end(worker);
      expect(beginAll(capacity, MINUTE - 1)).toEqual([0, 1]);
    });
  }

  it('asks for one more after a minute, and then half as often after each refusal, down to once in ten minutes', () => {
    const capacity = learnt(8, 2);
    const tries: number[] = [];
    for (let now = 0; now <= 60 * MINUTE; now += MINUTE) {
      for (const worker of beginAll(capacity, now)) {
        tries.push(now / MINUTE);
        refuse(capacity, worker, now);
      }
    }
    expect(tries).toEqual([1, 3, 7, 15, 25, 35, 45, 55]);
    expect(capacity.connections).toBe(2);
  });

  it('grows by one a minute when the server takes more again, and tells it', () => {
    const capacity = learnt(4, 2);
    capacity.takeNews();
    const told: unknown[] = [];
    for (let now = MINUTE; now <= 4 * MINUTE; now += MINUTE) {
      const begun = beginAll(capacity, now);
      expect(begun.length).toBeLessThanOrEqual(1);
      for (const worker of begun) capacity.opened(worker, now);
      told.push(capacity.takeNews()?.connections);
    }
    expect(told).toEqual([3, 4, undefined, undefined]);
    expect(capacity.wakesAt).toBe(Number.POSITIVE_INFINITY);
  });

  it('goes on with one connection when all the others are refused', () => {
    const capacity = learnt(3, 1);
    expect([capacity.connections, capacity.isAway]).toEqual([1, false]);
    capacity.end(0);
    expect(beginAll(capacity, 0)).toEqual([0]);
  });

  it('does not take one lost attempt to connect for a limit while others work', () => {
    const capacity = learnt(3, 3);
    capacity.closed(2);
    refuse(capacity, 2, 0, false);
    expect([capacity.connections, capacity.next(0), capacity.wakesAt]).toEqual([3, undefined, 500]);
    expect(beginAll(capacity, 500)).toEqual([2]);
    capacity.opened(2, 500);
    expect(capacity.wakesAt).toBe(Number.POSITIVE_INFINITY);
  });

  it('takes it for one when the server answers others meanwhile', () => {
    const capacity = learnt(3, 3);
    capacity.closed(2);
    refuse(capacity, 2, 0, false);
    capacity.succeeded();
    beginAll(capacity, 500);
    refuse(capacity, 2, 500, false);
    expect(capacity.takeNews()).toEqual({ connections: 2, workers: 3 });
  });

  it('does not take a server that goes away for one that is full', () => {
    const capacity = learnt(3, 3);
    for (const [worker, now] of [2, 1, 0].entries()) {
      capacity.closed(worker);
      refuse(capacity, worker, now * 10, false);
    }
    expect([capacity.isAway, capacity.connections, capacity.takeNews()]).toEqual([true, 3, undefined]);
  });

  it('is away only when nobody has a connection and nobody may still get one', () => {
    const capacity = capacityOf(2);
    beginAll(capacity, 0);
    refuse(capacity, 0, 0);
    expect(capacity.isAway).toBeFalse();
    refuse(capacity, 1, 0);
    expect(capacity.isAway).toBeTrue();
  });

  it('lets one worker at a time look whether the server is back, later and later up to half a minute', () => {
    const capacity = learnt(4, 0);
    const waits: number[] = [];
    for (let now = 0; waits.length < 9; ) {
      const at = capacity.wakesAt;
      expect(beginAll(capacity, at - 1)).toEqual([]);
      const begun = beginAll(capacity, at);
      expect(begun.length).toBe(1);
      for (const worker of begun) refuse(capacity, worker, at);
      waits.push(at - now);
      now = at;
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('lets all work again when the server is back, although it took fewer before', () => {
    const capacity = learnt(4, 2);
    for (const worker of [0, 1]) {
      capacity.closed(worker);
      refuse(capacity, worker, 0);
    }
    const [probe = -1] = beginAll(capacity, capacity.wakesAt);
    capacity.opened(probe, 1000);
    expect(beginAll(capacity, 1000).length).toBe(3);
  });

  it('does not tell that the limit is gone when the server is back, before that is so', () => {
    const capacity = learnt(2, 1);
    expect(capacity.takeNews()).toEqual({ connections: 1, workers: 2 });
    capacity.closed(0);
    refuse(capacity, 0, 0);
    const [probe = -1] = beginAll(capacity, capacity.wakesAt);
    capacity.opened(probe, 1000);
    expect(capacity.takeNews()).toBeUndefined();
    for (const worker of beginAll(capacity, 1000)) capacity.opened(worker, 1000);
    expect(capacity.takeNews()).toEqual({ connections: 2, workers: 2 });
  });
});
