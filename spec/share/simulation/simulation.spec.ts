import fc from 'fast-check';
import { found } from './found.ts';
import { judge } from './judge.ts';
import { absences, arrivals, comings, deletions, stories } from './stories.ts';
import { type Story, World } from './world.ts';

const RUNS = 300;

describe('peers in a simulation', () => {
  for (const [what, arbitrary] of [
    ['stories', stories],
    ['stories of long absences', absences],
    ['stories of long absences, again and again', comings],
    ['stories of deletions', deletions],
    ['stories of what has just come when a process dies', arrivals],
  ] as const) {
    it(`keep all trees equal, lose nothing and bring nothing back, in ${RUNS} ${what}`, () => {
      const property = fc.property(arbitrary, (story) => {
        const faults = judge(story);
        if (faults.length > 0) throw new Error(faults.join('\n'));
      });
      // A failure tells the shortest story that it was found for, and the seed.
      expect(fc.defaultReportMessage(fc.check(property, { numRuns: RUNS })) ?? 'all went well').toBe('all went well');
    });
  }

  // Stories that once failed, in their shortest form. Others are told in the specs of Replica.
  for (const [what, story] of Object.entries(found)) {
    it(`keep all trees equal, lose nothing and bring nothing back ${what}`, () => {
      expect(judge(story)).toEqual([]);
    });
  }

  it('bring the same about when the same story is told again', () => {
    for (const story of fc.sample(stories, { seed: 6, numRuns: 20 })) {
      expect(endOf(story)).toBe(endOf(story));
    }
  });
});

function endOf(story: Story): string {
  const world = new World(story);
  for (const step of story.steps) world.take(step);
  world.settle();
  return world.peers.map(({ disk }) => disk.print()).join('\n--\n');
}
