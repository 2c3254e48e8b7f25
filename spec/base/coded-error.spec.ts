import { CodedError, codeOf, messageOf } from '../../lib/base/coded-error.ts';

describe('CodedError', () => {
  it('holds code and message, and says that trying again is no use', () => {
    const error = new CodedError('E_SPEC', 'Cannot do it');
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code, error.message, error.retry]).toEqual([
      'CodedError',
      'E_SPEC',
      'Cannot do it',
      false,
    ]);
    expect('cause' in error).toBeFalse();
  });

  it('holds what caused it, and whether trying again may help', () => {
    const cause = new Error('deeper');
    const error = new CodedError('E_SPEC', 'Cannot do it', { cause, retry: true });
    expect([error.cause, error.retry]).toEqual([cause, true]);
  });
});

describe('codeOf', () => {
  it('finds our codes and those of Node', () => {
    expect(codeOf(new CodedError('E_SPEC', ''))).toBe('E_SPEC');
    expect(codeOf(Object.assign(new Error(), { code: 'ENOENT' }))).toBe('ENOENT');
  });

  for (const thrown of [
    new Error('without'),
    Object.assign(new Error('with a number'), { code: 550 }),
    { code: 'E_SPEC' },
    'E_SPEC',
    undefined,
    null,
  ]) {
    it(`finds none in ${thrown instanceof Error ? `an error ${thrown.message}` : JSON.stringify(thrown)}`, () => {
      expect(codeOf(thrown)).toBeUndefined();
    });
  }
});

describe('messageOf', () => {
  it('is the message of an error', () => {
    expect(messageOf(new TypeError('what happened'))).toBe('what happened');
  });

  it('is the text of anything else', () => {
    expect(['text', 7, undefined, null, Symbol('s')].map(messageOf)).toEqual([
      'text',
      '7',
      'undefined',
      'null',
      'Symbol(s)',
    ]);
  });

  it('is what is in an error that only gathers others, and has no message of its own', () => {
    const tried = ['connect ECONNREFUSED ::1:21', 'connect ECONNREFUSED 127.0.0.1:21'];
    const gathered = new AggregateError(tried.map((message) => new Error(message)));
    expect(messageOf(gathered)).toBe(tried.join(', '));
    expect(messageOf(new AggregateError([], 'all of them'))).toBe('all of them');
  });

  it('is the code, or else the name, of an error without a message', () => {
    expect(messageOf(Object.assign(new Error(), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED');
    expect(messageOf(new RangeError())).toBe('RangeError');
  });
});
