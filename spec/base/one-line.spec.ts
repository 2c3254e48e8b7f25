import { oneLine } from '../../lib/base/one-line.ts';

describe('oneLine', () => {
  it('escapes what could end a line or move the cursor, and nothing else', () => {
    expect(oneLine('\0\t\x7f a\\u000a')).toBe('\\u0000\\u0009\\u007f a\\u000a');
  });
});
