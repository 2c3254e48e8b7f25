import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isThere } from './arrivals.ts';
import type { Contestant, PeerPlace } from './contestant.ts';
import { PeakWatch } from './peak-watch.ts';
import { RunningPeer } from './running-peer.ts';
import { until } from './until.ts';
import { wireBytes } from './wire.ts';

/** What a piece of work took; what a row does not measure is left out. */
export interface Figures {
  readonly seconds?: number;
  /** Processor time of both peers. */
  readonly cpuSeconds?: number;
  /** What the peers sent each other, with all headers. */
  readonly wireMiB?: number;
  /** The most memory that a process held meanwhile. */
  readonly peakMiB?: number;
}

const MIB = 1024 ** 2;
// The longest that anything took here is a minute, on an idle machine: whoever needs longer hangs.
const PATIENCE_MS = 300_000;
// By then all have written down what they know, and the watcher of each is awake.
const REST_MS = 2_000;

/** Two peers of one program, in a network where nobody else is. */
export class Stage {
  /** The first one is where things happen, the second one where they arrive. */
  readonly peers: readonly [PeerPlace, PeerPlace];
  readonly contestant: Contestant;
  readonly #running = new Map<PeerPlace, RunningPeer>();
  // Processor time of those that have been ended.
  #pastSeconds = 0;
  #markers = 0;

  /** @param folder is there, and empty */
  constructor(contestant: Contestant, folder: string) {
    this.contestant = contestant;
    const place = (name: string, address: string): PeerPlace => {
      const [share, state] = ['share', 'state'].map((kind) => join(folder, name, kind)) as [string, string];
      for (const path of [share, state]) mkdirSync(path, { recursive: true });
      return { address, share, state };
    };
    this.peers = [place('a', '127.0.0.2'), place('b', '127.0.0.3')];
    contestant.prepare(this.peers);
  }

  /** The processes of those that run. */
  get pids(): readonly number[] {
    return [...this.#running.values()].map(({ pid }) => pid);
  }

  start(peer: PeerPlace): void {
    this.#running.set(peer, RunningPeer.start(this.contestant, peer, this.peers));
  }

  async end(peer: PeerPlace, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const running = this.#running.get(peer);
    if (running === undefined) return;
    const { cpuSeconds } = running;
    await running.end(signal);
    this.#running.delete(peer);
    this.#pastSeconds += cpuSeconds;
  }

  /** Start both. @returns how long it took until something that was there before had arrived, in ms */
  async startBoth(): Promise<number> {
    const [here, there] = this.peers;
    this.#markers += 1;
    const name = `marker-${this.#markers}`;
    writeFileSync(join(here.share, name), name);
    for (const peer of this.peers) this.start(peer);
    if (this.contestant.isTold) await this.#untilServed();
    return this.arrive(() => isThere(there.share, name, name.length));
  }

  /** Give them the time to come to rest; what was written so far is on the disk then, and does not get there at the cost of others. */
  async rest(): Promise<void> {
    execFileSync('sync', ['--file-system', this.peers[0].share]);
    await pause(REST_MS);
  }

  /** Wait until something has arrived; who has to be told to fetch it is told. @returns how long it took, in ms */
  async arrive(hasArrived: () => boolean, withinMs = PATIENCE_MS): Promise<number> {
    const start = performance.now();
    if (this.contestant.isTold) await this.fetch();
    const isSo = () => {
      const dead = [...this.#running.values()].find(({ hasEnded }) => hasEnded);
      if (dead) throw new Error(`a peer has ended: ${dead.lastWords}`);
      return hasArrived();
    };
    await until(isSo, 'it did not arrive', withinMs);
    return performance.now() - start;
  }

  /** Have the second peer fetch, if it has to be told so. */
  async fetch(): Promise<void> {
    if (this.contestant.isTold) await this.#running.get(this.peers[1])?.fetch();
  }

  /** Do something to the shares, and measure until it has arrived, from the moment when it is done. */
  async measure(change: () => void, hasArrived: () => boolean): Promise<Required<Figures>> {
    return this.during(() => {
      change();
      return this.arrive(hasArrived);
    });
  }

  /** Measure what peers take for something. @param deed gives how long it took, in ms */
  async during(deed: () => Promise<number>): Promise<Required<Figures>> {
    const [cpu, wire] = [this.#cpuSeconds(), wireBytes()];
    const watch = new PeakWatch(() => this.pids);
    try {
      const ms = await deed();
      const [cpuSeconds, wireMiB] = [this.#cpuSeconds() - cpu, (wireBytes() - wire) / MIB];
      return { seconds: ms / 1000, cpuSeconds, wireMiB, peakMiB: watch.end() };
    } finally {
      watch.end();
    }
  }

  /** End both at once. */
  async close(): Promise<void> {
    await Promise.all(this.peers.map((peer) => this.end(peer, 'SIGKILL')));
  }

  #cpuSeconds(): number {
    return [...this.#running.values()].reduce((sum, { cpuSeconds }) => sum + cpuSeconds, this.#pastSeconds);
  }

  /** A daemon that is asked before it listens refuses. */
  async #untilServed(): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.fetch();
      } catch (error) {
        if (tries === 20) throw error;
        await pause(100);
      }
    }
  }
}
