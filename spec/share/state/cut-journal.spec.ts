import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJournal } from '../../../lib/base/journal-content.ts';
import type { EntryPath } from '../../../lib/share/model/entry.ts';
import { Kept } from '../../../lib/share/state/kept.ts';
import type { ShareState } from '../../../lib/share/state/share-state.ts';
import { type Beginning, beginningOf, shareStates } from '../../support/share/share-states.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { changeTo, entryOf, fileOf, OTHER, PEER, savedFile } from './samples.ts';

const KILLED = 'boot 1';
const SWITCHED_OFF = 'boot 2';

// Entries of a peer that are settled up to a number: whoever has that number kept must have this one, too.
const SETTLED_BY = new Map<string, EntryPath>([
  [`${PEER} 4`, 'b'],
  [`${PEER} 9`, 'd'],
  [`${OTHER} 2`, 'ж'],
]);

describe('A journal of a share that lost its end', () => {
  const folder = temporaryFolder();
  const open = shareStates();

  function write(state: ShareState): void {
    state.rootIs({ dev: 1n, ino: 2n });
    state.save(savedFile('a', 1));
    state.save(savedFile('b', 2));
    state.settle(PEER, 4);
    state.save(savedFile('ж', 3));
    state.settle(OTHER, 2);
    state.makePart('part', 'f'.repeat(64), 100);
    state.fillPart('part', [{ offset: 0, size: 100, sha256: new Uint8Array(32) }]);
    const entry = entryOf('d', fileOf(5));
    state.begin(changeTo(entry), { ino: 5n, size: 5, mtimeNs: 5n });
    state.save({ entry, stamp: '5', number: 4 });
    state.dropPart('part');
    state.settle(PEER, 9);
    state.save({ entry: entryOf('a', { type: 'deleted' }), stamp: '', number: 5 });
  }

  function expectTruth({ saved, settled }: Pick<Beginning, 'saved' | 'settled'>, whole: Beginning): void {
    for (const [path, one] of saved) {
      const wasOnce = path === 'a' && one.number === 1 ? savedFile('a', 1) : whole.saved.get(path);
      expect(one).toEqual(wasOnce ?? jasmine.any(String));
    }
    for (const [peer, upTo] of settled) {
      expect(saved.has(SETTLED_BY.get(`${peer} ${upTo}`) ?? '?'))
        .withContext(`${peer} ${upTo}`)
        .toBeTrue();
    }
  }

  it('says nothing that was not true, wherever it ends', () => {
    const first = open(folder());
    write(first);
    const whole = beginningOf(first);
    first.close();
    const bytes = readFileSync(join(folder(), 'journal'));
    const header = bytes.toString('utf8', 0, bytes.indexOf('\n'));
    let mostEntries = 0;
    for (let length = 0; length <= bytes.length; length += 1) {
      const kept = new Kept();
      const { doubt } = parseJournal(bytes.subarray(0, length), header, (record) => {
        if (!kept.understands(record)) fail(`${length}: ${record}`);
      });
      expect(doubt).withContext(`${length}`).toBeUndefined();
      expectTruth(kept, whole);
      expect(kept.saved.size).toBeGreaterThanOrEqual(mostEntries);
      mostEntries = kept.saved.size;
    }
    expect(mostEntries).toBe(whole.saved.size);
  });

  for (const [how, bootId, isKept] of [
    ['a kill keeps the id', KILLED, true],
    ['a power failure does not', SWITCHED_OFF, false],
  ] as const) {
    it(`is gone on with: ${how}`, () => {
      const place = join(folder(), 'state');
      const first = open(place, { bootId: KILLED });
      write(first);
      const whole = beginningOf(first);
      const bytes = readFileSync(join(place, 'journal'));
      first.close();
      const shortest = bytes.indexOf('\n', bytes.indexOf('["i"')) + 1;
      for (let length = bytes.length; length >= shortest; length -= 31) {
        writeFileSync(join(place, 'journal'), bytes.subarray(0, length));
        const state = open(place, { bootId });
        expect(state.id === first.id).toBe(isKept);
        expectTruth(beginningOf(state), whole);
        state.save(savedFile('new', 9));
        state.close();
        const again = open(place, { bootId });
        expect([again.id, beginningOf(again).saved.has('new')]).toEqual([state.id, true]);
        again.close();
      }
    });
  }
});
