import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../documents/pages.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { aloneOf, besideOf } from './batches.ts';
import { runSpecs } from './run-specs.ts';
import { lineOf, resultOf } from './total.ts';

describe('specs, side by side,', () => {
  const folder = temporaryFolder();

  it('come to one result, with all that failed', async () => {
    const files = specFiles({
      'a/good.spec.js': `it('is', () => expect(1).toBe(1)); xit('is not asked', () => {})`,
      'b/bad.spec.js': `it('is', () => expect(1).toBe(1)); it('is wrong', () => expect(1).toBe(2))`,
    });
    const said: string[] = [];
    const total = await runSpecs({ folder: folder(), files }, (text) => said.push(text));
    expect(lineOf(total)).toBe('4 specs, 1 failure, 1 pending spec');
    expect(said.join('')).toContain('Expected 1 to be 2.');
    expect(said.join('')).toContain(`npm run spec -- ${join(folder(), 'b/bad.spec.js')}`);
  });

  const badEnds = [
    { what: 'cannot be loaded', content: 'nothing.of.the.kind' },
    {
      what: 'has two suites of one name',
      content: `for (let i = 0; i < 2; i++) describe('a', () => it('b', () => {}))`,
    },
    { what: 'has no specs', content: '' },
    { what: 'fails after its specs', content: `it('is', () => expect(1).toBe(1)); afterAll(() => fail('late'))` },
    { what: 'ends its process', content: `it('is', () => process.exit(0))` },
    { what: 'is killed', content: `it('is', () => process.kill(process.pid, 'SIGKILL'))` },
  ];
  for (const { what, content } of badEnds) {
    it(`fail when a file ${what}`, async () => {
      const files = specFiles({ 'a/bad.spec.js': content, 'b/good.spec.js': `it('is', () => expect(1).toBe(1))` });
      const total = await runSpecs({ folder: folder(), files }, () => undefined);
      expect(total.failures).toBe(1);
    });
  }

  it('are each in one batch, and those that need to be are alone', () => {
    const names = Array.from({ length: 30 }, (_, index) => `${index % 2 ? 'sync' : 'far'}/${index}.spec.js`);
    const files = ['server/disk/disk.spec.js', ...names];
    expect(aloneOf(files)).toEqual(['server/disk/disk.spec.js']);
    expect(besideOf(files).flat().sort()).toEqual([...names].sort());
    expect(besideOf(files).map((batch) => batch.length)).toEqual([4, 4, 4, 3, 12, 3]);
  });

  it('can all be loaded by one process, too: no two suites have the same name', () => {
    const words = ['node_modules/jasmine/bin/jasmine.js', 'enumerate', '--config=spec/support/jasmine.json'];
    const listed = execFileSync(process.execPath, words, { cwd: repository, encoding: 'utf8', maxBuffer: 2 ** 26 });
    expect((JSON.parse(listed) as readonly unknown[]).length).toBeGreaterThan(300);
  });

  function specFiles(contents: Readonly<Record<string, string>>): readonly string[] {
    for (const [file, content] of Object.entries(contents)) {
      mkdirSync(join(folder(), file, '..'), { recursive: true });
      writeFileSync(join(folder(), file), content);
    }
    return Object.keys(contents);
  }
});

describe('the result of a process of Jasmine', () => {
  it('is in the last line of its kind', () => {
    const output = '1 spec, 1 failure\n.\n12 specs, 0 failures, 3 pending specs\nFinished in 1 second\n';
    expect(resultOf(output, 0)).toEqual({ specs: 12, failures: 0, pending: 3 });
  });
});
