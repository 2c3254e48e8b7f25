import { Growth } from '../../lib/far/growth.ts';

const STEP_MS = 10;
const SECOND = 1000;

/** Workers as they were at times: what they get done in a second, and the CPU they need for it. */
class Simulation {
  readonly growth: Growth;
  /** Who worked, whenever that changed. */
  readonly history: (readonly number[])[] = [];
  /** Jobs in a second, by who works. */
  jobsPerSecond: (workers: readonly number[]) => number;
  bytesPerSecond: (workers: readonly number[]) => number = () => 0;
  /** How much of a core each child uses. */
  coresOf: (child: number) => number = () => 0.1;
  /** How many cores of the machine have nothing to do. */
  idleCores = 2;
  now = 0;
  readonly #used: number[];
  #idleMs = 0;
  #jobs = 0;
  #bytes = 0;

  constructor(jobsPerSecond: (workers: readonly number[]) => number, { most = 8, children = 4 } = {}) {
    this.jobsPerSecond = jobsPerSecond;
    this.#used = Array(children).fill(0);
    const cpuMs = (child: number) => this.#used[child] ?? 0;
    this.growth = new Growth({ most, lanes: most, children, cpuMs, idleMs: () => this.#idleMs });
    this.history.push(this.growth.workers);
  }

  /** Let time pass. @param isFull do all workers work while more waits? */
  pass(ms: number, isFull = true): this {
    for (const end = this.now + ms; this.now < end; this.now += STEP_MS) {
      const { workers } = this.growth;
      for (const child of new Set(workers.map((worker) => Math.floor(worker / 8)))) {
        this.#used[child] = (this.#used[child] ?? 0) + this.coresOf(child) * STEP_MS;
      }
      this.#idleMs += this.idleCores * STEP_MS;
      this.#jobs += (this.jobsPerSecond(workers) * STEP_MS) / SECOND;
      for (; this.#jobs >= 1; this.#jobs -= 1) this.growth.ended(1, 0);
      this.#bytes += (this.bytesPerSecond(workers) * STEP_MS) / SECOND;
      this.growth.sent(0, this.#bytes);
      if (this.growth.look(this.now, isFull)) this.history.push(this.growth.workers);
    }
    return this;
  }

  get counts(): readonly number[] {
    return this.history.map(({ length }) => length);
  }
}

describe('Growth', () => {
  it('begins with two connections in one child', () => {
    expect(new Simulation(() => 0).growth.workers).toEqual([0, 1]);
  });

  it('doubles them in that child as long as each gets as much done as before', () => {
    const line = new Simulation((workers) => workers.length * 50);
    expect(line.pass(2 * SECOND).history).toEqual([
      [0, 1],
      [0, 1, 2, 3],
      [0, 1, 2, 3, 4, 5, 6, 7],
    ]);
    expect(line.pass(600 * SECOND).counts).toEqual([2, 4, 8]);
  });

  it('does so on a line where a job takes a second', () => {
    expect(new Simulation((workers) => workers.length).pass(10 * SECOND).counts).toEqual([2, 4, 8]);
  });

  it('does so for large files, of which none ends', () => {
    const large = new Simulation(() => 0);
    large.bytesPerSecond = (workers) => workers.length * 1_000_000;
    expect(large.pass(10 * SECOND).counts).toEqual([2, 4, 8]);
  });

  it('takes those back that brought nothing, and tries again after a minute', () => {
    const full = new Simulation((workers) => Math.min(workers.length, 4) * 100);
    expect(full.pass(50 * SECOND).counts).toEqual([2, 4, 8, 4]);
    expect(full.pass(60 * SECOND).counts).toEqual([2, 4, 8, 4, 8, 4]);
    full.jobsPerSecond = (workers) => workers.length * 100;
    expect(full.pass(60 * SECOND).counts).toEqual([2, 4, 8, 4, 8, 4, 8]);
  });

  it('measures only while all workers are at work and more waits', () => {
    const idle = new Simulation((workers) => workers.length * 50);
    expect(idle.pass(60 * SECOND, false).counts).toEqual([2]);
    for (let bursts = 0; bursts < 20; bursts += 1) idle.pass(100).pass(100, false);
    expect(idle.counts).toEqual([2]);
  });

  it('says when to look again while it measures', () => {
    const { growth } = new Simulation(() => 0);
    expect(growth.wakesAt(0)).toBe(Number.POSITIVE_INFINITY);
    growth.look(0, true);
    expect([growth.wakesAt(0), growth.wakesAt(250)]).toEqual([250, 1500]);
    growth.look(100, false);
    expect(growth.wakesAt(100)).toBe(Number.POSITIVE_INFINITY);
  });

  it('goes no further than it may', () => {
    const few = new Simulation((workers) => workers.length * 50, { most: 3 });
    expect(few.pass(60 * SECOND).history.at(-1)).toEqual([0, 1, 2]);
    expect(new Simulation(() => 0, { most: 1 }).growth.workers).toEqual([0]);
  });

  it('spreads the connections over a further child when those at work use a whole core each', () => {
    const busy = new Simulation((workers) => workers.length * 50);
    busy.coresOf = () => 0.95;
    busy.pass(60 * SECOND);
    expect(busy.history.at(-1)).toEqual([0, 1, 8, 9, 16, 17, 24, 25]);
    // One after the other, each after its warming up.
    expect(new Set(busy.history.map((workers) => new Set(workers.map((worker) => worker >> 3)).size))).toEqual(
      new Set([1, 2, 3, 4]),
    );
  });

  it('takes no further child on a machine without half a core to spare, and takes it when there is one', () => {
    const busy = new Simulation(() => 100);
    busy.coresOf = () => 0.95;
    busy.idleCores = 0.4;
    busy.pass(10 * SECOND);
    expect(busy.growth.workers).toEqual([0, 1]);
    busy.idleCores = 0.6;
    busy.pass(10 * SECOND);
    expect(busy.growth.workers).toEqual([0, 8]);
  });

  it('does not take the start of a child for want of CPU', () => {
    const starting = new Simulation((workers) => workers.length * 50);
    starting.coresOf = () => (starting.now < SECOND ? 1 : 0.3);
    expect(starting.pass(60 * SECOND).history.at(-1)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('takes no further child as long as one of those at work has CPU left', () => {
    const uneven = new Simulation((workers) => workers.length * 50);
    uneven.coresOf = (child) => (child === 0 ? 0.95 : 0.4);
    expect(uneven.pass(60 * SECOND).history.at(-1)).toEqual([0, 1, 2, 3, 8, 9, 10, 11]);
  });

  it('takes no more children than it has connections for, or than there are', () => {
    const busy = new Simulation(() => 100, { children: 2 });
    busy.coresOf = () => 1;
    expect(busy.pass(600 * SECOND).growth.workers).toEqual([0, 8]);
  });
});
