import fc from 'fast-check';
import { judge } from '../share/simulation/judge.ts';
import { stories } from '../share/simulation/stories.ts';

const RUNS = 50_000;
const PATIENCE_MS = 900_000;

describe('peers in a long simulation', () => {
  it(
    `keep all trees equal and lose nothing, in ${RUNS} stories`,
    () => {
      let steps = 0;
      const property = fc.property(stories, (story) => {
        const faults = judge(story);
        steps += story.steps.length;
        if (faults.length > 0) throw new Error(faults.join('\n'));
      });
      const details = fc.check(property, { numRuns: RUNS });
      setSpecProperty('simulated', { stories: details.numRuns, steps, seed: details.seed });
      expect(fc.defaultReportMessage(details) ?? 'all went well').toBe('all went well');
    },
    PATIENCE_MS,
  );
});
