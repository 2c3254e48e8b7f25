import fc from 'fast-check';
import type { Step, Story } from './world.ts';

const small = fc.nat(60);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'write',
        'write',
        'write',
        'write',
        'mkdir',
        'mkdir',
        'mkdir',
        'remove',
        'append',
        'touch',
        'chmod',
      ),
      peer: small,
      path: small,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename' as const), peer: small, path: small, to: small }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('look', 'look', 'look', 'sync', 'retry', 'tidy'), peer: small }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), days: fc.constantFrom(1, 29, 40, 100, 181) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('link', 'cut'), peer: small, other: small }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('crash' as const),
      peer: small,
      how: fc.constantFrom('process', 'process', 'power', 'database', 'backup'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('go' as const), turns: fc.nat(25) }) },
);

/** What may happen to some peers. */
export const stories: fc.Arbitrary<Story> = fc.record({
  peers: fc.integer({ min: 2, max: 5 }),
  seed: fc.nat(),
  skews: fc.array(fc.integer({ min: -24, max: 24 }), { maxLength: 5 }),
  steps: fc.array(step, { minLength: 1, maxLength: 80, size: 'max' }),
});
