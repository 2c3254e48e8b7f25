import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { childrenOf } from '../support/processes.ts';
import type { Task } from './contestants/contestant.ts';
import { oursFor } from './contestants/ours.ts';
import { type Cost, peakMiB } from './measured-run.ts';
import type { RowScene } from './row-scene.ts';

/** What the log tells of a cycle that came to its end. */
interface Cycle {
  readonly cycle: number;
  readonly filesSent: number;
  readonly tookMs: number;
}

// The log is looked at so often; the time of a cycle is in it, so that this measures nothing.
const LOOK_MS = 20;
const PATIENCE_MS = 600_000;
// proc(5): the unit of times in /proc/PID/stat, on every Linux that Node runs on.
const TICKS_PER_SECOND = 100;

/** A mirror of ours that looks every second whether something has changed. */
export class RunningMirror {
  readonly #child: ChildProcess;
  readonly #log: number;
  readonly #signal: AbortSignal;
  readonly #ended: Cycle[] = [];
  // The last line, as far as it is there.
  #line = '';

  private constructor(child: ChildProcess, log: number, signal: AbortSignal) {
    this.#child = child;
    this.#log = log;
    this.#signal = signal;
  }

  /** Start it, and wait until both sides are equal. */
  static async start(task: Task, connections: number, scene: RowScene): Promise<RunningMirror> {
    const { words, env } = oursFor(task, connections, ['--log-format', 'json']);
    const [program = '', ...args] = [...scene.lab.atClients, ...words];
    const log = join(scene.folder, 'mirror.log');
    const file = openSync(log, 'w');
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', file, file] });
    closeSync(file);
    const mirror = new RunningMirror(child, openSync(log, 'r'), scene.signal);
    await mirror.#next(0);
    return mirror;
  }

  /**
   * Change files between two cycles, and wait for the end of the cycle that sends them.
   *
   * @param change takes less than a second: a cycle must not begin in the middle of it
   */
  async sendTouched(change: () => void): Promise<Cost> {
    // A cycle with nothing to do has just ended, so that there is a second before the next one begins.
    const { cycle } = await this.#next(this.#cycles().length);
    const before = this.#cpuSeconds();
    change();
    const { cycle: following, tookMs, filesSent } = await this.#next(cycle);
    if (following !== cycle + 1 || filesSent === 0) throw new Error(`cycle ${following} sent ${filesSent} files`);
    const [parentMiB = 0, ...childrenMiB] = this.#family().map(peakMiB);
    return { wallSeconds: tookMs / 1000, cpuSeconds: this.#cpuSeconds() - before, parentMiB, childrenMiB };
  }

  /** End it as a user does. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      this.#child.kill('SIGTERM');
      await once(this.#child, 'exit');
    }
    closeSync(this.#log);
  }

  /** The first cycle that ends after so many. */
  async #next(after: number): Promise<Cycle> {
    for (const start = Date.now(); Date.now() - start < PATIENCE_MS; ) {
      this.#signal.throwIfAborted();
      const found = this.#cycles()[after];
      if (found) return found;
      if (this.#child.exitCode !== null) break;
      await pause(LOOK_MS);
    }
    throw new Error(`the mirror did not come to the end of cycle ${after + 1}: ${this.#line}`);
  }

  /** All cycles that have ended; only what is new in the log is read. */
  #cycles(): readonly Cycle[] {
    const more = Buffer.alloc(1024 * 1024);
    for (let length = readSync(this.#log, more); length > 0; length = readSync(this.#log, more)) {
      const lines = `${this.#line}${more.toString('utf8', 0, length)}`.split('\n');
      this.#line = lines.pop() ?? '';
      for (const line of lines.filter((text) => text.includes('Cycle '))) this.#ended.push(JSON.parse(line) as Cycle);
    }
    return this.#ended;
  }

  #family(): readonly number[] {
    const { pid = 0 } = this.#child;
    return [pid, ...childrenOf(pid)];
  }

  #cpuSeconds(): number {
    return this.#family().reduce((sum, pid) => sum + cpuTicks(pid), 0) / TICKS_PER_SECOND;
  }
}

function cpuTicks(pid: number): number {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user = '0', system = '0'] = rest.split(' ').slice(11, 13);
  return Number(user) + Number(system);
}
