import { committedFiles, read } from './pages.ts';

const page = read('SECURITY.md');
const rows = [...page.matchAll(/^\| (\d+) +\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)].map(
  ([, number, threat, rule, specs = '']) => ({
    number: Number(number),
    isTold: Boolean(threat?.trim() && rule?.trim()),
    specs: [...specs.matchAll(/\]\(([^)]+)\)/g)].map(([, path = '']) => path),
  }),
);

/** The spec files by the threats that are named in their titles: `threat N: ...` */
const shown = committedFiles()
  .filter((path) => /^spec\/.*\.spec\.ts$/.test(path))
  .flatMap((path) =>
    [...read(path).matchAll(/(?:it|describe)\(\s*['"`]threat (\d+)[:,]/g)].map(([, number]) => ({
      path,
      number: Number(number),
    })),
  );

describe('The threats of SECURITY.md', () => {
  it('are all 44, in order, each with what is done about it', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 44 }, (_, index) => index + 1));
    expect(rows.filter(({ isTold }) => !isTold)).toEqual([]);
  });

  for (const { number, specs } of rows) {
    it(`name specs that say so in their titles: ${number}`, () => {
      const paths = new Set(shown.filter((spec) => spec.number === number).map(({ path }) => path));
      expect(specs.length).toBeGreaterThan(0);
      expect(specs.filter((path) => !paths.has(path))).toEqual([]);
    });
  }
});
