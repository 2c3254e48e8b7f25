import { resolve } from 'node:path';
import { explicitSourceFaults, findPassword, findUser, type LoginSurroundings } from '../far/find-login.ts';
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

/** Makes of an address all that is needed to log in. */
export class Logins {
  readonly #settings: Settings;
  readonly #surroundings: LoginsSurroundings;

  constructor(settings: Settings, surroundings: LoginsSurroundings) {
    this.#settings = settings;
    this.#surroundings = surroundings;
  }

  /**
   * Find user, password and trust for an address: in it, in what the options name, in the environment, in `~/.netrc`, or by
   * asking.
   *
   * @throws ClientError E_COMMAND for what is no address, E_PASSWORD where there is none
   */
  async find(address: string): Promise<{ readonly login: Login; readonly warnings: readonly string[] }> {
    const site = partsOf(address);
    const { values } = this.#settings;
    const file = values['password-file'];
    const request = {
      parameter: PARAMETER,
      site,
      passwordFile: file === undefined ? undefined : resolve(this.#surroundings.cwd, file),
      passwordCommand: values['password-command'],
    };
    const user = await findUser(request, this.#surroundings);
    const tls = await findTls(values, site.protocol, this.#surroundings);
    const faults = [...explicitSourceFaults(request), ...user.faults, ...tls.faults];
    if (faults[0]) throw new ClientError('E_COMMAND', faults[0].message);
    const password = await findPassword(request, user.secret, this.#surroundings);
    if (password.secret === undefined) {
      throw new ClientError('E_PASSWORD', password.faults[0]?.message ?? 'There is no password');
    }
    return {
      login: { site: { ...user.secret.address, password: password.secret }, tls: tls.secret ?? {} },
      warnings: [...user.warnings, ...tls.warnings, ...password.warnings],
    };
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
