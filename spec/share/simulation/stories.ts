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
    arbitrary: fc.record({ kind: fc.constantFrom('look', 'look', 'look', 'sync', 'retry', 'away'), peer: small }),
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
  { weight: 1, arbitrary: fc.constant({ kind: 'rest' as const }) },
);

const use = (...kinds: readonly ('write' | 'mkdir' | 'remove')[]): fc.Arbitrary<Step> =>
  fc.record({ kind: fc.constantFrom(...kinds), peer: small, path: small });
const cut: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('away' as const), peer: small }),
  fc.record({ kind: fc.constantFrom('cut' as const, 'link' as const), peer: small, other: small }),
);
const wait: fc.Arbitrary<Step> = fc.record({ kind: fc.constant('wait' as const), days: fc.constantFrom(29, 40, 181) });
const sleep: fc.Arbitrary<Step> = fc.record({ kind: fc.constant('sleep' as const), days: fc.constantFrom(40, 181) });
const refuse: fc.Arbitrary<Step> = fc.record({ kind: fc.constant('refuse' as const), peer: small, path: small });
const turns = (most: number): fc.Arbitrary<Step> =>
  fc.record({ kind: fc.constant('go' as const), turns: fc.nat(most) });

/** Two meet, and one of them tidies up while they have hardly begun. */
const meeting: fc.Arbitrary<readonly Step[]> = fc
  .record({ peer: small, other: small, most: fc.nat(8) })
  .map(({ peer, other, most }) => [
    { kind: 'link', peer, other },
    { kind: 'go', turns: most },
    { kind: 'tidy', peer },
  ]);

/** All look at their shares, and much of what is on its way arrives. */
const ALL_LOOK: readonly Step[] = [
  ...[0, 1, 2, 3].map((peer) => ({ kind: 'look' as const, peer })),
  { kind: 'go', turns: 120 },
];

/** Some are away for long while others delete something, or never meet. */
export const absences: fc.Arbitrary<Story> = fc.record({
  peers: fc.integer({ min: 2, max: 4 }),
  seed: fc.nat(),
  skews: fc.constant([]),
  steps: fc
    .tuple(
      fc.array(cut, { maxLength: 2 }),
      fc.array(use('write', 'write', 'mkdir'), { minLength: 2, maxLength: 8 }),
      fc.constant(ALL_LOOK),
      fc.array(cut, { maxLength: 3 }),
      fc.array(use('remove', 'remove', 'write'), { minLength: 1, maxLength: 6 }),
      fc.constant(ALL_LOOK),
      fc.array(wait, { minLength: 1, maxLength: 2 }),
      fc.array(fc.oneof(cut, use('remove', 'write', 'mkdir')), { maxLength: 4 }),
    )
    .map((parts) => parts.flat()),
});

/** The same again and again: meetings break off, disks do not take all, and deletions are forgotten while peers meet. */
export const comings: fc.Arbitrary<Story> = fc.record({
  peers: fc.integer({ min: 2, max: 4 }),
  seed: fc.nat(),
  skews: fc.constant([]),
  steps: fc
    .tuple(
      fc.array(fc.oneof(refuse, cut), { maxLength: 2 }),
      fc.array(use('write', 'write', 'mkdir'), { minLength: 2, maxLength: 8 }),
      fc.constant(ALL_LOOK),
      fc.array(
        fc
          .tuple(
            fc.array(cut, { maxLength: 3 }),
            fc.array(use('remove', 'remove', 'write'), { minLength: 1, maxLength: 4 }),
            fc.constant(ALL_LOOK),
            fc.oneof(
              fc.array(wait, { minLength: 1, maxLength: 2 }),
              fc.tuple(sleep, meeting).map((steps) => steps.flat()),
            ),
            fc.array(fc.oneof(cut, turns(15), use('remove', 'write')), { maxLength: 6 }),
          )
          .map((parts) => parts.flat()),
        { minLength: 1, maxLength: 4 },
      ),
    )
    .map((parts) => parts.flat(2)),
});

/** Something is deleted where all have the same. */
export const deletions: fc.Arbitrary<Story> = fc.record({
  peers: fc.integer({ min: 2, max: 4 }),
  seed: fc.nat(),
  skews: fc.constant([]),
  steps: fc
    .tuple(
      fc.array(use('write', 'mkdir', 'mkdir'), { minLength: 2, maxLength: 15 }),
      fc.constant<Step[]>([{ kind: 'rest' }]),
      fc.array(fc.oneof(cut, step, use('remove'), use('remove')), { minLength: 1, maxLength: 12 }),
    )
    .map((parts) => parts.flat()),
});

/** Somebody does something to what has just come, and the process that brought it dies. */
export const arrivals: fc.Arbitrary<Story> = fc
  .record({
    seed: fc.nat(),
    turns: fc.integer({ min: 3, max: 12 }),
    path: fc.nat(2),
    kind: fc.constantFrom('remove' as const, 'write' as const, 'touch' as const),
  })
  .map(({ seed, turns: most, path, kind }) => ({
    peers: 2,
    seed,
    skews: [],
    steps: [
      { kind: path === 2 ? 'mkdir' : 'write', peer: 0, path },
      { kind: 'look', peer: 0 },
      { kind: 'go', turns: most },
      { kind, peer: 1, path },
      { kind: 'crash', peer: 1, how: 'process' },
    ],
  }));

/** What may happen to some peers. */
export const stories: fc.Arbitrary<Story> = fc.record({
  peers: fc.integer({ min: 2, max: 5 }),
  seed: fc.nat(),
  skews: fc.array(fc.integer({ min: -24, max: 24 }), { maxLength: 5 }),
  steps: fc.array(step, { minLength: 1, maxLength: 80, size: 'max' }),
});
