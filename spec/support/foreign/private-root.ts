import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Copy a program with all the libraries it needs into a folder that can be its root folder (chroot(2)).
 *
 * @param root the folder; the program goes where it was below `/` or below the unpacked packages
 * @param program its path on this machine
 * @param modules libraries that are loaded by name at run time: they go to `/lib/security`
 * @param env the environment in which the program finds its libraries here
 */
export function copyIntoRoot(
  root: string,
  program: string,
  modules: readonly string[],
  env: Readonly<Record<string, string>>,
): void {
  copy(program, join(root, 'bin', basename(program)));
  for (const module of modules) copy(module, join(root, 'lib/security', basename(module)));
  for (const library of [program, ...modules].flatMap((file) => librariesOf(file, env))) {
    // The loader is named by its path, everything else by its name, and looked for in /lib among other places.
    const place = basename(library).startsWith('ld-') ? library : join('lib', basename(library));
    copy(library, join(root, place));
  }
}

/** The paths of the libraries that a program or library needs, as ldd(1) tells them. */
export function librariesOf(file: string, env: Readonly<Record<string, string>>): readonly string[] {
  const told = execFileSync('ldd', [file], { env, encoding: 'utf8' });
  return [...told.matchAll(/(?:=> |^\s*)(\/\S+) \(/gm)].map(([, path = '']) => path);
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(realpathSync(from), to);
}
