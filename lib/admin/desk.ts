import { showText } from '../base/show-text.ts';
import type { Administrator, ArgumentsOf, CallName, ResultOf } from '../control/calls.ts';
import type { AdministratorLogin } from '../control/control-client.ts';
import { AdminError } from './admin-error.ts';

/** What a desk stands in. */
export interface DeskSurroundings {
  /** Log in: to the server that runs, or to the accounts themselves. */
  readonly open: (login: AdministratorLogin) => Promise<Administrator>;
  /** Show a line of the result. */
  readonly write: (line: string) => void;
  /** Ask for a line; missing where nobody can be asked. `undefined` is an answer refused. */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** The same without showing what is typed. */
  readonly askSecret?: (question: string) => Promise<string | undefined>;
  /** The first line of standard input; `undefined` when it is empty or has no end. */
  readonly readLine: () => Promise<string | undefined>;
}

/**
 * Where commands have things done, ask, and show what came of it.
 *
 * Each call logs in anew and leaves again: a tool before which somebody sits and thinks holds neither a place on the
 * control socket nor, where no server runs, the lock that a server needs to start.
 */
export class Desk {
  readonly #surroundings: DeskSurroundings;
  #login: AdministratorLogin;

  constructor(login: AdministratorLogin, surroundings: DeskSurroundings) {
    this.#login = login;
    this.#surroundings = surroundings;
  }

  /** @throws CodedError when it was refused */
  async call<Name extends CallName>(name: Name, asked: ArgumentsOf<Name>): Promise<ResultOf<Name>> {
    const administrator = await this.#surroundings.open(this.#login);
    try {
      return await administrator.call(name, asked);
    } finally {
      await administrator.close();
    }
  }

  /**
   * See whether the login is right, before somebody is asked for more.
   *
   * @returns whether a server runs
   */
  async prove(): Promise<boolean> {
    const administrator = await this.#surroundings.open(this.#login);
    await administrator.close();
    return administrator.isLive;
  }

  /** Log in with another name or password from now on. */
  changeLogin(changes: Partial<AdministratorLogin>): void {
    this.#login = { ...this.#login, ...changes };
  }

  /** Show a result: as JSON where that was asked for, else in words. */
  show(isJson: boolean, result: unknown, inWords: () => readonly string[]): void {
    const lines = isJson ? [JSON.stringify(result)] : inWords();
    for (const line of lines) this.#surroundings.write(line);
  }

  /**
   * A new password: from standard input, or asked for twice.
   *
   * @param whose for the question: `anna`
   * @throws AdminError E_USAGE when there is none, or the two are not the same
   */
  async newPassword(whose: string, isInInput: boolean): Promise<string> {
    if (isInInput) {
      const line = await this.#surroundings.readLine();
      if (line) return line;
      throw new AdminError('E_USAGE', '--password-stdin: the first line of standard input is empty or too long');
    }
    const { askSecret } = this.#surroundings;
    if (!askSecret) throw new AdminError('E_USAGE', 'No new password: use --password-stdin, or a terminal');
    await this.prove();
    const first = await askSecret(`New password of ${showText(whose)}: `);
    if (!first) throw new AdminError('E_USAGE', 'No new password was typed');
    if ((await askSecret('The same again: ')) === first) return first;
    throw new AdminError('E_USAGE', 'The two passwords are not the same');
  }

  /**
   * Go on only if the administrator means it.
   *
   * @throws AdminError E_NOT_AGREED
   */
  async mustAgree(isAgreed: boolean, what: string): Promise<void> {
    if (isAgreed) return;
    const { ask } = this.#surroundings;
    if (!ask) throw new AdminError('E_NOT_AGREED', `${what}: this cannot be undone, use --yes if it is meant`);
    const answer = await ask(`${what}: this cannot be undone. Go on? [y/N] `);
    if (!/^y(es)?$/i.test(answer ?? '')) throw new AdminError('E_NOT_AGREED', 'Nothing was done');
  }
}
