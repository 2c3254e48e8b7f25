import { didYouMean, nearest } from '../../lib/base/nearest.ts';

const known = ['once', 'dry-run', 'exclude', 'include', 'password-file', 'password-command', 'log-file', 'log-keep'];

describe('nearest', () => {
  const cases: readonly (readonly [what: string, word: string, meant: string | undefined])[] = [
    ['finds the word itself', 'once', 'once'],
    ['forgives a missing letter', 'exclud', 'exclude'],
    ['forgives an added letter', 'oncee', 'once'],
    ['forgives a replaced letter', 'log-fale', 'log-file'],
    ['forgives two exchanged neighbours', 'onec', 'once'],
    ['forgives more in a long word', 'pasword-comand', 'password-command'],
    ['takes the nearer of two', 'inclute', 'include'],
    ['takes the first of two that are equally near', 'log-fiep', 'log-file'],
    ['completes a beginning', 'password', 'password-file'],
    ['does not complete two letters', 'pa', undefined],
    ['does not guess wildly', 'verbose', undefined],
    ['finds nothing for an empty word', '', undefined],
  ];
  for (const [what, word, meant] of cases) {
    it(what, () => {
      expect(nearest(word, known)).toBe(meant);
    });
  }
});

describe('didYouMean', () => {
  it('stands behind a comma with its prefix', () => {
    expect(didYouMean('onec', known, '--')).toBe(', did you mean --once?');
  });

  it('is empty when nothing is near', () => {
    expect(didYouMean('verbose', known)).toBe('');
  });
});
