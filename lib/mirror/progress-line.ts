import type { EventEmitter } from 'node:events';
import { oneLine } from '../base/one-line.ts';
import { showDuration } from '../base/show-duration.ts';
import { nameOf } from '../files/directory.ts';
import { bytes } from '../sync/messages.ts';
import type { Plan } from '../sync/plan.ts';
import type { JobEnd, JobStart, TransferEvents } from '../transfer/progress.ts';

interface UnderWay {
  readonly start: JobStart;
  bytes: number;
  resumedAt: number;
}

/** How far a cycle is, told in one line: files, bytes, rate, time left, and what each worker is at. */
export class ProgressLine {
  readonly #now: () => number;
  readonly #underWay = new Map<number, UnderWay>();
  /** Jobs that ended badly: one that a worker died with is begun again. */
  readonly #failed = new Set<number>();
  #begin = 0;
  #awaySince: number | undefined;
  #steps = 0;
  #stepsDone = 0;
  #bytes = 0;
  #bytesDone = 0;
  /** Of them, those that were on the site before. */
  #bytesThere = 0;

  /** @param now milliseconds since whenever */
  constructor(events: EventEmitter<TransferEvents>, now: () => number) {
    this.#now = now;
    events.on('start', (start) => {
      this.#underWay.set(start.job, { start, bytes: 0, resumedAt: 0 });
      if (this.#failed.delete(start.job)) this.#stepsDone -= 1;
    });
    events.on('away', ({ since }) => {
      this.#awaySince = since;
    });
    events.on('back', () => {
      this.#awaySince = undefined;
    });
    events.on('progress', (progress) => {
      const job = this.#underWay.get(progress.job);
      if (!job) return;
      job.bytes = progress.bytes;
      job.resumedAt = progress.resumedAt ?? 0;
    });
    events.on('end', (end) => {
      this.#underWay.delete(end.job);
      this.#stepsDone += 1;
      if (end.error) this.#failed.add(end.job);
      else this.#addDone(end);
    });
  }

  /** A cycle begins to carry out a plan. */
  begin({ steps }: Plan): void {
    this.#begin = this.#now();
    this.#awaySince = undefined;
    this.#steps = steps.length;
    this.#stepsDone = 0;
    this.#failed.clear();
    this.#bytes = steps.reduce((sum, { size }) => sum + size, 0);
    this.#bytesDone = 0;
    this.#bytesThere = 0;
  }

  /** The line as it stands now; `''` while nothing is under way. */
  text(): string {
    if (this.#awaySince !== undefined) {
      return `${this.#stepsDone}/${this.#steps}  waiting for the server for ${showDuration(this.#now() - this.#awaySince)}`;
    }
    if (this.#underWay.size === 0) return '';
    const seconds = Math.max(0.001, (this.#now() - this.#begin) / 1000);
    const underWay = [...this.#underWay.values()];
    const moved = this.#bytesDone + underWay.reduce((sum, job) => sum + job.bytes, 0);
    const there = this.#bytesThere + underWay.reduce((sum, { resumedAt }) => sum + resumedAt, 0);
    const parts = [
      `${this.#stepsDone}/${this.#steps}`,
      `${bytes(moved)} of ${bytes(this.#bytes)}`,
      `${bytes(Math.round((moved - there) / seconds))}/s`,
      `${this.#timeLeft(moved - there, this.#bytes - there, seconds)} left`,
      ...underWay.map(({ start }) => `[${start.worker}] ${oneLine(nameOf(start.path))}`),
    ];
    return parts.join('  ');
  }

  #addDone({ bytes: sent, resumedAt = 0 }: JobEnd): void {
    this.#bytesDone += sent + resumedAt;
    this.#bytesThere += resumedAt;
  }

  /** By what goes slower, bytes or steps: thousands of empty files have no bytes to count. */
  #timeLeft(sent: number, toSend: number, seconds: number): string {
    const share = Math.min(toSend === 0 ? 1 : sent / toSend, this.#steps === 0 ? 1 : this.#stepsDone / this.#steps);
    if (share === 0) return '?';
    return showDuration((seconds * 1000 * (1 - share)) / share);
  }
}
