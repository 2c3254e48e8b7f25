/** Within what {@link Growth} works. */
export interface GrowthRules {
  /** Connections at first; two unless told. */
  readonly first?: number;
  /** Connections at most, all together. */
  readonly most: number;
  /** Workers of each child; those of one child have neighbouring numbers. */
  readonly lanes: number;
  /** Children at most. */
  readonly children: number;
  /** How much CPU the child of a number has used so far, in milliseconds. */
  readonly cpuMs: (child: number) => number;
  /** How long the processors of this machine had nothing to do so far, all together, in milliseconds. */
  readonly idleMs: () => number;
}

/** What is done in a second. */
interface Rate {
  readonly jobs: number;
  readonly bytes: number;
}

const FIRST_CONNECTIONS = 2;
// Long enough for a rate that says something, if so many jobs for each connection ended in it; short beside the seconds
// after which a person begins to wait.
const PERIOD_MS = 250;
const JOBS_EACH = 3;
// For large files, whose bytes are counted then, and for lines with long round trips.
const LONGEST_PERIOD_MS = 1500;
// Twice the connections bring twice as much where round trips are what takes the time. A tenth is noise.
const IS_MORE = 1.15;
// What did not help may help with other files, or at another time of the day.
const REST_MS = 60_000;
// The rest of a core goes to what is measured with it: waiting for the disk, for the parent, for other programs.
const IS_SHORT = 0.85;
// Of a core: with less lying idle a further child only takes it from those that are there, and from a server on this machine.
const IS_SPARE = 0.5;
// A child that starts uses all of a core for about half a second, whatever it has to do.
const WARM_MS = 1500;

/**
 * Decides how many workers work, and in how many children, by what they get done: a state machine without clock or sockets.
 *
 * It begins with few connections in one child, and doubles them as long as that gets more done in a second. A further child
 * takes its share of them when all that are at work use a whole core, and there is another one for it.
 */
export class Growth {
  readonly #rules: GrowthRules;
  #connections: number;
  #children = 1;
  #workers: readonly number[];
  /** When the period that is measured began; none is when not all workers are at work. */
  #since: number | undefined;
  #jobs = 0;
  #bytes = 0;
  #cpuMs: readonly number[] = [];
  #idleMs = 0;
  /** The bytes that were counted of the files under way, by job. */
  readonly #moved = new Map<number, number>();
  /** What was done with fewer connections, until it is known what more of them do. */
  #before: { readonly connections: number; readonly rate: Rate } | undefined;
  #restsUntil = Number.NEGATIVE_INFINITY;

  constructor(rules: GrowthRules) {
    this.#rules = rules;
    this.#connections = Math.min(rules.first ?? FIRST_CONNECTIONS, rules.most);
    this.#workers = this.#spread();
  }

  /** Who may work. */
  get workers(): readonly number[] {
    return this.#workers;
  }

  /** So many bytes of the file of a job have been sent. */
  sent(job: number, bytes: number): void {
    this.#bytes += bytes - (this.#moved.get(job) ?? 0);
    this.#moved.set(job, bytes);
  }

  /** A job has ended, and has sent so many bytes. */
  ended(job: number, bytes: number): void {
    this.sent(job, bytes);
    this.#moved.delete(job);
    this.#jobs += 1;
  }

  /**
   * Look whether it is time for more.
   *
   * @param isFull are all workers at work, each with its connection, while more waits to be done? Only then it is known what
   *   they can do
   * @returns may others work now than before?
   */
  look(now: number, isFull: boolean): boolean {
    const { workers } = this;
    if (!isFull) this.#since = undefined;
    else if (this.#since === undefined) this.#measureFrom(now);
    else if (now >= this.#since + (this.#hasEnough ? PERIOD_MS : LONGEST_PERIOD_MS)) this.#decide(now, this.#since);
    return this.workers !== workers;
  }

  /** When {@link look} may have something to do although nobody told anything; infinite when never. */
  wakesAt(now: number): number {
    if (this.#since === undefined) return Number.POSITIVE_INFINITY;
    const soon = this.#since + PERIOD_MS;
    return now < soon ? soon : this.#since + LONGEST_PERIOD_MS;
  }

  get #hasEnough(): boolean {
    return this.#jobs >= JOBS_EACH * this.#connections;
  }

  #measureFrom(now: number): void {
    this.#since = now;
    this.#jobs = 0;
    this.#bytes = 0;
    this.#cpuMs = this.#used();
    this.#idleMs = this.#rules.idleMs();
  }

  #decide(now: number, since: number): void {
    const seconds = (now - since) / 1000;
    const rate: Rate = { jobs: this.#jobs / seconds, bytes: this.#bytes / seconds };
    const before = this.#before;
    this.#before = undefined;
    if (before && !isMore(rate, before.rate)) {
      this.#set(before.connections, this.#children);
      this.#restsUntil = now + REST_MS;
    } else if (this.#areShortOfCpu(now - since)) {
      this.#set(this.#connections, this.#children + 1);
    } else if (this.#connections < this.#rules.most && now >= this.#restsUntil) {
      this.#before = { connections: this.#connections, rate };
      this.#set(Math.min(this.#rules.most, this.#connections * 2), this.#children);
    }
    this.#measureFrom(now);
  }

  #areShortOfCpu(ms: number): boolean {
    if (this.#children === this.#rules.children || this.#children === this.#connections) return false;
    if (this.#rules.idleMs() - this.#idleMs < IS_SPARE * ms) return false;
    return this.#used().every((used, child) => used > WARM_MS && used - (this.#cpuMs[child] ?? 0) > IS_SHORT * ms);
  }

  #used(): readonly number[] {
    return Array.from({ length: this.#children }, (_, child) => this.#rules.cpuMs(child));
  }

  #set(connections: number, children: number): void {
    this.#connections = connections;
    this.#children = children;
    this.#workers = this.#spread();
  }

  /** The same number for each child, or one more for the first ones. */
  #spread(): readonly number[] {
    return Array.from({ length: this.#connections }, (_, index) => {
      const child = index % this.#children;
      return child * this.#rules.lanes + Math.floor(index / this.#children);
    }).sort((one, other) => one - other);
  }
}

function isMore(rate: Rate, before: Rate): boolean {
  return rate.jobs > IS_MORE * before.jobs || rate.bytes > IS_MORE * before.bytes;
}
