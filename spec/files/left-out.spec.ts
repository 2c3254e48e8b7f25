import { isFault, isReported, LeftOutIndex, type LeftReason } from '../../lib/files/left-out.ts';

const reasons: Readonly<Record<LeftReason, { reported: boolean; fault: boolean; itself: boolean; below: boolean }>> = {
  excluded: { reported: false, fault: false, itself: true, below: true },
  'too-deep': { reported: false, fault: false, itself: false, below: true },
  unreadable: { reported: true, fault: true, itself: true, below: true },
  link: { reported: true, fault: false, itself: true, below: true },
  dangling: { reported: true, fault: false, itself: true, below: true },
  loop: { reported: true, fault: false, itself: true, below: true },
  special: { reported: true, fault: false, itself: true, below: true },
  name: { reported: true, fault: false, itself: false, below: false },
};

describe('An entry left out', () => {
  for (const [reason, expected] of Object.entries(reasons) as [LeftReason, (typeof reasons)[LeftReason]][]) {
    it(`as ${reason} is ${expected.reported ? '' : 'not '}reported and ${expected.fault ? 'a' : 'no'} fault`, () => {
      expect(isReported(reason)).toBe(expected.reported);
      expect(isFault(reason)).toBe(expected.fault);
    });

    it(`as ${reason} shields ${expected.itself ? 'itself' : 'not itself'} and ${expected.below ? 'all' : 'nothing'} below`, () => {
      const index = new LeftOutIndex([{ path: 'a/b', reason }]);
      expect(index.has('a/b')).toBe(expected.itself);
      expect(index.has('a/b/c')).toBe(expected.below);
      expect(index.has('a/b/c/d')).toBe(expected.below);
    });
  }
});

describe('LeftOutIndex', () => {
  it('knows nothing of parents and neighbours', () => {
    const index = new LeftOutIndex([{ path: 'a/b', reason: 'excluded' }]);
    for (const path of ['', 'a', 'a/bc', 'a/c', 'b', 'x/a/b']) expect(index.has(path)).withContext(path).toBeFalse();
  });

  it('is empty for a scan that took all in', () => {
    expect(new LeftOutIndex([]).has('a')).toBeFalse();
  });
});
