import { posix, win32 } from 'node:path';

/** Where a program runs, as far as paths depend on it. */
export interface Place {
  readonly platform: NodeJS.Platform;
  /** The user's home folder. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The folder for what the package must remember between runs.
 *
 * XDG Base Directory Specification 0.8 on Linux and its like, where a relative `XDG_STATE_HOME` is to be ignored; the
 * vendors' places on macOS and Windows.
 */
export function stateFolder({ platform, home, environment }: Place): string {
  if (platform === 'win32') {
    return win32.join(environment['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local'), 'filesmirror');
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'filesmirror');
  const chosen = environment['XDG_STATE_HOME'] ?? '';
  return posix.join(posix.isAbsolute(chosen) ? chosen : posix.join(home, '.local', 'state'), 'filesmirror');
}
