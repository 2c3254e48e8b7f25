import { inProcess, type Manner } from '../support/faults/fault-scene.ts';
import { inFull, itGoesThrough } from './it-goes-through.ts';
import { rows } from './rows.ts';

const inOneChild: Manner = { ...inProcess, multi: { kind: 'P', count: 1 }, connections: 2 };

for (const kind of inFull) {
  describe(`the mirror, on a bad way to ${kind},`, () => itGoesThrough(kind, rows, inProcess));
}

describe('the mirror with two connections in a child process, on a bad way to our own server,', () => {
  // What differs is the way of news, ends and refusals; a sample of all kinds of faults shows that.
  itGoesThrough(
    'embedded',
    rows.filter((_, index) => index % 7 === 0),
    inOneChild,
  );
});
