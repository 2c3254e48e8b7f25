import { setImmediate as turn } from 'node:timers/promises';
import { readProblem } from '../../base/read-problem.ts';
import { Pace } from '../../files/pace.ts';
import type { Applied, Change } from '../replica/events.ts';
import type { DiskSync } from './disk-sync.ts';
import type { ShareChanger } from './share-changer.ts';

/** Who is told how far a change is. */
export interface ChangeUser {
  /** It is about to be made: the last moment to keep that. */
  readonly begin: () => void;
  readonly end: (outcome: Applied) => void;
  /** What was told, of this one or of one before it, cannot be kept. A change that has not been made by then is not made. */
  readonly fault: (error: unknown) => void;
}

/** Where what is told of changes is kept. */
export interface Keeper {
  /** What is told while `work` goes on can be kept in one go. @throws when it cannot be kept */
  readonly together: (work: () => void) => void;
  /** @throws when nothing can be kept any more */
  readonly assertInPlace: () => void;
}

interface Waiting {
  readonly change: Change;
  readonly part: string | undefined;
  readonly user: ChangeUser;
}

// Bringing that many small files onto the disk takes a tenth of a second: nobody waits much longer for his own.
const MOST_AT_ONCE = 1000;

const NOBODY: Keeper = { together: (work) => work(), assertInPlace: () => undefined };

/**
 * Does changes in the order in which they are handed in. The contents of many are brought onto the disk together, before any of
 * them is to be seen in the share: while one group is under way, the next one gathers.
 *
 * That a file has its new name is on the disk at the latest when a later write of this process to the same disk is: a journal there
 * never tells of a change that a power failure has taken back. What became of a change is told right behind it, before the next one
 * is made: a process that is killed leaves no more than one of which nobody knows, and that only within microseconds.
 */
export class GroupCommit {
  readonly #changer: ShareChanger;
  readonly #sync: DiskSync;
  readonly #keeper: Keeper;
  readonly #pace = new Pace();
  #waiting: Waiting[] = [];
  #isBusy = false;

  constructor(changer: ShareChanger, sync: DiskSync, keeper: Keeper = NOBODY) {
    this.#changer = changer;
    this.#sync = sync;
    this.#keeper = keeper;
  }

  /** Do a change; see {@link ShareChanger.apply}. Many may be handed in at once. */
  apply(change: Change, part: string | undefined, user: ChangeUser): void {
    this.#waiting.push({ change, part, user });
    if (!this.#isBusy) void this.#work();
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
    const begin = () => {
      // Once for all of them: asking costs as much as telling of one.
      this.#keeper.assertInPlace();
      for (const { user } of group) user.begin();
    };
    if (!this.#keep(begin, group)) return;
    for (const [index, { change, part, user }] of group.entries()) {
      const hasFailed = part !== undefined && failure !== undefined;
      const outcome: Applied = hasFailed
        ? { result: 'failed', reason: failure }
        : await this.#changer.apply(change, part);
      // At once: where a crash came in between, what a user does there before the next start would be taken back.
      if (!this.#keep(() => user.end(outcome), group, index)) break;
      if (!this.#pace.isDue()) continue;
      this.#changer.release();
      await this.#pace.rest();
    }
    this.#changer.release();
  }

  /**
   * Tell something that is kept, in one go.
   *
   * @param first of the group who is told when it cannot be kept, and all behind it
   * @returns whether it could
   */
  #keep(tell: () => void, group: readonly Waiting[], first = 0): boolean {
    try {
      this.#keeper.together(tell);
      return true;
    } catch (error) {
      for (const { user } of group.slice(first)) user.fault(error);
      return false;
    }
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
