import { spawnSync } from 'node:child_process';

/** A Python that has pyftpdlib. */
export interface PythonOfPyftpdlib {
  readonly program: string;
  readonly version: string;
}

/** The first Python here that has it; Debian's package is for Debian's Python, which need not be the first on the PATH. */
export function findPyftpdlib(): PythonOfPyftpdlib | undefined {
  for (const program of ['python3', '/usr/bin/python3']) {
    const asked = spawnSync(program, ['-c', 'import pyftpdlib; print(pyftpdlib.__ver__)'], { encoding: 'utf8' });
    if (asked.status === 0) return { program, version: asked.stdout.trim() };
  }
  return undefined;
}
