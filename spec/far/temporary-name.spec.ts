import {
  isTemporaryName,
  isTemporaryNameOfOthers,
  temporaryName,
  temporaryPath,
} from '../../lib/far/temporary-name.ts';

const version = { size: 1, mtimeMs: 2 };
const pair = '0123456789abcdef';

describe('temporaryName', () => {
  it('has at most 64 bytes, however long the name is', () => {
    expect(Buffer.byteLength(temporaryName(pair, '\u8868'.repeat(85), version))).toBeLessThanOrEqual(64);
  });

  it('is the same for the same version of the same file', () => {
    expect(temporaryName(pair, 'a', version)).toBe(temporaryName(pair, 'a', { ...version }));
  });

  it('differs by pair, name, size and time', () => {
    const names = [
      temporaryName(pair, 'a', version),
      temporaryName('fedcba9876543210', 'a', version),
      temporaryName(pair, 'b', version),
      temporaryName(pair, 'a', { ...version, size: 3 }),
      temporaryName(pair, 'a', { ...version, mtimeMs: 3 }),
      temporaryName(pair, 'a1', { size: 0, mtimeMs: 2 }),
      temporaryName(pair, 'a', { size: 10, mtimeMs: 2 }),
    ];
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('temporaryPath', () => {
  it('lies in the folder of the file', () => {
    expect(temporaryPath(pair, 'a/b/c', version)).toBe(`a/b/${temporaryName(pair, 'c', version)}`);
    expect(temporaryPath(pair, 'c', version)).toBe(temporaryName(pair, 'c', version));
  });
});

describe('isTemporaryName', () => {
  it('knows its own', () => {
    expect(isTemporaryName(pair, temporaryName(pair, 'a', version))).toBeTrue();
  });

  it('knows what a server that never writes over a file has made of its own', () => {
    expect(isTemporaryName(pair, `${temporaryName(pair, 'a', version)}.1`)).toBeTrue();
  });

  for (const name of [
    temporaryName('fedcba9876543210', 'a', version),
    `x${temporaryName(pair, 'a', version)}`,
    `${temporaryName(pair, 'a', version)}x`,
    `.filesmirror-${pair}-mine.part`,
    '.in.file.',
    'file.part',
  ]) {
    it(`leaves ${name} to others`, () => expect(isTemporaryName(pair, name)).toBeFalse());
  }
});

describe('isTemporaryNameOfOthers', () => {
  it('knows those of other pairs, and nothing else', () => {
    const other = temporaryName('fedcba9876543210', 'a', version);
    expect(isTemporaryNameOfOthers(pair, other)).toBeTrue();
    for (const name of [
      temporaryName(pair, 'a', version),
      `${other}x`,
      `x${other}`,
      '.filesmirror-x-y.part',
      '.in.a.',
    ]) {
      expect(isTemporaryNameOfOthers(pair, name)).withContext(name).toBeFalse();
    }
  });
});
