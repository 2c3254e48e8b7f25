import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of the checkout; the compiled specs lie two folders deeper than dist. */
export const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** The text of a file of the repository. */
export function read(path: string): string {
  return readFileSync(join(repository, path), 'utf8');
}

/** The files that git knows and that are there, by paths below the top; what lies about in a checkout is nobody's fault. */
export function committedFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: repository, encoding: 'utf8' });
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(repository, path)));
}

/** A text without what stands between fences and back quotes: code is no link and no heading. */
export function withoutCode(text: string): string {
  return text.replace(/^ *(```+).*?^ *\1 *$/gms, '').replace(/`[^`\n]*`/g, '');
}
