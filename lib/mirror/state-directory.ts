import { isAbsolute, join } from 'node:path';
import type { Surroundings } from './surroundings.ts';

const OWN_NAME = 'filesmirror';

/**
 * Where the journals are kept when `--state-dir` does not say.
 *
 * `$XDG_STATE_HOME/filesmirror`, else what the system has for such files. A relative `$XDG_STATE_HOME` is not valid and is
 * passed over (XDG Base Directory Specification).
 */
export function stateDirectory({
  environment,
  platform,
  home,
}: Pick<Surroundings, 'environment' | 'platform' | 'home'>): string {
  const given = environment.XDG_STATE_HOME;
  if (given && isAbsolute(given)) return join(given, OWN_NAME);
  if (platform === 'win32') return join(environment.LOCALAPPDATA || join(home, 'AppData', 'Local'), OWN_NAME);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', OWN_NAME);
  return join(home, '.local', 'state', OWN_NAME);
}
