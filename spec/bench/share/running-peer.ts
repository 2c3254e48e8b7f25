import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { codeOf } from '../../../lib/base/coded-error.ts';
import { processorSeconds } from '../server/processor-time.ts';
import type { Contestant, PeerPlace } from './contestant.ts';

// Nothing that was started outlives the process that measures, however that ends.
const DIES_WITH_US = ['setpriv', '--pdeathsig', 'KILL'] as const;
// A program that does not end when it is asked to is ended.
const PATIENCE_MS = 20_000;

/** A peer that runs. */
export class RunningPeer {
  readonly #child: ChildProcess;
  readonly #log: string;
  readonly #answers: AsyncIterator<string> | undefined;

  private constructor(child: ChildProcess, log: string) {
    this.#child = child;
    this.#log = log;
    const answers = child.stdio[3];
    this.#answers = answers ? createInterface(answers as Readable)[Symbol.asyncIterator]() : undefined;
  }

  /** Start it; what it writes goes into a file, since somebody who reads it would need a processor. */
  static start(contestant: Contestant, peer: PeerPlace, peers: readonly PeerPlace[]): RunningPeer {
    const { words, env, reads = false } = contestant.command(peer, peers);
    const [program, ...args] = [...DIES_WITH_US, ...words];
    const log = join(peer.state, 'output');
    const file = openSync(log, 'a');
    // A daemon whose input is a socket, as Node's pipes are, may take that for its only connection.
    const told = reads ? 'pipe' : 'ignore';
    // A group of its own: so it is killed with all that it has started, and an interrupt at the terminal does not reach it.
    const child = spawn(program, args, {
      detached: true,
      env: { ...process.env, ...env },
      stdio: [told, file, file, told],
    });
    child.stdin?.on('error', () => undefined);
    closeSync(file);
    return new RunningPeer(child, log);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The end of what it wrote. */
  get lastWords(): string {
    return readFileSync(this.#log, 'utf8').slice(-2_000);
  }

  /** Processor time so far, of all its processes. */
  get cpuSeconds(): number {
    return processorSeconds(this.pid);
  }

  /** Have one that is told to fetch do so. @throws Error when it fails */
  async fetch(): Promise<void> {
    this.#child.stdin?.write('\n');
    const { value } = (await this.#answers?.next()) ?? {};
    if (value !== '0') throw new Error(`it ended with status ${value}: ${this.lastWords}`);
  }

  /** End it as a user does, or at once. Ending twice is harmless. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.hasEnded) return;
    const gone = once(this.#child, 'exit');
    signalGroup(this.pid, signal);
    const late = setTimeout(() => signalGroup(this.pid, 'SIGKILL'), PATIENCE_MS);
    await gone;
    clearTimeout(late);
  }
}

/** It may have ended in this very moment. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}
