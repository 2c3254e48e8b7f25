import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { read, repository } from './pages.ts';

interface CoverageRules {
  readonly exclude: readonly string[];
}

/** What the compiler leaves of a file that holds only types: no more than a mark that it is a module. */
function hasNoCode(compiled: string): boolean {
  const code = compiled.replace(/\/\*.*?\*\//gs, '').replace(/^\s*\/\/.*$/gm, '');
  return code.trim() === 'export {};';
}

describe('.c8rc.json', () => {
  const compiled = readdirSync(join(repository, 'dist', 'lib'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.js'))
    .map((path) => `dist/lib/${path}`);
  const { exclude } = JSON.parse(read('.c8rc.json')) as CoverageRules;

  it('leaves out of the coverage exactly the files that hold only types, in their alphabetical order', () => {
    expect(compiled.length).toBeGreaterThan(100);
    expect(exclude).toEqual(compiled.filter((path) => hasNoCode(read(path))).sort());
  });
});
