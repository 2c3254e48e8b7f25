import { selfTimes } from './self-times.ts';

describe('the times of functions in a profile', () => {
  const node = (id: number, functionName: string, url = '') => ({
    id,
    callFrame: { functionName, url, lineNumber: 9 },
  });

  it('are their own, the longest first, without idleness', () => {
    const nodes = [
      node(1, '(idle)'),
      node(2, 'send', 'file:///a/b.js'),
      node(3, 'read'),
      node(4, 'send', 'file:///a/b.js'),
    ];
    const samples = [1, 2, 3, 4];
    const timeDeltas = [9_000_000, 2_000, 1_000, 1_000];
    expect(selfTimes({ nodes, samples, timeDeltas })).toEqual([
      ['ms', '%', 'function'],
      ['3', '75.0', 'send b.js:10'],
      ['1', '25.0', 'read'],
    ]);
  });
});
