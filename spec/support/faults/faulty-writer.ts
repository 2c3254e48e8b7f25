import type { Socket } from 'node:net';
import type { ArmedFault, ByteFault, DataFault } from './fault.ts';

/** What may happen behind a certain byte. */
export type Goes = DataFault['goes'];

/** Passes bytes on to a socket until one of its faults is due; what comes behind it is lost, or crawls. */
export class FaultyWriter {
  readonly #to: Socket;
  readonly #onDue: (goes: Goes) => void;
  #faults: readonly ArmedFault<ByteFault | DataFault>[];
  #passed = 0;
  #isOver = false;
  #crawling: Buffer | undefined;

  /** @param onDue is told when a fault has become due; what it says of the connection's end is for the caller to do */
  constructor(to: Socket, faults: readonly ArmedFault<ByteFault | DataFault>[], onDue: (goes: Goes) => void) {
    this.#to = to;
    this.#faults = faults;
    this.#onDue = onDue;
  }

  /** @returns whether more may come at once */
  write(bytes: Buffer): boolean {
    if (this.#crawling) this.#crawling = Buffer.concat([this.#crawling, bytes]);
    if (this.#isOver || !this.#to.writable) return true;
    const due = this.#dueWithin(bytes.length);
    if (!due) {
      this.#passed += bytes.length;
      return this.#to.write(bytes);
    }
    const { at, goes } = due.fault;
    this.#isOver = true;
    const before = bytes.subarray(0, at - this.#passed);
    const passed = 'wholeLines' in due.fault ? before.lastIndexOf('\n') + 1 : before.length;
    this.#to.write(bytes.subarray(0, passed));
    if (goes === 'trickle') this.#crawl(bytes.subarray(passed));
    this.#onDue(goes);
    return true;
  }

  #dueWithin(length: number): ArmedFault<ByteFault | DataFault> | undefined {
    const reached = this.#faults.filter(({ fault }) => fault.at <= this.#passed + length);
    this.#faults = this.#faults.filter((armed) => !reached.includes(armed));
    return reached.find((armed) => armed.isDue());
  }

  #crawl(rest: Buffer): void {
    this.#crawling = rest;
    const timer = setInterval(() => {
      this.#to.write(this.#crawling?.subarray(0, 1) ?? '');
      this.#crawling = this.#crawling?.subarray(1);
    }, 1000);
    this.#to.once('close', () => clearInterval(timer));
  }
}
