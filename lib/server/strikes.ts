import type { Answer } from './command.ts';
import type { SessionLimits } from './limits.ts';

/** Counts what no FTP client does, and ends the session where it does so too often. */
export class Strikes {
  readonly #limits: () => SessionLimits;
  #unknownInARow = 0;
  #longLines = 0;
  #refusedToStranger = 0;

  /** @param limits asked each time, so that other ones hold at once */
  constructor(limits: () => SessionLimits) {
    this.#limits = limits;
  }

  /** A line had no end in time. */
  longLine(): Answer {
    this.#longLines += 1;
    return { code: 500, text: 'The line is too long', closes: this.#longLines >= this.#limits().longLines };
  }

  /** A command that there is. */
  known(): void {
    this.#unknownInARow = 0;
  }

  /** A command that there is not. */
  unknown(): Answer {
    this.#unknownInARow += 1;
    return this.#unknownInARow >= this.#limits().badCommands
      ? { code: 421, text: 'Too many unknown commands', closes: true }
      : { code: 500, text: 'There is no such command' };
  }

  /** What is answered to somebody who has not logged in, and did not just try to: wrong passwords have a limit of their own. */
  toStranger(answer: Answer): Answer {
    if (answer.code < 400) return answer;
    this.#refusedToStranger += 1;
    return this.#refusedToStranger >= this.#limits().refusedCommands
      ? { code: 421, text: 'Too many refused commands', closes: true }
      : answer;
  }
}
