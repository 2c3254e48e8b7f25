import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Contestant, PeerPlace } from '../../bench/share/contestant.ts';
import { RunningPeer } from '../../bench/share/running-peer.ts';
import { addressOf } from './share-scene.ts';
import { differences, type SharedTree, TreeReader } from './shared-tree.ts';
import { listensAt } from './sockets.ts';
import type { SyncUnderTest } from './sync-under-test.ts';
import { until, untilTrue } from './until.ts';

// Two of its delays, and what it takes then on a machine that does a lot else.
const PATIENCE_MS = 40_000;

// Longer than it waits before it looks at a change.
const BETWEEN_LOOKS_MS = 1_200;

/** Two peers of another program that takes part in the benchmark of sharing. None has been started. */
export class ForeignScene implements SyncUnderTest {
  readonly #contestant: Contestant;
  readonly #places: readonly PeerPlace[];
  readonly #port: number;
  readonly #reader = new TreeReader();
  readonly #running = new Map<number, RunningPeer>();

  /** @param port at which each of them listens, at an address of its own */
  constructor(contestant: Contestant, folder: string, port: number) {
    this.#contestant = contestant;
    this.#port = port;
    this.#places = [0, 1].map((index) => {
      const [share, state] = ['share', 'state'].map((name) => join(folder, `foreign ${index}`, name)) as [
        string,
        string,
      ];
      for (const path of [share, state]) mkdirSync(path, { recursive: true });
      return { address: addressOf(index), share, state };
    });
    contestant.prepare(this.#places);
  }

  async start(index: number): Promise<void> {
    const place = this.#place(index);
    const running = RunningPeer.start(this.#contestant, place, this.#places);
    this.#running.set(index, running);
    await untilTrue(
      () => running.hasEnded || listensAt(place.address, this.#port),
      PATIENCE_MS,
      () => `it listens\n${running.lastWords}`,
    );
    if (running.hasEnded) throw new Error(`it has ended:\n${running.lastWords}`);
  }

  async stop(index: number): Promise<void> {
    await this.#end(index, 'SIGTERM');
  }

  async kill9(index: number): Promise<void> {
    await this.#end(index, 'SIGKILL');
  }

  dir(index: number): string {
    return this.#place(index).share;
  }

  address(index: number): string {
    return this.#place(index).address;
  }

  async tree(index: number): Promise<SharedTree> {
    const tree = await this.#reader.read(this.dir(index));
    // Marks of its own.
    return new Map([...tree].filter(([path]) => !path.startsWith('.st')));
  }

  async idle(): Promise<void> {
    await this.#equal();
    await wait(BETWEEN_LOOKS_MS);
    await this.#equal();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((index) => this.kill9(index)));
  }

  async #equal(): Promise<void> {
    let found: readonly string[] = [];
    await until(
      async () => {
        found = differences(await this.tree(0), await this.tree(1));
        return found.length === 0 || undefined;
      },
      PATIENCE_MS,
      () => `both are equal\n${found.join('\n')}`,
    );
  }

  async #end(index: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.#running.get(index)?.end(signal);
    this.#running.delete(index);
  }

  #place(index: number): PeerPlace {
    const place = this.#places[index];
    if (place === undefined) throw new RangeError(`there is no peer ${index}`);
    return place;
  }
}
