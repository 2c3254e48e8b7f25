import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { PartChunk } from '../../../lib/share/state/parts.ts';
import { shareStates } from '../../support/share/share-states.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ID = 'c'.repeat(64);

function chunk(offset: number, size = 65_536): PartChunk {
  return { offset, size, sha256: createHash('sha256').update(`${offset}`).digest() };
}

describe('The parts in a ShareState', () => {
  const folder = temporaryFolder();
  const open = shareStates();
  const place = () => join(folder(), '.left');

  it('are given back with the chunks that were written into them, each once', () => {
    const state = open(place());
    state.makePart('one', ID, 2 ** 40);
    state.makePart('two', ID, 5);
    state.fillPart('one', [chunk(0), chunk(2 ** 39, 2 ** 20)]);
    state.fillPart('one', [chunk(65_536), chunk(0)]);
    state.fillPart('two', []);
    state.close();
    expect(open(place()).parts).toEqual([
      { name: 'one', id: ID, size: 2 ** 40, chunks: [chunk(0), chunk(2 ** 39, 2 ** 20), chunk(65_536)] },
      { name: 'two', id: ID, size: 5, chunks: [] },
    ]);
  });

  it('are not given back when they are gone, and begin anew with nothing in them', () => {
    const state = open(place());
    state.makePart('one', ID, 7);
    state.fillPart('one', [chunk(0)]);
    state.dropPart('one');
    expect(state.parts).toEqual([]);
    state.fillPart('one', [chunk(0)]);
    state.makePart('one', ID, 8);
    state.close();
    expect(open(place()).parts).toEqual([{ name: 'one', id: ID, size: 8, chunks: [] }]);
  });

  it('may have so many chunks that they do not fit into one record', () => {
    const chunks = Array.from({ length: 10_000 }, (_, at) => chunk(at * 65_536));
    const state = open(place());
    state.makePart('large', ID, 10_000 * 65_536);
    state.fillPart('large', chunks);
    state.close();
    expect(open(place()).parts[0]?.chunks).toEqual(chunks);
  });
});
