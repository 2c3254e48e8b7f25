import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tablesOf, textOf } from './tables.ts';

const lib = fileURLToPath(new URL('../../../lib/', import.meta.url));
const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: textOf(`lib/${path}`) }));
const tables = tablesOf(textOf('docs/reference/errors.md'));

function sorted(words: Iterable<string>): string[] {
  return [...new Set(words)].sort();
}

function codesIn(text: string): string[] {
  return text.match(/\bE_[A-Z][A-Z_]*\b/g) ?? [];
}

/** The classes of errors in the sources, each with the codes it may have. */
function* classes(): Generator<[name: string, codes: string[]]> {
  for (const { text } of sources) {
    const [, name, union] = text.match(/class (\w+) extends CodedError<(\w+)>/) ?? [];
    if (name !== undefined && union !== undefined) yield [name, codesOfUnion(text, union)];
  }
  const bare = sources.flatMap(({ text }) => [...text.matchAll(/new CodedError\(\s*'(\w+)'/g)]);
  yield ['CodedError', bare.map(([, code = '']) => code)];
}

/** `type Code = 'E_A' | 'E_B'`, or `type Code = keyof typeof table` with the codes as the keys of a table. */
function codesOfUnion(text: string, union: string): string[] {
  const declared = text.match(new RegExp(`type ${union} =([^;]*);`))?.[1] ?? '';
  const table = declared.match(/keyof typeof (\w+)/)?.[1];
  if (table === undefined) return codesIn(declared);
  const body = text.match(new RegExp(`const ${table} = \\{([^}]*)\\}`))?.[1] ?? '';
  return codesIn(body.replace(/\/\*\*.*?\*\//gs, ''));
}

describe('docs/reference/errors.md', () => {
  it('has a section for each class of errors, and no other', () => {
    expect(sorted(tables.keys())).toEqual(sorted([...classes()].map(([name]) => name)));
    expect(tables.size).toBeGreaterThan(5);
  });

  for (const [name, codes] of classes()) {
    it(`lists the codes of ${name} in their alphabetical order, and no others`, () => {
      expect(codes.length).toBeGreaterThan(0);
      expect((tables.get(name) ?? []).map(([code]) => code)).toEqual(sorted(codes));
    });
  }

  it('knows every code that stands anywhere in the sources, and none that does not', () => {
    const listed = [...tables.values()].flatMap((rows) => rows.map(([code = '']) => code));
    expect(sorted(listed)).toEqual(sorted(sources.flatMap(({ text }) => codesIn(text))));
  });

  it('says of each what it means, whether to try again, and what to do', () => {
    const rows = [...tables.values()].flat();
    expect(rows.filter(([, meaning, retry = '', what]) => !meaning || !/^(yes|no)\b/.test(retry) || !what)).toEqual([]);
  });

  it('gives the reply of each refusal of the server', () => {
    const table = textOf('lib/server/server-error.ts');
    for (const [code, meaning = ''] of tables.get('ServerError') ?? []) {
      expect(`${code}: ${meaning.match(/\((\d{3})\)$/)?.[1]}`).toBe(
        table.match(new RegExp(`${code}: \\d{3}`))?.[0] ?? '',
      );
    }
  });
});
