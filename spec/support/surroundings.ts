import { join } from 'node:path';
import type { Surroundings } from '../../lib/mirror/surroundings.ts';

/** Surroundings of the mirror in which nobody can be asked and nothing is known; `folder` is working and home folder. */
export function plainSurroundings(folder: string, changes: Partial<Surroundings> = {}): Surroundings {
  return {
    environment: { XDG_STATE_HOME: join(folder, 'state') },
    platform: 'linux',
    home: folder,
    cwd: folder,
    cores: 2,
    columns: 80,
    stderrIsTerminal: false,
    runCommand: async () => ({ failure: 'it must not be run', output: '' }),
    hasJournal: async () => false,
    ...changes,
  };
}
