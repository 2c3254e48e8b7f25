import { setImmediate as turn } from 'node:timers/promises';
import { readProblem } from '../../base/read-problem.ts';
import { Pace } from '../../files/pace.ts';
import type { Applied, Change } from '../replica/events.ts';
import type { DiskSync } from './disk-sync.ts';
import type { ShareChanger } from './share-changer.ts';

interface Waiting {
  readonly change: Change;
  readonly part: string | undefined;
  readonly settle: (outcome: Applied) => void;
}

// Bringing that many small files onto the disk takes a tenth of a second: nobody waits much longer for his own.
const MOST_AT_ONCE = 1000;

/**
 * Does changes in the order in which they are handed in. The contents of many are brought onto the disk together, before any of
 * them is to be seen in the share: while one group is under way, the next one gathers.
 *
 * That a file has its new name is on the disk at the latest when a later write of this process to the same disk is: a journal there
 * never tells of a change that a power failure has taken back.
 */
export class GroupCommit {
  readonly #changer: ShareChanger;
  readonly #sync: DiskSync;
  readonly #pace = new Pace();
  #waiting: Waiting[] = [];
  #isBusy = false;

  constructor(changer: ShareChanger, sync: DiskSync) {
    this.#changer = changer;
    this.#sync = sync;
  }

  /** Do a change; see {@link ShareChanger.apply}. Many may be handed in at once. */
  apply(change: Change, part?: string): Promise<Applied> {
    return new Promise((settle) => {
      this.#waiting.push({ change, part, settle });
      if (!this.#isBusy) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    // More may be handed in in the same turn.
    await turn();
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, MOST_AT_ONCE));
    this.#isBusy = false;
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const failure = await this.#bring(group.flatMap(({ part }) => part ?? []));
    await this.#pace.rest();
    for (const { change, part, settle } of group) {
      const hasFailed = part !== undefined && failure !== undefined;
      settle(hasFailed ? { result: 'failed', reason: failure } : await this.#changer.apply(change, part));
      if (!this.#pace.isDue()) continue;
      this.#changer.release();
      await this.#pace.rest();
    }
    this.#changer.release();
  }

  /** @returns why they are not on the disk, in words */
  async #bring(parts: readonly string[]): Promise<string | undefined> {
    if (parts.length === 0) return undefined;
    try {
      await this.#sync.bring(parts);
      return undefined;
    } catch (error) {
      return readProblem(error);
    }
  }
}
