import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseTrash, trashBelow, trashFaults, trashWarnings } from '../../lib/mirror/trash-place.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('parseTrash', () => {
  for (const [text, trash] of [
    ['.trash', '.trash'],
    ['a//b/', 'a/b'],
    ['/var//trash/', '/var/trash'],
    ['', undefined],
    ['/', undefined],
    ['./a', undefined],
    ['../a', undefined],
    ['a/..', undefined],
    ['a\nb', undefined],
  ] as const) {
    it(`makes ${trash} of ${JSON.stringify(text)}`, () => expect(parseTrash(text)).toBe(trash));
  }
});

describe('trashBelow', () => {
  for (const [trash, directory, below] of [
    [undefined, '/www', undefined],
    ['.trash', '/www', '.trash'],
    ['a/b', '', 'a/b'],
    ['/www/.trash', '/www/', '.trash'],
    ['/www/a/b', '//www', 'a/b'],
    ['/trash', '/', 'trash'],
    ['/www', '/www/', ''],
    ['/www2/trash', '/www', undefined],
    ['/', '/www', undefined],
  ] as const) {
    it(`is ${below} for ${trash} beside ${directory}`, () => expect(trashBelow(trash, directory)).toBe(below));
  }
});

describe('trashFaults', () => {
  const faults = (trash: string, directory: string) => trashFaults(trash, directory).map(({ message }) => message);

  it('refuses the far folder itself, and an absolute folder beside a relative one', () => {
    expect(faults('/www', '/www')).toEqual([jasmine.stringMatching(/^--trash .*must not be the far folder itself/)]);
    expect(faults('/trash', 'www')).toEqual([jasmine.stringMatching(/^--trash .*must be relative/)]);
  });

  it('finds no fault with others', () => {
    expect([...faults('.trash', 'www'), ...faults('/trash', '/www'), ...faults('/www/trash', '/www')]).toEqual([]);
  });
});

describe('trashWarnings', () => {
  const folder = temporaryFolder();

  it('names what has the place of the trash in the local folder', () => {
    expect(trashWarnings('.trash', folder())).toEqual([]);
    mkdirSync(join(folder(), '.trash'));
    expect(trashWarnings('.trash', folder())).toEqual([jasmine.stringMatching(/^Not mirrored, .*\.trash"?$/)]);
    expect(trashWarnings(undefined, folder())).toEqual([]);
  });
});
