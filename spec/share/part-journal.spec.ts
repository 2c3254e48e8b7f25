import { readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { WrittenChunk } from '../../lib/share/disk/part.ts';
import { Parts } from '../../lib/share/disk/parts.ts';
import { PartJournal } from '../../lib/share/part-journal.ts';
import type { ShareState } from '../../lib/share/state/share-state.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { shareStates } from '../support/share/share-states.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ID = 'c'.repeat(64);
const CHUNKS: readonly WrittenChunk[] = [0, 1, 2].map((index) => ({
  hash: `${index}`.repeat(64),
  offset: index * 4,
  size: 4,
}));

describe('What a PartJournal keeps', () => {
  const folder = temporaryFolder();
  const open = shareStates();

  function partsOf(state: ShareState, onFault: (error: unknown) => void = fail) {
    const clock = new ManualClock();
    const journal = new PartJournal(state, clock, onFault);
    const parts = new Parts({
      folder: join(folder(), 'tmp'),
      clock,
      kept: state.partsAreUnsure ? [] : journal.kept,
      onWritten: (part, chunks) => journal.written(part, chunks),
      onGone: (id) => journal.gone(id),
    });
    return { clock, journal, parts };
  }

  async function fill(parts: Parts, chunks: readonly WrittenChunk[], text: string): Promise<void> {
    const part = await parts.begin(ID, 12);
    for (const chunk of chunks) await part.write([chunk], Buffer.from(text));
    await part.close();
  }

  /** Die, and begin again. */
  function again(state: ShareState, options = {}) {
    state.close();
    return open(join(folder(), '.left'), options);
  }

  it('is what was written into a part', async () => {
    const first = open(join(folder(), '.left'));
    const { parts, journal } = partsOf(first);
    await fill(parts, CHUNKS.slice(0, 2), 'abcd');
    journal.flush();
    const part = await partsOf(again(first)).parts.begin(ID, 12);
    expect(CHUNKS.map((chunk) => part.has(chunk))).toEqual([true, true, false]);
  });

  it('is not what was in an earlier part of the same content, which has been moved into the share', async () => {
    const first = open(join(folder(), '.left'));
    const { parts, journal } = partsOf(first);
    await fill(parts, CHUNKS, 'abcd');
    unlinkSync((await parts.begin(ID, 12)).where);
    await fill(parts, CHUNKS.slice(2), 'efgh');
    journal.flush();
    const part = await partsOf(again(first)).parts.begin(ID, 12);
    expect(CHUNKS.map((chunk) => part.has(chunk))).toEqual([false, false, true]);
    expect(readFileSync(part.where, 'latin1').slice(8)).toBe('efgh');
  });

  it('is not what was in an earlier part of which nobody was sure', async () => {
    const first = open(join(folder(), '.left'), { bootId: 'one' });
    const before = partsOf(first);
    await fill(before.parts, CHUNKS, 'abcd');
    before.journal.flush();
    const second = again(first, { bootId: 'another' });
    const after = partsOf(second);
    await fill(after.parts, CHUNKS.slice(2), 'efgh');
    after.journal.flush();
    const part = await partsOf(again(second, { bootId: 'another' })).parts.begin(ID, 12);
    expect(CHUNKS.map((chunk) => part.has(chunk))).toEqual([false, false, true]);
  });

  it('is told to whoever can end the program, when it cannot be kept', async () => {
    const state = open(join(folder(), '.left'));
    const faults: unknown[] = [];
    const { parts, clock } = partsOf(state, (error) => faults.push(error));
    await fill(parts, CHUNKS.slice(0, 1), 'abcd');
    spyOn(state, 'fillPart').and.throwError('the disk is full');
    clock.advance(1000);
    expect(faults).toEqual([new Error('the disk is full')]);
  });

  it('is told to him when it cannot be kept while a part is written or removed, which no writer is to try again', async () => {
    const state = open(join(folder(), '.left'));
    const faults: unknown[] = [];
    const { parts } = partsOf(state, (error) => faults.push(error));
    await fill(parts, CHUNKS.slice(0, 1), 'abcd');
    spyOn(state, 'dropPart').and.throwError('the disk is full');
    await (await parts.begin(ID, 12)).drop();
    spyOn(state, 'makePart').and.throwError('the disk is full');
    await fill(parts, CHUNKS.slice(0, 1), 'abcd');
    expect(faults).toEqual([new Error('the disk is full'), new Error('the disk is full')]);
  });
});
