import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../lib/base/coded-error.ts';
import { FilesError } from '../../lib/files/files-error.ts';
import { makeMirrorFilter } from '../../lib/mirror/make-mirror-filter.ts';
import type { FilterParameters } from '../../lib/mirror/parameters.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('makeMirrorFilter', () => {
  const folder = temporaryFolder();

  const make = (parameters: Partial<FilterParameters> = {}) =>
    makeMirrorFilter(folder(), {
      extensions: [],
      exclude: [],
      include: [],
      ignoreFile: '.ignore',
      trash: undefined,
      ...parameters,
    });

  function writeIgnoreFile(content: string | Buffer): void {
    writeFileSync(join(folder(), '.ignore'), content);
  }

  function errorOf(parameters: Partial<FilterParameters> = {}): unknown {
    try {
      make(parameters);
    } catch (error) {
      return error;
    }
    return undefined;
  }

  it('leaves out nothing but the ignore file where nothing is said and that file is missing', () => {
    expect(make().leavesOut('a', 'file')).toBeFalse();
    expect(make().leavesOut('.ignore', 'file')).toBeTrue();
  });

  it('lets --include outweigh --exclude, that the ignore file, and that the extensions', () => {
    writeIgnoreFile('!a.txt\nb.md\n');
    const filter = make({ extensions: ['.txt'], exclude: ['c.*'], include: ['c.html', 'b.md'] });
    const left = ['a.txt', 'z.txt', 'b.md', 'c.md', 'c.html'].map((name) => filter.leavesOut(name, 'file'));
    expect(left).toEqual([false, true, false, true, false]);
  });

  it('leaves out the ignore file whatever takes it back, and one of that name elsewhere only where it is told to', () => {
    writeIgnoreFile('!.ignore');
    const filter = make({ include: ['*', '.ignore'] });
    expect(filter.leavesOut('.ignore', 'file')).toBeTrue();
    expect(filter.leavesOut('sub/.ignore', 'file')).toBeFalse();
  });

  for (const name of ['a*', '[a]', '!a', '#a', 'a{b,c}', '(a)', 'ä b']) {
    it(`takes ${name} as the plain name of an ignore file`, () => {
      writeFileSync(join(folder(), name), 'secret\n');
      const filter = make({ ignoreFile: name });
      expect([name, 'secret', 'a', 'ab'].map((path) => filter.leavesOut(path, 'file'))).toEqual([
        true,
        true,
        false,
        false,
      ]);
    });
  }

  it('reads the ignore file anew each time', () => {
    expect(make().leavesOut('a', 'file')).toBeFalse();
    writeIgnoreFile('a');
    expect(make().leavesOut('a', 'file')).toBeTrue();
  });

  it('follows a link to the ignore file', () => {
    writeFileSync(join(folder(), 'shared'), 'secret');
    symlinkSync('shared', join(folder(), '.ignore'));
    expect(make().leavesOut('secret', 'file')).toBeTrue();
  });

  it('names file and line of a pattern that cannot be understood', () => {
    writeIgnoreFile('good\n# [\n\n*.[md\n');
    const error = errorOf();
    expect(error).toBeInstanceOf(FilesError);
    expect(error).toEqual(
      jasmine.objectContaining({
        code: 'E_PATTERN',
        message: "Reading the pattern '*.[md' (.ignore, line 4): a [ has no closing ]; mend it or take it away",
      }),
    );
  });

  describe('refuses, since to go on without it would publish what it hides, an ignore file that', () => {
    const kinds: Readonly<Record<string, { make: () => void; problem: RegExp }>> = {
      'is a folder': { make: () => mkdirSync(join(folder(), '.ignore')), problem: /it is a folder/ },
      'leads in a circle': { make: () => symlinkSync('.ignore', join(folder(), '.ignore')), problem: /in a circle/ },
      'is a link to nothing': {
        make: () => symlinkSync('/nowhere/ignore', join(folder(), '.ignore')),
        problem: /it is a link to nothing/,
      },
      'is not UTF-8': {
        make: () => writeIgnoreFile(Buffer.from('B\xfcro/\n', 'latin1')),
        problem: /it is not valid UTF-8/,
      },
    };
    for (const [what, { make: prepare, problem }] of Object.entries(kinds)) {
      it(what, () => {
        prepare();
        const error = errorOf();
        expect(error).toBeInstanceOf(CodedError);
        expect(error).toEqual(jasmine.objectContaining({ code: 'E_IGNORE_FILE', retry: false }));
        expect(error).toEqual(jasmine.objectContaining({ message: jasmine.stringMatching(problem) }));
        expect(error).toEqual(
          jasmine.objectContaining({ message: jasmine.stringContaining(join(folder(), '.ignore')) }),
        );
      });
    }
  });
});
