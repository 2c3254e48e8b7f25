import { createRequire } from 'node:module';
import { join } from 'node:path';
import { committedFiles, read, repository } from './pages.ts';

interface Package {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
}

interface FloorRule {
  readonly name: string;
  readonly comment: string;
}

const manifest = JSON.parse(read('package.json')) as Package;
const files = committedFiles();

describe('README.md', () => {
  const readme = read('README.md');

  it('is short', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThan(150);
  });

  it('names the two commands to begin with, and only scripts that exist', () => {
    expect(readme).toContain('```sh\nnpm ci && npm run demo\n```');
    expect(readme).toContain('```sh\nnpm ci && npm test\n```');
    const named = [...readme.matchAll(/npm (?:run )?([a-z]+)/g)].map(([, script]) => script ?? '');
    expect(named.filter((script) => script !== 'ci' && !(script in manifest.scripts))).toEqual([]);
  });
});

describe('CONTRIBUTING.md', () => {
  const contributing = read('CONTRIBUTING.md');

  it('names only scripts that exist', () => {
    const named = [...contributing.matchAll(/npm (?:run )?([a-z]+)/g)].map(([, script]) => script ?? '');
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((script) => script !== 'ci' && !(script in manifest.scripts))).toEqual([]);
  });

  it('names only files and folders that exist', () => {
    const named = [...contributing.matchAll(/`((?:lib|spec|docs|bin)\/[^`*]*)`/g)].map(([, path]) => path ?? '');
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((path) => !files.some((file) => file === path || file.startsWith(path)))).toEqual([]);
  });
});

describe('CHANGELOG.md', () => {
  it('mentions the version of the package', () => {
    expect(read('CHANGELOG.md')).toContain(`\n## ${manifest.version} (`);
  });
});

describe('docs/glossary.md', () => {
  const terms = [...read('docs/glossary.md').matchAll(/^\| ([a-z ]+?) +\| /gm)].map(([, term]) => term ?? '').slice(1);
  const texts = files
    .filter((path) => path !== 'docs/glossary.md' && /^(lib|docs)\/.*\.(ts|md)$/.test(path))
    .map((path) => read(path).toLowerCase().replace(/\s+/g, ' '));

  it('has terms', () => {
    expect(terms.length).toBeGreaterThan(25);
    expect(new Set(terms).size).toBe(terms.length);
  });

  it('holds only words that are used', () => {
    expect(terms.filter((term) => !texts.some((text) => new RegExp(`\\b${term}`).test(text)))).toEqual([]);
  });
});

describe('docs/decisions', () => {
  const records = files
    .filter((path) => /^docs\/decisions\/.*\.md$/.test(path))
    .map((path) => path.slice('docs/decisions/'.length))
    .filter((name) => name !== 'index.md');

  it('are all listed in their index', () => {
    const index = read('docs/decisions/index.md');
    expect(records.length).toBeGreaterThan(10);
    expect(records.filter((name) => !index.includes(`](${name})`))).toEqual([]);
  });

  it('are numbered from 1 on without a gap', () => {
    const numbers = records.map((name) => Number(/^(\d{4})-/.exec(name)?.[1])).sort((a, b) => a - b);
    expect(numbers).toEqual(records.map((_, index) => index + 1));
  });

  for (const name of records) {
    it(`tell question, choices, decision, consequences and date in ${name}`, () => {
      const record = read(`docs/decisions/${name}`);
      const headings = [...record.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
      expect(headings).toEqual(['Question', 'Choices', 'Decision', 'Consequences']);
      expect(record).toMatch(/^# .+\n\nDate: \d{4}-\d\d-\d\d\n/);
    });
  }
});

describe('docs/architecture.md', () => {
  it('has the floors that the rules check', () => {
    const rules = createRequire(import.meta.url)(join(repository, '.dependency-cruiser.cjs')) as {
      readonly forbidden: readonly FloorRule[];
    };
    const checked = rules.forbidden.flatMap(({ name, comment }) => {
      const floor = / is on floor (\d)/.exec(comment)?.[1];
      return floor === undefined ? [] : [`${floor} ${name.replace('-looks-up', '')}`];
    });
    const rows = [...read('docs/architecture.md').matchAll(/^\| (\d) +\| ([a-z, ]+) \|/gm)];
    const told = rows.flatMap(([, floor, names = '']) => names.split(', ').map((name) => `${floor} ${name.trim()}`));
    expect(told.length).toBeGreaterThan(10);
    expect(told.sort()).toEqual(checked.sort());
  });
});

describe('docs/reference/events.md', () => {
  const page = read('docs/reference/events.md');
  const [transport = '', server = ''] = page.split('## FtpServer');

  for (const { type, source, part } of [
    { type: 'TransferEvents', source: 'lib/transfer/progress.ts', part: transport.split(/^\| value /m)[0] ?? '' },
    { type: 'FtpServerEvents', source: 'lib/server/session-events.ts', part: server },
  ]) {
    it(`lists the events of ${type} and no others`, () => {
      const body = new RegExp(`export type ${type} = \\{(.*?)\\n\\};`, 's').exec(read(source))?.[1] ?? '';
      const events = [...body.matchAll(/^ {2}(\w+): \[/gm)].map(([, name]) => name ?? '');
      const listed = [...part.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name ?? '');
      expect(events.length).toBeGreaterThan(2);
      expect(listed).toEqual(events);
    });
  }
});
