import { existsSync, readFileSync } from 'node:fs';
import type { SharePeer } from './share-peer.ts';
import { until } from './until.ts';

const WATCHER = new URL('../workers/event-loop-watcher.js', import.meta.url).href;

// A signal is heard at the next turn of the loop.
const ANSWER_MS = 20_000;

/** How long a loop had no turn at most, in ms. */
export interface Stall {
  /** By the clock, whoever had the machine. */
  readonly byClock: number;
  /**
   * Without what its thread only waited for a processor: what it did itself, and what it waited for disks. What the host of a
   * virtual machine takes away counts as well, of which the system knows nothing: for a thread that only computed, 71 ms of 111.
   */
  readonly own: number;
  /** What it did itself: much less than its own says that it waited for a disk, or that the host had the processor. */
  readonly ran: number;
}

/** Watches the event loop of a peer from inside, with no word of it in the program. */
export class EventLoopWatch {
  /** To be started with. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly #file: string;

  /** @param file for what is measured */
  constructor(file: string) {
    this.#file = file;
    // To measure the coverage takes time of its own.
    this.env = { NODE_OPTIONS: `--import ${WATCHER}`, EVENT_LOOP_FILE: file, NODE_V8_COVERAGE: undefined };
  }

  /** The longest stall since this was asked last, or since its start. */
  async longest(peer: SharePeer): Promise<Stall> {
    const before = this.#lines().length;
    peer.program.signal('SIGUSR2');
    return until(() => this.#lines()[before], ANSWER_MS, 'the watcher answers');
  }

  #lines(): readonly Stall[] {
    if (!existsSync(this.#file)) return [];
    const lines = readFileSync(this.#file, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => {
      const [byClock = Number.NaN, own = Number.NaN, ran = Number.NaN] = line.split(' ').map(Number);
      return { byClock, own, ran };
    });
  }
}
