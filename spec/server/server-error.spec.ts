import { reasonOf, ServerError, toServerError } from '../../lib/server/server-error.ts';

describe('toServerError', () => {
  const errors: readonly (readonly [string, unknown, string, number])[] = [
    ['a missing file', ofSystem('ENOENT'), 'E_MISSING', 550],
    ['a full disk', ofSystem('ENOSPC'), 'E_FULL', 452],
    ['a rename onto another disk', ofSystem('EXDEV'), 'E_PERMISSION', 550],
    ['a name that is too long', ofSystem('ENAMETOOLONG'), 'E_NAME', 553],
    ['an error of the system nobody thought of', ofSystem('EIO'), 'E_LOCAL', 451],
    ['an error of ours nobody thought of', new TypeError('no'), 'E_LOCAL', 451],
    ['what is no error at all', 'no', 'E_LOCAL', 451],
  ];
  for (const [what, error, code, reply] of errors) {
    it(`makes ${code} and ${reply} of ${what}`, () => {
      const made = toServerError(error);
      expect([made.code, made.reply]).toEqual([jasmine.stringMatching(code), reply]);
    });
  }

  it('keeps a ServerError as it is', () => {
    const error = new ServerError('E_OFFSET', 'no');
    expect(toServerError(error)).toBe(error);
    expect(reasonOf(error)).toBe('no');
  });

  it('tells the client no path of this machine, and the log what happened', () => {
    const made = toServerError(Object.assign(new Error("EIO: read '/srv/home/a'"), { code: 'EIO' }));
    expect(made.message).toBe('Local error');
    expect(reasonOf(made)).toBe("EIO: read '/srv/home/a'");
  });
});

function ofSystem(code: string): Error {
  return Object.assign(new Error(code), { code });
}
