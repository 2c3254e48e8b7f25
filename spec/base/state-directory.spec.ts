import { join } from 'node:path';
import { stateDirectory } from '../../lib/base/state-directory.ts';

const home = join('/', 'home', 'steve');

describe('stateDirectory', () => {
  const cases: readonly (readonly [what: string, Parameters<typeof stateDirectory>[0], path: string])[] = [
    [
      'follows $XDG_STATE_HOME',
      { environment: { XDG_STATE_HOME: '/state' }, platform: 'linux', home },
      '/state/filesmirror',
    ],
    [
      'follows it on every system',
      { environment: { XDG_STATE_HOME: '/state' }, platform: 'darwin', home },
      '/state/filesmirror',
    ],
    [
      'passes over a relative one',
      { environment: { XDG_STATE_HOME: 'state' }, platform: 'linux', home },
      join(home, '.local/state/filesmirror'),
    ],
    [
      'passes over an empty one',
      { environment: { XDG_STATE_HOME: '' }, platform: 'linux', home },
      join(home, '.local/state/filesmirror'),
    ],
    [
      'lies below .local on Linux',
      { environment: {}, platform: 'linux', home },
      join(home, '.local/state/filesmirror'),
    ],
    [
      'lies below Library on macOS',
      { environment: {}, platform: 'darwin', home },
      join(home, 'Library/Application Support/filesmirror'),
    ],
    [
      'follows %LOCALAPPDATA% on Windows',
      { environment: { LOCALAPPDATA: '/local' }, platform: 'win32', home },
      '/local/filesmirror',
    ],
    [
      'lies below AppData on Windows',
      { environment: {}, platform: 'win32', home },
      join(home, 'AppData/Local/filesmirror'),
    ],
  ];
  for (const [what, surroundings, path] of cases) {
    it(what, () => {
      expect(stateDirectory(surroundings)).toBe(path);
    });
  }
});
