import fc from 'fast-check';
import { type Content, type Entry, isSameContent } from '../../../lib/share/model/entry.ts';
import { decide, preferred } from '../../../lib/share/model/merge.ts';

const FILE = { type: 'file', size: 3, id: 'aa', mtimeMs: 1_000, isExecutable: false } as const;

const contents: fc.Arbitrary<Content> = fc.oneof(
  fc.constantFrom<Content>({ type: 'directory' }, { type: 'deleted' }),
  fc.record({
    type: fc.constant('file' as const),
    size: fc.constant(1),
    id: fc.constantFrom('aa', 'bb', 'cc'),
    mtimeMs: fc.integer({ min: 0, max: 2 }),
    isExecutable: fc.boolean(),
  }),
);

describe('decide', () => {
  const cases: readonly (readonly [string, Entry | undefined, Entry, string])[] = [
    ['takes what is new', undefined, entry('x1', FILE), 'take'],
    ['takes what has seen what is here', entry('x1', FILE), entry('x2', { ...FILE, id: 'bb' }), 'take'],
    ['keeps what has seen what is told', entry('x2', FILE), entry('x1', { ...FILE, id: 'bb' }), 'keep'],
    ['keeps what is the same', entry('x1', FILE), entry('x1', FILE), 'keep'],
    ['waits with the later of two changes', entry('x1', FILE), entry('y1', { ...FILE, id: 'bb', mtimeMs: 1 }), 'wait'],
    [
      'saves the earlier of two changes',
      entry('x1', FILE),
      entry('y1', { ...FILE, id: 'bb', mtimeMs: 2_000 }),
      'take, saves',
    ],
    ['saves nothing of the same bytes', entry('x1', FILE), entry('y1', { ...FILE, mtimeMs: 2_000 }), 'take'],
    ['takes a file for a deletion', entry('x1', { type: 'deleted' }), entry('y1', FILE), 'take'],
    ['takes no deletion for a file', entry('x1', FILE), entry('y1', { type: 'deleted' }), 'wait'],
    ['saves a file for a folder', entry('x1', FILE), entry('y1', { type: 'directory' }), 'take, saves'],
    [
      'takes a change made upon what is here, also when it is earlier, and saves nothing',
      entry('x1', FILE),
      { ...entry('y1', { ...FILE, id: 'bb', mtimeMs: 1 }), replaced: FILE.id },
      'take',
    ],
  ];
  for (const [title, here, there, expected] of cases) {
    it(title, () => {
      const decision = decide(here, there);
      const saves = decision.kind === 'take' && decision.saves;
      expect(`${decision.kind}${saves ? ', saves' : ''}`).toBe(expected);
    });
  }

  it('lets one of two peers go on and the other one take that, when neither has seen the other', () => {
    const isAgreed = (a: Content, b: Content) => {
      const one = entry('x1', a);
      const other = entry('y1', b);
      const kinds = [decide(one, other), decide(other, one)];
      const contents = kinds.map((decision, index) => contentAfter(decision, index === 0 ? a : b));
      return contents.every(
        (content) => content !== undefined && isSameContent(content, preferred(one, other).content),
      );
    };
    const details = fc.check(fc.property(contents, contents, isAgreed));
    expect(fc.defaultReportMessage(details) ?? 'holds').toBe('holds');
  });

  it('makes a version that has seen both only where the other one is taken', () => {
    expect(decide(entry('x1', FILE), entry('y1', { ...FILE, id: 'bb', mtimeMs: 2_000 }))).toEqual({
      kind: 'take',
      content: { ...FILE, id: 'bb', mtimeMs: 2_000 },
      version: [
        { replica: 'x', count: 1 },
        { replica: 'y', count: 1 },
      ],
      saves: true,
    });
  });
});

function contentAfter(decision: ReturnType<typeof decide>, before: Content): Content {
  return decision.kind === 'take' ? decision.content : before;
}

/** @param version a replica of one letter, and its count */
function entry(version: string, content: Content): Entry {
  return { path: 'a', content, version: [{ replica: version.slice(0, 1), count: Number(version.slice(1)) }] };
}
