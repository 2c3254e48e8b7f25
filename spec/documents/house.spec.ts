import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { committedFiles, read, repository } from './pages.ts';

interface Cruise {
  readonly summary: { readonly totalCruised: number; readonly error: number; readonly violations: readonly unknown[] };
}

const files = committedFiles();

// Section 1 of the design: four folders, the papers of a package, and dot files.
const ALLOWED = new Set([
  ...['bin', 'lib', 'spec', 'docs'],
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'LICENSE'],
  ...['package.json', 'package-lock.json', 'tsconfig.json'],
]);

describe('the house', () => {
  it('has no more at its top than it should', () => {
    const top = [...new Set(files.map((path) => path.split('/', 1)[0] ?? ''))];
    expect(top).toContain('lib');
    expect(top.filter((name) => !ALLOWED.has(name) && !name.startsWith('.'))).toEqual([]);
  });

  it('has no file in lib or bin of more than 300 lines', () => {
    const code = files.filter((path) => /^(lib|bin)\/.*\.[jt]s$/.test(path));
    expect(code.length).toBeGreaterThan(100);
    expect(code.filter((path) => read(path).trimEnd().split('\n').length > 300)).toEqual([]);
  });

  it('keeps its floors, and all modules were read to say so', () => {
    const { summary } = cruise();
    expect(summary.totalCruised).toBeGreaterThan(40);
    expect(summary.totalCruised).toBeGreaterThanOrEqual(files.filter((path) => /^lib\/.*\.ts$/.test(path)).length);
    expect(summary.violations).toEqual([]);
    expect(summary.error).toBe(0);
  }, 60_000);
});

function cruise(): Cruise {
  const program = join(repository, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const words = [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'lib'];
  // With violations it still writes the report, and its status is left to the expectation.
  try {
    return JSON.parse(execFileSync(process.execPath, words, { cwd: repository, encoding: 'utf8', maxBuffer: 2 ** 26 }));
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    return JSON.parse(output) as Cruise;
  }
}
