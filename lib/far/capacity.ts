import { delayBefore, type RetryRules } from '../base/retry.ts';
import type { FarLimit } from '../transfer/progress.ts';

// A server that is full is mostly full of us. One more try a minute is nothing to it; one that stays full is asked less
// and less, down to once in ten minutes.
const FIRST_GROWTH_MS = 60_000;
const LONGEST_GROWTH_MS = 600_000;

// Soon enough for a hiccup; and a server that has been away for long is asked twice a minute.
const PROBES: RetryRules = { attempts: Number.POSITIVE_INFINITY, firstDelayMs: 500, longestDelayMs: 30_000 };

/**
 * Decides which workers may work now, by what became of their connections: a state machine without clock or sockets.
 *
 * A worker that has a connection goes before one that would have to open one, so that no connection that counts against
 * the server's limit lies idle while another is refused. As long as one worker has a connection, work goes on; when none
 * has, and none can be opened, the server is away, and one worker at a time looks whether it is back.
 */
export class Capacity {
  readonly size: number;
  readonly #random: () => number;
  readonly #workers: () => readonly number[];
  readonly #busy = new Set<number>();
  readonly #connected = new Set<number>();
  #connections: number;
  #told: number;
  /** When the server is asked for one connection more than it took, and the wait that was before. */
  #growth = { at: Number.POSITIVE_INFINITY, waitMs: FIRST_GROWTH_MS };
  /** The worker that tries it. */
  #trial: number | undefined;
  /** No connection could be opened while others were alive: is it the limit, or is the server about to go away? */
  #doubt: { readonly until: number; readonly tries: number; proven: boolean } | undefined;
  #away: { readonly probeAt: number; readonly tries: number } | undefined;

  /**
   * @param size how many connections there are at most
   * @param random a number from 0 to 1
   * @param workers who may work as far as it goes by what they get done; all of them by default
   */
  constructor(size: number, random: () => number, workers?: () => readonly number[]) {
    this.size = size;
    this.#random = random;
    const all = [...Array(size).keys()];
    this.#workers = workers ?? (() => all);
    this.#connections = size;
    this.#told = size;
  }

  /** Can no connection be opened at all? */
  get isAway(): boolean {
    return this.#away !== undefined;
  }

  /** How many workers may have a connection. */
  get connections(): number {
    return this.#connections;
  }

  isConnected(worker: number): boolean {
    return this.#connected.has(worker);
  }

  /** Has another worker a connection? */
  othersAreConnected(worker: number): boolean {
    return this.#connected.size > (this.#connected.has(worker) ? 1 : 0);
  }

  /** Are all who may work at work, each with a connection? */
  get isFull(): boolean {
    return this.#workers().every((worker) => this.#busy.has(worker) && this.#connected.has(worker));
  }

  /** A worker with a connection that may not work any more; `undefined` when there is none. */
  get surplus(): number | undefined {
    const workers = this.#workers();
    return [...this.#connected].find((worker) => !this.#busy.has(worker) && !workers.includes(worker));
  }

  /** Has this worker a connection, and may it go on working with it? */
  goesOn(worker: number): boolean {
    return this.#connected.has(worker) && this.#workers().includes(worker);
  }

  /** The worker that shall have the next work; `undefined` when none may have any now. */
  next(now: number): number | undefined {
    const free = this.#workers().filter((worker) => !this.#busy.has(worker));
    return free.find((worker) => this.#connected.has(worker)) ?? (this.#mayOpen(now) ? free[0] : undefined);
  }

  /** When {@link next} may have another answer although nothing was reported; infinite when never. */
  get wakesAt(): number {
    if (this.#away) return this.#away.probeAt;
    return Math.min(this.#doubt?.until ?? Number.POSITIVE_INFINITY, this.#growth.at);
  }

  /** A worker got work. */
  begin(worker: number, now: number): void {
    const isTrial = !this.#connected.has(worker) && this.#held >= this.#connections;
    this.#busy.add(worker);
    if (!isTrial || this.#away) return;
    this.#trial = worker;
    this.#growth = { ...this.#growth, at: now + this.#growth.waitMs };
  }

  /** A worker has nothing to do any more. */
  end(worker: number): void {
    this.#busy.delete(worker);
    if (this.#trial === worker) this.#trial = undefined;
  }

  /** A worker has a connection now. */
  opened(worker: number, now: number): void {
    this.#connected.add(worker);
    this.#doubt = undefined;
    if (this.#away) {
      this.#away = undefined;
      // Whoever took the places before may be gone; to learn the limit again costs some refused logins.
      this.#setConnections(this.size, now);
    }
    if (this.#connected.size > this.#connections) {
      this.#growth.waitMs = FIRST_GROWTH_MS;
      this.#setConnections(this.#connected.size, now);
    }
  }

  /** A worker has no connection any more. */
  closed(worker: number): void {
    this.#connected.delete(worker);
  }

  /** A worker did what was asked of it, so the server is alive. */
  succeeded(): void {
    if (this.#doubt) this.#doubt.proven = true;
  }

  /**
   * A worker has no connection and could not open one.
   *
   * @param isFull does the server say that it takes no more connections?
   */
  refused(worker: number, isFull: boolean, now: number): void {
    this.#connected.delete(worker);
    const othersOpen = [...this.#busy].some((other) => other !== worker && !this.#connected.has(other));
    if (this.#connected.size === 0 && !othersOpen) this.#goAway(now);
    else if (this.#trial === worker) this.#growMoreSlowly(now);
    else if (isFull || this.#doubt?.proven) this.#setConnections(Math.max(1, this.#connected.size), now);
    else this.#doubtUntil(now);
  }

  /** Forget that the server is away: whoever asks next finds out anew. */
  forgetAway(): void {
    this.#away = undefined;
  }

  /**
   * What was learnt and not told yet: once for each limit, and not while connections are being opened; nor when it is
   * only hoped for and not that many are open.
   */
  takeNews(): FarLimit | undefined {
    const isSettled = this.#opening === 0 && this.#connected.size === this.#connections;
    if (!isSettled || this.#connections === this.#told) return undefined;
    this.#told = this.#connections;
    return { connections: this.#connections, workers: this.size };
  }

  get #opening(): number {
    return [...this.#busy].filter((worker) => !this.#connected.has(worker)).length;
  }

  /** Connections that are there or on their way. */
  get #held(): number {
    return this.#connected.size + this.#opening;
  }

  #mayOpen(now: number): boolean {
    if (this.#away) return this.#opening === 0 && now >= this.#away.probeAt;
    if (this.#doubt && (this.#opening > 0 || now < this.#doubt.until)) return false;
    return this.#held < this.#connections || (this.#opening === 0 && now >= this.#growth.at);
  }

  #setConnections(connections: number, now: number): void {
    this.#connections = connections;
    this.#growth.at = connections < this.size ? now + this.#growth.waitMs : Number.POSITIVE_INFINITY;
    this.#doubt = undefined;
  }

  #growMoreSlowly(now: number): void {
    const waitMs = Math.min(LONGEST_GROWTH_MS, this.#growth.waitMs * 2);
    this.#growth = { at: now + waitMs, waitMs };
  }

  #doubtUntil(now: number): void {
    const tries = (this.#doubt?.tries ?? 0) + 1;
    this.#doubt = { until: now + delayBefore(tries + 1, PROBES, this.#random), tries, proven: false };
  }

  #goAway(now: number): void {
    const tries = (this.#away?.tries ?? 0) + 1;
    this.#away = { probeAt: now + delayBefore(tries + 1, PROBES, this.#random), tries };
    this.#doubt = undefined;
  }
}
