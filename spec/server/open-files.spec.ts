import { mostOpenFiles, withinOpenFiles } from '../../lib/server/open-files.ts';

describe('withinOpenFiles', () => {
  const rules = { sessions: 1000, pending: 400 };

  for (const [openFiles, sessions, pending] of [
    [undefined, 1000, 400],
    [1_048_576, 1000, 400],
    [1024, 124, 248],
    [64, 4, 8],
    [10, 1, 1],
  ] as const) {
    it(`leaves ${sessions} sessions and ${pending} that wait where ${openFiles} files may be open`, () => {
      expect(withinOpenFiles(rules, openFiles)).toEqual({ sessions, pending });
    });
  }
});

describe('mostOpenFiles', () => {
  it('tells what the system allows this process', () => {
    if (process.platform === 'linux') expect(mostOpenFiles()).toBeGreaterThan(10);
  });
});
