import fs, {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeOf } from '../../lib/base/coded-error.ts';
import { Journal, JournalError, type OpenedJournal } from '../../lib/base/journal.ts';
import type { JournalContent, JournalRecord } from '../../lib/base/journal-content.ts';
import { SyncedFile } from '../../lib/base/synced-file.ts';
import { asPlainUser } from '../support/plain-user.ts';
import { programs } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type Records, withRecords } from '../support/with-records.ts';

const HEADER = '{"journal":"of a spec"}';
const WRITER = fileURLToPath(new URL('../support/workers/journal-writer.js', import.meta.url));

describe('Journal', () => {
  const folder = temporaryFolder();
  const run = programs();
  let opened: Journal[];

  beforeEach(() => {
    opened = [];
  });

  afterEach(() => {
    for (const journal of opened) journal.close();
  });

  function file(): string {
    return join(folder(), 'state', 'journal');
  }

  function open(header = HEADER): OpenedJournal & Records {
    const { content, records } = withRecords((take) => Journal.open(file(), header, take));
    opened.push(content.journal);
    return { ...content, records };
  }

  function read(path = file()): JournalContent & Records {
    const { content, records } = withRecords((take) => Journal.read(path, HEADER, take));
    return { ...content, records };
  }

  function write(content: string | Buffer): void {
    mkdirSync(dirname(file()), { recursive: true });
    writeFileSync(file(), content);
  }

  function content(): string {
    return readFileSync(file(), 'utf8');
  }

  /** Do something while one function of the system does something else. */
  function replacing<Name extends 'fsyncSync' | 'renameSync'>(name: Name, other: (typeof fs)[Name]) {
    return (work: () => void) => {
      const real = fs[name];
      fs[name] = other;
      syncBuiltinESMExports();
      try {
        work();
      } finally {
        fs[name] = real;
        syncBuiltinESMExports();
      }
    };
  }

  it('begins empty and without doubt where there is no file', () => {
    const { records, doubt } = open();
    expect(records).toEqual([]);
    expect(doubt).toBeUndefined();
    expect(content()).toBe(`${HEADER}\n`);
  });

  it('begins afresh in an empty file, without doubt', () => {
    write('');
    const { records, doubt, journal } = open();
    expect([records, doubt]).toEqual([[], undefined]);
    journal.append(['k']);
    expect(content()).toBe(`${HEADER}\n["k"]\n`);
  });

  it('may be read by its owner only, and so may its folder', () => {
    open();
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file())).mode & 0o777).toBe(0o700);
  });

  it('leaves no other file beside it', () => {
    open().journal.rewrite([['k']]);
    expect(readdirSync(dirname(file()))).toEqual(['journal']);
  });

  it('gives back what was appended, in its order', () => {
    const records: JournalRecord[] = [['d', 'a'], ['f', 'a/é 🙂\n"', 3, 1.5], ['k']];
    const { journal } = open();
    for (const record of records) journal.append(record);
    expect(open().records).toEqual(records);
  });

  it('writes what is appended together in one go, also what came before a failure', () => {
    const { journal } = open();
    const before = statSync(file()).size;
    const fault = new Error('of the work');
    const work = () => {
      journal.append(['one']);
      journal.together(() => journal.append(['two']));
      expect(statSync(file()).size).toBe(before);
      throw fault;
    };
    expect(() => journal.together(work)).toThrow(fault);
    expect(read().records).toEqual([['one'], ['two']]);
    journal.append(['three']);
    expect(read().records).toHaveSize(3);
  });

  it('goes on where it ended when it is opened again', () => {
    open().journal.append(['d', '1']);
    open().journal.append(['d', '2']);
    const { journal } = open();
    journal.append(['d', '3']);
    expect(open().records).toEqual([
      ['d', '1'],
      ['d', '2'],
      ['d', '3'],
    ]);
  });

  it('drops a last line that was torn, and appends after the line before', () => {
    write(`${HEADER}\n["d","a"]\n["f","b`);
    const { records, doubt, journal } = open();
    expect([records, doubt]).toEqual([[['d', 'a']], undefined]);
    expect(content()).toBe(`${HEADER}\n["d","a"]\n`);
    journal.append(['k']);
    expect(content()).toBe(`${HEADER}\n["d","a"]\n["k"]\n`);
  });

  it('drops a last line that was torn in the middle of a character', () => {
    const whole = Buffer.from(`${HEADER}\n["d","é"]\n["d","é"]`);
    write(whole.subarray(0, -3));
    const { records, doubt } = open();
    expect([records, doubt]).toEqual([[['d', 'é']], undefined]);
    expect(content()).toBe(`${HEADER}\n["d","é"]\n`);
  });

  it('drops a last line that lacks nothing but its end', () => {
    write(`${HEADER}\n["d","a"]`);
    expect(open().records).toEqual([]);
    expect(content()).toBe(`${HEADER}\n`);
  });

  for (const [what, other] of [
    ['of something else', '{"journal":"of another pair"}\n["d","a"]\n'],
    ['whose header was torn and went on', `${HEADER.slice(0, 5)}\n`],
    ['whose header begins with a byte order mark', `\ufeff${HEADER}\n["d","a"]\n`],
  ] as const) {
    it(`doubts the journal ${what} and begins afresh`, () => {
      write(other);
      const { records, doubt } = open();
      expect([records, doubt]).toEqual([[], 'it is the journal of something else, or of another version']);
      expect(content()).toBe(`${HEADER}\n`);
    });
  }

  for (const line of ['["f","a"', '', 'null', '{}', '[]', '[1]', '["f",null]', '["f",["a"]]', '\0\0\0']) {
    it(`doubts a journal with the line ${JSON.stringify(line)} in the middle`, () => {
      write(`${HEADER}\n["d","a"]\n${line}\n["d","b"]\n`);
      const { records, doubt } = open();
      expect([records, doubt]).toEqual([[], 'line 3 cannot be read']);
      expect(content()).toBe(`${HEADER}\n`);
    });
  }

  it('holds other records after a rewrite, and those appended later', () => {
    const { journal } = open();
    journal.append(['d', 'old']);
    journal.rewrite([['d', 'new'], ['k']]);
    journal.append(['d', 'later']);
    expect(open().records).toEqual([['d', 'new'], ['k'], ['d', 'later']]);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('keeps the old records when those to put in place of them fail', () => {
    const { journal } = open();
    journal.append(['d', 'old']);
    expect(() =>
      journal.rewrite(
        (function* () {
          yield ['d', 'new'] as const;
          throw new RangeError('no more');
        })(),
      ),
    ).toThrowError();
    journal.append(['d', 'later']);
    expect(open().records).toEqual([
      ['d', 'old'],
      ['d', 'later'],
    ]);
    expect(open().doubt).toBeUndefined();
  });

  it('goes by no rest of a rewrite that a crash cut off, and takes it away', () => {
    open().journal.append(['d', 'a']);
    writeFileSync(`${file()}.new`, `${HEADER}\n["d","half of`);
    expect(open().records).toEqual([['d', 'a']]);
    expect(readdirSync(dirname(file()))).toEqual(['journal']);
  });

  it('doubts a journal that it may not read, and begins afresh', async () => {
    await asPlainUser(async () => {
      const own = mkdtempSync(join(tmpdir(), 'filesmirror-spec-'));
      try {
        const path = join(own, 'journal');
        writeFileSync(path, `${HEADER}\n["d","a"]\n["closed"]\n`, { mode: 0 });
        const why = 'there is no permission';
        expect(read(path)).toEqual({ records: [], doubt: why, isCutOff: false });
        const { journal, ...found } = Journal.open(path, HEADER, () => undefined);
        journal.close();
        expect(found).toEqual({ doubt: why, isCutOff: false });
        expect(Journal.open(path, HEADER, () => undefined).doubt).toBeUndefined();
      } finally {
        rmSync(own, { recursive: true });
      }
    });
  });

  it('doubts a journal that is too large to read', () => {
    write('');
    truncateSync(file(), 3 * 2 ** 30);
    expect(open().doubt).toBe('it is too large to read');
    expect(content()).toBe(`${HEADER}\n`);
  });

  it('says which file cannot be opened, and why', () => {
    mkdirSync(file(), { recursive: true });
    expect(() => open()).toThrowMatching((error) => {
      return error instanceof JournalError && error.code === 'E_JOURNAL_OPEN' && error.message.includes(file());
    });
  });

  it('cannot be opened where its folder cannot be made', () => {
    writeFileSync(join(folder(), 'state'), '');
    expect(() => open()).toThrowMatching((error) => codeOf(error) === 'E_JOURNAL_OPEN');
  });

  describe('read', () => {
    it('finds nothing where there is nothing, and makes nothing', () => {
      expect(read().records).toEqual([]);
      expect(readdirSync(folder())).toEqual([]);
    });

    it('finds the records and leaves a torn line where it is', () => {
      write(`${HEADER}\n["d","a"]\n["f"`);
      expect(read().records).toEqual([['d', 'a']]);
      expect(content()).toBe(`${HEADER}\n["d","a"]\n["f"`);
    });

    it('tells its doubt and leaves the file as it is', () => {
      write('something else\n');
      expect(read().doubt).toBeDefined();
      expect(content()).toBe('something else\n');
    });

    it('refuses what cannot be read', () => {
      mkdirSync(file(), { recursive: true });
      expect(() => read()).toThrowMatching((error) => codeOf(error) === 'E_JOURNAL_OPEN');
    });
  });

  it('loses nothing that was appended when its process is killed', async () => {
    const program = run(WRITER, { args: [file(), HEADER, 'for ever'] });
    const [, appended] = await program.waitForLine(/^(\d{3,})$/);
    await program.stop();
    const { records, doubt } = open();
    expect(doubt).toBeUndefined();
    expect(records.length).toBeGreaterThanOrEqual(Number(appended));
    expect(records.every(([, number], index) => number === index)).toBeTrue();
  });

  it('doubts a journal that is not text, and does not lengthen its file', () => {
    write(Buffer.concat([Buffer.from(`${HEADER}\n["d","`), Buffer.from([0xff]), Buffer.from('"]\n')]));
    const { records, doubt } = open();
    expect([records, doubt]).toEqual([[], 'it is not text in UTF-8']);
    expect(content()).toBe(`${HEADER}\n`);
  });

  it('puts nothing after half a record when the disk was full and has room again', async () => {
    const { status, stdout } = await run(WRITER, { args: [file(), HEADER, 'full disk'] }).ended;
    expect(status).toBe(0);
    expect(stdout).toBe(`E_JOURNAL_WRITE Cannot write to the journal ${file()}: EFBIG\n`);
    expect(content()).toBe(`${HEADER}\n["d","before"]\n["d","after"]\n`);
  });

  it('keeps the old records when the disk is full during a rewrite', () => {
    const { journal } = open();
    journal.append(['d', 'old']);
    symlinkSync('/dev/full', `${file()}.new`);
    expect(() => journal.rewrite([['d', 'new']])).toThrowMatching((error) => {
      return error instanceof JournalError && error.code === 'E_JOURNAL_WRITE' && error.message.endsWith(': ENOSPC');
    });
    journal.append(['d', 'later']);
    expect(content()).toBe(`${HEADER}\n["d","old"]\n["d","later"]\n`);
    expect(readdirSync(dirname(file()))).toEqual(['journal']);
  });

  it('lets go of the file when it cannot be begun', () => {
    write('something else\n');
    const before = readdirSync('/proc/self/fd').length;
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    replacing('fsyncSync', () => {
      throw full;
    })(() => {
      expect(() => open()).toThrowMatching((error) => {
        return error instanceof JournalError && error.code === 'E_JOURNAL_OPEN' && error.retry;
      });
    });
    expect(readdirSync('/proc/self/fd').length).toBe(before);
    expect(readdirSync(dirname(file()))).toEqual(['journal']);
    expect(content()).toBe('something else\n');
  });

  it('has other records on the disk before they take the name of the old ones, and then the name', () => {
    const { journal } = open();
    const order: string[] = [];
    const { fsyncSync, renameSync } = fs;
    const sync = (descriptor: number) => {
      order.push(fs.fstatSync(descriptor).isDirectory() ? 'sync folder' : 'sync file');
      fsyncSync(descriptor);
    };
    const rename = (from: fs.PathLike, to: fs.PathLike) => {
      order.push('rename');
      renameSync(from, to);
    };
    replacing('fsyncSync', sync)(() => replacing('renameSync', rename)(() => journal.rewrite([['k']])));
    expect(order).toEqual(['sync file', 'rename', 'sync folder']);
  });

  it('refuses the next record when the disk did not take those before, and does not call that an end in order', async () => {
    const refusal = (error: unknown) => codeOf(error) === 'E_JOURNAL_WRITE' && `${error}`.includes(file());
    const { journal } = open();
    journal.append(['d', 'a']);
    spyOn(SyncedFile.prototype, 'sync').and.rejectWith(Object.assign(new Error('bad disk'), { code: 'EIO' }));
    await expectAsync(journal.sync()).toBeRejectedWith(jasmine.objectContaining({ code: 'E_JOURNAL_WRITE' }));
    spyOn(SyncedFile.prototype, 'append').and.throwError('EIO');
    expect(() => journal.append(['d', 'b'])).toThrowMatching(refusal);
    journal.close();
    expect(read().isCutOff).toBeTrue();
  });

  it('may be closed twice, and takes nothing then', () => {
    const { journal } = open();
    journal.close();
    const other = open().journal;
    journal.close();
    expect(() => journal.append(['k'])).toThrowMatching((error) => codeOf(error) === 'E_JOURNAL_WRITE');
    other.append(['k']);
    expect(open().records).toEqual([['k']]);
  });

  it('bears that its file is longer than what it knew when it was opened', () => {
    open().journal.append(['d', 'a']);
    appendFileSync(file(), '["d","b"]\n');
    expect(open().records.length).toBe(2);
  });
});
