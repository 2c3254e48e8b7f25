import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Journal, type OpenedJournal } from '../../lib/base/journal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type Records, withRecords } from '../support/with-records.ts';

const HEADER = '{"journal":"of a spec"}';

describe('A journal after a session', () => {
  const folder = temporaryFolder();
  const file = () => join(folder(), 'journal');
  const inFile = () => readFileSync(file(), 'utf8');
  let opened: Journal[];

  beforeEach(() => {
    opened = [];
  });

  afterEach(() => {
    for (const journal of opened) journal.close();
  });

  function open(): OpenedJournal & Records {
    const { content, records } = withRecords((take) => Journal.open(file(), HEADER, take));
    opened.push(content.journal);
    return { ...content, records };
  }

  const MARK = '["closed"]\n';

  it('that was closed in order, is not cut off, and has no mark of it any more', () => {
    const { journal } = open();
    journal.append(['k']);
    journal.close();
    expect(inFile()).toBe(`${HEADER}\n["k"]\n${MARK}`);
    const { records, isCutOff } = open();
    expect([records, isCutOff]).toEqual([[['k']], false]);
    expect(inFile()).toBe(`${HEADER}\n["k"]\n`);
  });

  for (const [what, text] of [
    ['that was not closed', `${HEADER}\n["k"]\n`],
    ['whose mark is torn', `${HEADER}\n["k"]\n["closed"]`],
    ['whose mark has something torn behind it', `${HEADER}\n["k"]\n${MARK}["d`],
    ['that got no further than its header', `${HEADER}\n`],
    ['that got no further than a part of its header', HEADER.slice(0, 5)],
    ['of which nothing is left', ''],
  ] as const) {
    it(`${what}, is cut off, whatever it holds`, () => {
      writeFileSync(file(), text);
      const { records, doubt, isCutOff } = open();
      expect([doubt, isCutOff]).toEqual([undefined, true]);
      expect(records).toEqual(text.includes('["k"]') ? [['k']] : []);
      expect(inFile()).toBe(text.includes('["k"]') ? `${HEADER}\n["k"]\n` : `${HEADER}\n`);
    });
  }

  it('is not cut off where there was none', () => expect(open().isCutOff).toBeFalse());

  it('that is read only, keeps its mark', () => {
    writeFileSync(file(), `${HEADER}\n["k"]\n${MARK}`);
    const { records, content } = withRecords((take) => Journal.read(file(), HEADER, take));
    expect([records, content]).toEqual([[['k']], { isCutOff: false }]);
    expect(inFile()).toBe(`${HEADER}\n["k"]\n${MARK}`);
  });

  it('is cut off when it was abandoned', () => {
    const { journal } = open();
    journal.append(['k']);
    journal.abandon();
    journal.close();
    expect(open().isCutOff).toBeTrue();
  });

  it('is cut off when a record could not be written', () => {
    const { journal } = open();
    const text = JSON.stringify(['d', 'x']);
    spyOn(JSON, 'stringify').and.throwError('no memory');
    expect(() => journal.append(['d', 'x'])).toThrowError();
    (JSON.stringify as unknown as jasmine.Spy).and.returnValue(text);
    journal.close();
    expect(open().isCutOff).toBeTrue();
  });
});
