import { File } from '../../lib/files/file.ts';
import { FileTable } from '../../lib/files/file-table.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';

// More than are looked through one by one, so that tables come to have an index, and few enough to meet again.
const NAMES = Array.from({ length: 60 }, (_, number) => (number % 2 === 0 ? `a-long-name-${number}` : `é${number}`));

/** One random act, on a table and on its model. */
function act(table: FileTable, model: Map<string, File>, random: SeededRandom): void {
  const name = random.pick(NAMES);
  if (random.chance(0.4)) {
    table.delete(name);
    model.delete(name);
  } else if (random.chance(0.02)) {
    table.trim();
  } else {
    const file = new File(name, random.integer(2 ** 40) - 1, random.integer(2 ** 40));
    if (model.has(name) || random.chance(0.5)) table.set(file);
    else table.add(file.name, file.size, file.mtimeMs);
    model.set(name, file);
  }
}

function sorted(files: Iterable<File>): readonly File[] {
  return [...files].sort((one, other) => (one.name < other.name ? -1 : 1));
}

describe('FileTable', () => {
  it('holds what a map by name would hold, whatever is put in and deleted', () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = seededRandom(seed);
      const table = new FileTable();
      const model = new Map<string, File>();
      for (let acts = random.integer(300); acts >= 0; acts -= 1) {
        act(table, model, random);
        const name = random.pick(NAMES);
        expect(table.get(name)).withContext(`seed ${seed}, ${name}`).toEqual(model.get(name));
      }
      expect(table.count).withContext(`seed ${seed}`).toBe(model.size);
      expect(sorted(table)).withContext(`seed ${seed}`).toEqual(sorted(model.values()));
    }
  });

  it('keeps the order in which files came', () => {
    const table = new FileTable();
    for (const name of NAMES) table.add(name, 1, 1);
    table.set(new File(NAMES[0] ?? '', 2, 2));
    expect([...table].map(({ name }) => name)).toEqual(NAMES);
  });

  it('bears that the last file, and the only one, is deleted', () => {
    const table = new FileTable();
    table.add('a', 1, 1);
    table.add('b', 2, 2);
    table.delete('b');
    expect([...table]).toEqual([new File('a', 1, 1)]);
    table.delete('a');
    expect([...table]).toEqual([]);
    expect(table.count).toBe(0);
  });
});
