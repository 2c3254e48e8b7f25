import { spawnSync } from 'node:child_process';

/** Why a program of others cannot take part, or `undefined`. */
export function missingProgram(name: string, install: string): string | undefined {
  return spawnSync(name, ['--version']).status === 0 ? undefined : `there is no ${name} (Debian: ${install})`;
}
