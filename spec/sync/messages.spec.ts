import type { LeftReason } from '../../lib/files/left-out.ts';
import { type CycleSummary, describeSummary, isComplete, Tally } from '../../lib/sync/cycle-summary.ts';
import { bytes, describeLeftOut, describeStep } from '../../lib/sync/messages.ts';
import type { Step } from '../../lib/sync/plan.ts';

describe('bytes', () => {
  const table: readonly [number, string][] = [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [1024 ** 2, '1.0 MiB'],
    [1024 ** 3 * 2.25, '2.3 GiB'],
    [1024 ** 4 * 5000, '5000.0 TiB'],
  ];
  for (const [number, text] of table) it(`writes ${number} as ${text}`, () => expect(bytes(number)).toBe(text));
});

describe('describeStep', () => {
  const table: readonly [Step['kind'], string][] = [
    ['mkdir', 'Create folder a/b'],
    ['rmdir', 'Remove folder a/b'],
    ['remove', 'Remove file a/b'],
    ['upload', 'Send file a/b (2.0 KiB)'],
  ];
  for (const [kind, text] of table) {
    it(`tells of a ${kind}`, () => expect(describeStep({ kind, path: 'a/b', size: 2048 })).toBe(text));
  }
});

describe('describeLeftOut', () => {
  const reasons: readonly LeftReason[] = [
    'excluded',
    'too-deep',
    'unreadable',
    'link',
    'dangling',
    'loop',
    'special',
    'name',
  ];

  it('has another sentence for each reason', () => {
    const lines = reasons.map((reason) => describeLeftOut({ path: 'a/b', reason }));
    expect(new Set(lines).size).toBe(reasons.length);
    for (const line of lines) expect(line).toMatch(/^Left out : a\/b, [a-zA-Z].*[^.]$/);
  });

  it('adds what the system says', () => {
    expect(describeLeftOut({ path: 'p', reason: 'unreadable', detail: 'EACCES' })).toMatch(
      /it cannot be read \(EACCES\)$/,
    );
  });
});

describe('The summary of a cycle', () => {
  const nothing = new Tally(3, 1000).summary(2500);

  it('says that there was nothing to do', () => {
    expect(describeSummary(nothing)).toBe('Cycle 3 done in 1.5 s : nothing to do, both sides are equal');
    expect(isComplete(nothing)).toBeTrue();
  });

  it('counts what was done', () => {
    const tally = new Tally(1, 0);
    for (const kind of ['mkdir', 'mkdir', 'upload', 'upload', 'remove', 'rmdir'] as const) {
      tally.count({ kind } as Step, kind === 'upload' ? { size: 1024, mtimeMs: 0 } : undefined);
    }
    tally.count({ kind: 'upload' } as Step, undefined);
    expect(describeSummary(tally.summary(0))).toBe(
      'Cycle 1 done in 0.0 s : 2 folders created, 3 files sent (2.0 KiB), 1 file removed, 1 folder removed',
    );
    expect(isComplete(tally.summary(0))).toBeTrue();
  });

  const troubles: readonly [keyof CycleSummary, string][] = [
    ['failed', '1 entry failed'],
    ['changedMeanwhile', '1 file changed while it was read'],
    ['putOff', '1 removal put off'],
  ];
  for (const [key, text] of troubles) {
    it(`is not complete with ${text}`, () => {
      const summary = { ...nothing, [key]: 1 };
      expect(describeSummary(summary)).toBe(`Cycle 3 done in 1.5 s : ${text}`);
      expect(isComplete(summary)).toBeFalse();
    });
  }

  it('is not complete, nor done, with a step that was not begun', () => {
    const summary = { ...nothing, notBegun: 1 };
    expect(describeSummary(summary)).toBe('Cycle 3 stopped after 1.5 s : 1 step not begun');
    expect(isComplete(summary)).toBeFalse();
  });

  it('is not complete with what cannot be read, and tells it from what else is left out', () => {
    const summary = { ...nothing, leftOut: 3, unreadable: 1 };
    expect(describeSummary(summary)).toBe('Cycle 3 done in 1.5 s : 1 entry unreadable, 2 entries left out');
    expect(isComplete(summary)).toBeFalse();
    expect(isComplete({ ...nothing, leftOut: 2 })).toBeTrue();
  });
});
