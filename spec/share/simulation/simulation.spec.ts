import fc from 'fast-check';
import { judge } from './judge.ts';
import { absences, stories } from './stories.ts';
import { type Story, World } from './world.ts';

const RUNS = 300;

describe('peers in a simulation', () => {
  it(`keep all trees equal and lose nothing, in ${RUNS} stories`, () => {
    const property = fc.property(stories, (story) => {
      const faults = judge(story);
      if (faults.length > 0) throw new Error(faults.join('\n'));
    });
    // A failure tells the shortest story that it was found for, and the seed.
    expect(fc.defaultReportMessage(fc.check(property, { numRuns: RUNS })) ?? 'all went well').toBe('all went well');
  });

  it(`do so after long absences, in ${RUNS} stories`, () => {
    const property = fc.property(absences, (story) => {
      const faults = judge(story);
      if (faults.length > 0) throw new Error(faults.join('\n'));
    });
    expect(fc.defaultReportMessage(fc.check(property, { numRuns: RUNS })) ?? 'all went well').toBe('all went well');
  });

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
