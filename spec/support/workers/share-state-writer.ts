import { randomBytes } from 'node:crypto';
import { ShareState } from '../../../lib/share/state/share-state.ts';

/**
 * Keeps the state of a share in a folder as a program of its own: saves without end, the same hundred paths over and over, so
 * that the journal is compacted now and then; and says after each hundred how many are saved. Argument: the folder.
 */
const [, , folder = ''] = process.argv;

const state = ShareState.open(folder, { random: randomBytes, bootId: 'boot 1' });
process.stdout.write(`id ${state.id}\n`);
let number = 0;
saveMore();

function saveMore(): void {
  for (let count = 0; count < 100; count += 1) {
    number += 1;
    const version = [{ replica: state.id, count: number }];
    const content = { type: 'file', size: number, id: 'f'.repeat(64), mtimeMs: number, isExecutable: false } as const;
    state.save({ entry: { path: `file ${number % 100}`, content, version }, number, stamp: `${number}` });
    state.settle('a peer', number);
  }
  // Compacting takes turns with it.
  process.stdout.write(`saved ${number}\n`, () => setImmediate(saveMore));
}
