import { resolve } from 'node:path';
import {
  explicitSourceFaults,
  findPassword,
  findUser,
  type LoginRequest,
  type LoginSurroundings,
} from '../far/find-login.ts';
import { findTls } from '../far/find-tls.ts';
import { parseSite } from '../ftp/parse-site.ts';
import { showSite } from '../ftp/show-site.ts';
import type { SiteParts } from '../ftp/site-parts.ts';
import { ClientError } from './client-error.ts';
import type { Login } from './session.ts';
import type { Settings } from './settings.ts';

const PARAMETER = 'the address';

/** What {@link Logins} takes from around it. */
export type LoginsSurroundings = LoginSurroundings & { readonly cwd: string };

// Where a password was given for one login, no other server may see it.
const WAYS_OF_OTHERS =
  'use ~/.netrc or a terminal; --password-file, --password-command and FTP_PASSWORD are for the address of the command line only';

/** Where what is done now was said: in the command line, in a script, or by somebody at a terminal. */
export type Said = 'arguments' | 'script' | 'terminal';

/** What is said of a password in an address, but for the address of the command line itself. */
const WARNINGS: Readonly<Record<Said, string>> = {
  arguments:
    'The password stands in the command line, where every user of this machine can read it: leave it out of the address and use ~/.netrc',
  script:
    'The password stands in the script, where everybody who can read that can read it: leave it out of the address and use ~/.netrc',
  terminal: 'The password was typed for all to see: leave it out of the address, and it is asked for',
};

/** Makes of an address all that is needed to log in. */
export class Logins {
  readonly #settings: Settings;
  readonly #surroundings: LoginsSurroundings;
  readonly #said: () => Said;
  /** Is the next address that of the command line? */
  #isFirst: boolean;
  /** Whose the password of the options and of the environment is. */
  #owner: string | undefined;

  /**
   * @param said where addresses come from, but for that of the command line
   * @param isFirst is the first address that of the command line? The password of options and environment is for it alone
   */
  constructor(settings: Settings, surroundings: LoginsSurroundings, said: () => Said, isFirst: boolean) {
    this.#settings = settings;
    this.#surroundings = surroundings;
    this.#said = said;
    this.#isFirst = isFirst;
  }

  /**
   * Find user, password and trust for an address: in it, for that of the command line in what the options name and in the
   * environment, in `~/.netrc`, or by asking.
   *
   * @throws ClientError E_COMMAND for what is no address, E_PASSWORD where there is none
   */
  async find(address: string): Promise<{ readonly login: Login; readonly warnings: readonly string[] }> {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    const site = partsOf(address);
    const user = await findUser(...this.#asked(site, isFirst));
    const name = showSite({ ...user.secret.address, directory: '/' });
    if (isFirst) this.#owner = name;
    // An address with a password of its own needs none of those; that of the command line cannot have two.
    const isOwner = isFirst || (name === this.#owner && site.password === undefined);
    const [asked, surroundings] = this.#asked(site, isOwner);
    const request = isFirst ? asked : { ...asked, warning: WARNINGS[this.#said()] };
    const tls = await findTls(this.#settings.values, site.protocol, this.#surroundings);
    const faults = [...explicitSourceFaults(request), ...user.faults, ...tls.faults];
    if (faults[0]) throw new ClientError('E_COMMAND', faults[0].message);
    const password = await findPassword(request, user.secret, surroundings);
    if (password.secret === undefined) {
      throw new ClientError('E_PASSWORD', password.faults[0]?.message ?? 'There is no password');
    }
    return {
      login: { site: { ...user.secret.address, password: password.secret }, tls: tls.secret ?? {} },
      warnings: [...user.warnings, ...tls.warnings, ...password.warnings],
    };
  }

  /** What is asked for, and where: with the password that was given along with the client, or without it. */
  #asked(site: SiteParts, isOwner: boolean): [LoginRequest, LoginSurroundings] {
    const none = { parameter: PARAMETER, site, passwordFile: undefined, passwordCommand: undefined };
    if (!isOwner)
      return [
        { ...none, ways: WAYS_OF_OTHERS },
        { ...this.#surroundings, environment: {} },
      ];
    const { 'password-file': file, 'password-command': passwordCommand } = this.#settings.values;
    const passwordFile = file === undefined ? undefined : resolve(this.#surroundings.cwd, file);
    return [{ ...none, passwordFile, passwordCommand }, this.#surroundings];
  }

  /** An address as it may be kept. @throws ClientError E_COMMAND */
  withoutPassword(address: string): string {
    return showSite(partsOf(address));
  }
}

/** A host alone is an address, too. */
function partsOf(address: string): SiteParts {
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(address);
  const parsed = parseSite(isUrl ? address : `ftp://${address}`);
  if ('parts' in parsed) return parsed.parts;
  throw new ClientError('E_COMMAND', `The address: ${parsed.faults.map(({ rule }) => rule).join('; ')}`);
}
