import { readFileSync } from 'node:fs';
import { withFlaw } from './broken-copy.ts';
import { flaws, rowOf } from './flaws.ts';

// That each of them is found by its spec is shown in spec/long/broken-on-purpose.spec.ts.
describe('The flaws that programs are broken with', () => {
  for (const flaw of flaws) {
    it(`can be made still: ${flaw.does}`, () => {
      expect(() => withFlaw(readFileSync(`dist/lib/${flaw.file}`, 'utf8'), flaw)).not.toThrow();
      expect(readFileSync(`dist/spec/${flaw.spec}`, 'utf8')).toContain(`${rowOf(flaw)}: `);
    });
  }
});
