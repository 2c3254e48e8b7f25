import { ClientError } from './client-error.ts';

/** Asks a question on the terminal, and gives the line that was typed; `undefined` when there was none. */
export type AskLine = (question: string) => Promise<string | undefined>;

/** What the user is asked in the midst of a command. */
export class Questions {
  readonly #ask: AskLine | undefined;
  readonly #isYes: () => boolean;

  /**
   * @param ask missing where nobody can be asked
   * @param isYes is every question answered with yes?
   */
  constructor(ask: AskLine | undefined, isYes: () => boolean) {
    this.#ask = ask;
    this.#isYes = isYes;
  }

  /** @throws ClientError E_NO_ANSWER where nobody can be asked */
  async confirm(question: string): Promise<boolean> {
    if (this.#isYes()) return true;
    if (!this.#ask) throw new ClientError('E_NO_ANSWER', `${question} There is nobody to ask: say --yes`);
    const answer = await this.#ask(`${question} [y/N] `);
    return /^\s*y(es)?\s*$/i.test(answer ?? '');
  }
}
