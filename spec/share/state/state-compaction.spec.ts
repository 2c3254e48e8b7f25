import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { ShareState } from '../../../lib/share/state/share-state.ts';
import { beginningOf, shareStates } from '../../support/share/share-states.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { changeTo, entryOf, fileOf, PEER, savedFile } from './samples.ts';

// Of some 270 bytes each.
const ENTRIES = 8_000;
const SIZE = ENTRIES * 270;

describe('The journal of a ShareState that has grown to twice of what it says', () => {
  const folder = temporaryFolder();
  const open = shareStates();
  const place = () => join(folder(), '.left');
  const sizeOf = () => statSync(join(place(), 'journal')).size;

  /** Save all once more, and settle that. */
  function saveAll(state: ShareState, firstNumber: number): void {
    for (let at = 0; at < ENTRIES; at += 1) state.save(savedFile(`folder ${at % 10}/file ${at}`, firstNumber + at));
    state.settle(PEER, firstNumber);
  }

  it('is compacted, and says the same', async () => {
    const state = open(place());
    state.rootIs({ dev: 1n, ino: 2n });
    state.makePart('part', 'f'.repeat(64), 9);
    state.fillPart('part', [{ offset: 0, size: 9, sha256: new Uint8Array(32) }]);
    const begun = entryOf('begun', fileOf(7));
    state.begin(changeTo(begun));
    state.meet({ peer: PEER, forgotten: 8 });
    for (let round = 0; round < 5; round += 1) {
      saveAll(state, round * ENTRIES + 1);
      await state.compacted();
    }
    expect(sizeOf()).toBeLessThan(2.5 * SIZE);
    const before = { ...beginningOf(state), root: state.root, parts: state.parts };
    state.close();
    const after = open(place());
    expect({ ...beginningOf(after), root: after.root, parts: after.parts }).toEqual(before);
    expect([...(after.beginning.met ?? [])]).toEqual([[PEER, 8]]);
    expect(await after.recover(() => ({ type: 'deleted', stamp: '' }))).toEqual(['begun']);
    expect(readdirSync(place()).sort()).toEqual(['journal', 'lock']);
  });

  it('loses nothing of what is recorded while it is being compacted', async () => {
    const state = open(place());
    let isOver = false;
    for (let round = 0; round < 3; round += 1) saveAll(state, round * ENTRIES + 1);
    void state.compacted().then(() => {
      isOver = true;
    });
    let number = 4 * ENTRIES;
    for (; !isOver; number += 1) {
      const entry = entryOf(`folder 1/file ${number % 100}1`, fileOf(number));
      state.begin(changeTo(entry), { ino: 1n, size: 1, mtimeNs: 1n });
      await turn();
      state.save({ entry, stamp: '', number });
      state.settle(PEER, number);
    }
    expect(number).toBeGreaterThan(4 * ENTRIES + 5);
    const before = beginningOf(state);
    state.close();
    expect(sizeOf()).toBeLessThan(2 * SIZE);
    expect(beginningOf(open(place()))).toEqual(before);
  });

  it('says the right numbers where all got new ones while it is being compacted', async () => {
    const state = open(place());
    let isOver = false;
    for (let round = 0; round < 3; round += 1) saveAll(state, round * ENTRIES + 1);
    void state.compacted().then(() => {
      isOver = true;
    });
    let last = 3 * ENTRIES;
    let rounds = 0;
    for (; !isOver; rounds += 1) {
      await turn();
      // Some change, and then all go behind the last one.
      for (let at = 0; at < 100; at += 1) {
        last += 1;
        state.save(savedFile(`folder ${at % 10}/file ${(at * 97 + rounds) % ENTRIES}`, last));
      }
      const first = Math.min(...[...beginningOf(state).saved.values()].map(({ number }) => number));
      const retold = { upTo: last, by: last + 1 - first };
      state.meet({ peer: PEER, forgotten: rounds + 1, retold });
      last += retold.by;
    }
    expect(rounds).toBeGreaterThan(1);
    const before = beginningOf(state);
    expect(Math.max(...[...before.saved.values()].map(({ number }) => number))).toBe(last);
    state.close();
    const after = open(place());
    expect(beginningOf(after)).toEqual(before);
    expect([...(after.beginning.met ?? [])]).toEqual([[PEER, rounds]]);
  });

  it('is compacted after a start as well', async () => {
    const state = open(place());
    for (let round = 0; round < 3; round += 1) saveAll(state, round * ENTRIES + 1);
    // Before it has come far.
    state.close();
    expect(sizeOf()).toBeGreaterThan(2.5 * SIZE);
    const next = open(place());
    next.settle(PEER, 5);
    next.tell(PEER, 6);
    await next.compacted();
    expect(sizeOf()).toBeLessThan(1.5 * SIZE);
  });

  it('stays as it was when the state is closed meanwhile', async () => {
    const state = open(place());
    for (let round = 0; round < 3; round += 1) saveAll(state, round * ENTRIES + 1);
    const before = beginningOf(state);
    state.close();
    await state.compacted();
    expect(readdirSync(place())).toEqual(['journal']);
    expect(beginningOf(open(place()))).toEqual(before);
  });
});
