import { surplusCopies } from '../../../lib/share/desk/surplus-copies.ts';

const DAY_MS = 86_400_000;

/** Conflict copies of a file, the newest first. */
function copiesOf(original: string, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    path: `${original}.conflict ${index}`,
    original,
    size: 1,
    mtimeMs: 100 * DAY_MS - index * DAY_MS,
    originalSize: null,
    originalMtimeMs: null,
    isOriginalFolder: false,
  }));
}

describe('surplusCopies', () => {
  it('are the oldest of more than ten of one file, in whatever order they come', () => {
    const all = [...copiesOf('notes', 12), ...copiesOf('other', 10), ...copiesOf('third', 11)];
    const expected = ['notes.conflict 10', 'notes.conflict 11', 'third.conflict 10'];
    for (const some of [all, all.toReversed()]) {
      expect(
        surplusCopies(some)
          .map(({ path }) => path)
          .sort(),
      ).toEqual(expected);
    }
  });

  it('are none among copies whose originals cannot be told from each other any more', () => {
    const long = 'x'.repeat(255 - '.conflict 10'.length);
    expect(surplusCopies(copiesOf(long, 12)).map(({ path }) => path.length)).toEqual([]);
    expect(surplusCopies(copiesOf(long.slice(10), 12)).length).toBe(2);
  });

  it('are the same on all machines where times are', () => {
    const same = copiesOf('notes', 12).map((one) => ({ ...one, mtimeMs: 0 }));
    const [one, other] = [surplusCopies(same), surplusCopies(same.toReversed())];
    expect(one).toEqual(other);
    expect(one.length).toBe(2);
  });
});
