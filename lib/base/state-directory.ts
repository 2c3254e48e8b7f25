import { isAbsolute, join } from 'node:path';

import type { Environment } from './environment-options.ts';

const OWN_NAME = 'filesmirror';

/** What the place depends on. */
export interface StateSurroundings {
  /** See the XDG Base Directory Specification; `LOCALAPPDATA` is where Windows keeps what belongs to one user. */
  readonly environment: Environment & {
    readonly XDG_STATE_HOME?: string | undefined;
    readonly LOCALAPPDATA?: string | undefined;
  };
  readonly platform: NodeJS.Platform;
  /** The user's own folder, absolute. */
  readonly home: string;
}

/**
 * Where programs keep what they remember of their work, the journals above all, when `--state-dir` does not say.
 *
 * `$XDG_STATE_HOME/filesmirror`, else what the system has for such files. A relative `$XDG_STATE_HOME` is not valid and is
 * passed over (XDG Base Directory Specification).
 */
export function stateDirectory({ environment, platform, home }: StateSurroundings): string {
  const given = environment.XDG_STATE_HOME;
  if (given && isAbsolute(given)) return join(given, OWN_NAME);
  if (platform === 'win32') return join(environment.LOCALAPPDATA || join(home, 'AppData', 'Local'), OWN_NAME);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', OWN_NAME);
  return join(home, '.local', 'state', OWN_NAME);
}
