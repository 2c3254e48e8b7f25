import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Journal } from '../../lib/base/journal.ts';
import type { JournalRecord } from '../../lib/base/journal-content.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { withRecords } from '../support/with-records.ts';

const HEADER = '{"journal":"of a spec"}';

// More than are written in one turn.
const MANY = 5000;

describe('A journal that is rewritten gradually', () => {
  const folder = temporaryFolder();
  const file = () => join(folder(), 'journal');
  const draft = () => `${file()}.new`;
  let journal: Journal;

  beforeEach(() => {
    ({ journal } = Journal.open(file(), HEADER, () => undefined));
    for (let number = 0; number < 10; number += 1) journal.append(['old', number]);
  });

  afterEach(() => journal.close());

  function* many(): Iterable<JournalRecord> {
    for (let number = 0; number < MANY; number += 1) yield ['new', number];
  }

  function inFile(): readonly JournalRecord[] {
    return withRecords((take) => Journal.read(file(), HEADER, take)).records;
  }

  it('holds the other records in the end, and takes more', async () => {
    await journal.rewriteGradually(many());
    journal.append(['later']);
    const expected: JournalRecord[] = [...many(), ['later']];
    expect(inFile()).toEqual(expected);
    expect(existsSync(draft())).toBeFalse();
  });

  it('loses nothing of what is appended meanwhile', async () => {
    const rewritten = journal.rewriteGradually(many());
    let isOver = false;
    void rewritten.then(() => {
      isOver = true;
    });
    let appended = 0;
    for (; !isOver; appended += 1) {
      journal.append(['meanwhile', appended]);
      await turn();
    }
    await rewritten;
    expect(appended).toBeGreaterThan(3);
    const records = inFile();
    expect(records.slice(0, MANY)).toEqual([...many()]);
    expect(records.slice(MANY)).toEqual(Array.from({ length: appended }, (_, at) => ['meanwhile', at]));
  });

  it('holds all that was there until the last moment', async () => {
    const rewritten = journal.rewriteGradually(many());
    journal.append(['meanwhile']);
    expect(existsSync(draft())).toBeTrue();
    expect(inFile().length).toBe(11);
    await rewritten;
    expect(inFile().length).toBe(MANY + 1);
  });

  it('stays as it was when it is closed before the end', async () => {
    const rewritten = journal.rewriteGradually(many());
    await turn();
    journal.append(['meanwhile']);
    journal.close();
    await rewritten;
    expect(existsSync(draft())).toBeFalse();
    expect(inFile().length).toBe(11);
    expect(readFileSync(file(), 'utf8').endsWith('["meanwhile"]\n["closed"]\n')).toBeTrue();
  });

  it('waits for what was appended when it is asked to sync meanwhile', async () => {
    const rewritten = journal.rewriteGradually(many());
    const synced = Array.from({ length: 20 }, async (_, at) => {
      for (let turns = 0; turns < at; turns += 1) await turn();
      journal.append(['meanwhile', at]);
      await journal.sync();
    });
    await Promise.all([rewritten, ...synced]);
    expect(inFile().length).toBe(MANY + 20);
  });

  it('is rewritten at once all the same, and the gradual one is left', async () => {
    const rewritten = journal.rewriteGradually(many());
    journal.rewrite([['at once']]);
    await rewritten;
    expect(inFile()).toEqual([['at once']]);
    journal.append(['later']);
    expect(inFile().length).toBe(2);
  });

  it('is not rewritten twice at the same time', async () => {
    const rewritten = journal.rewriteGradually(many());
    await expectAsync(journal.rewriteGradually(many())).toBeRejectedWithError(RangeError);
    await rewritten;
    expect(inFile().length).toBe(MANY);
  });

  it('stays as it was when there is no place for the others', async () => {
    mkdirSync(draft());
    await expectAsync(journal.rewriteGradually(many())).toBeRejectedWith(
      jasmine.objectContaining({ code: 'E_JOURNAL_WRITE' }),
    );
    journal.append(['later']);
    expect(inFile().length).toBe(11);
  });

  it('stays as it was when the others cannot be told', async () => {
    function* broken(): Iterable<JournalRecord> {
      yield* many();
      throw new Error('a spec says so');
    }
    await expectAsync(journal.rewriteGradually(broken())).toBeRejectedWith(
      jasmine.objectContaining({ code: 'E_JOURNAL_WRITE' }),
    );
    expect(existsSync(draft())).toBeFalse();
    expect(inFile().length).toBe(10);
  });
});

describe('A journal in doubt', () => {
  const folder = temporaryFolder();

  it('is set aside where that is asked for, and lost where not', () => {
    const file = join(folder(), 'journal');
    const aside = join(folder(), 'aside');
    Journal.open(file, '{"journal":"of another"}', () => undefined).journal.close();
    const before = readFileSync(file, 'utf8');
    const { journal, doubt } = Journal.open(file, HEADER, () => undefined, { setAside: aside });
    journal.close();
    expect(doubt).toBeDefined();
    expect(readFileSync(aside, 'utf8')).toBe(before);
    expect(readFileSync(file, 'utf8')).toBe(`${HEADER}\n["closed"]\n`);
  });
});
