import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Journal } from '../../lib/base/journal.ts';
import { File } from '../../lib/files/file.ts';
import { journalFileOf, type Pair } from '../../lib/sync/pair.ts';
import { PairJournal } from '../../lib/sync/pair-journal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { linesOf } from '../support/tree-of.ts';

const pair: Pair = {
  site: { protocol: 'ftp', host: 'example.org', port: 21, user: 'steve', directory: '/test' },
  localRoot: '/home/steve/web',
};

describe('PairJournal', () => {
  const folder = temporaryFolder();
  const fileOf = () => journalFileOf(folder(), pair);

  function write(work: (journal: PairJournal) => void): void {
    const journal = PairJournal.open(folder(), pair);
    work(journal);
    journal.close();
  }

  /** As if the run had gone on to write that, and was killed then. */
  function wentOn(text: string): void {
    const before = readFileSync(fileOf(), 'utf8');
    expect(before).toMatch(/\["closed"\]\n$/);
    writeFileSync(fileOf(), before.replace(/\["closed"\]\n$/, text));
  }

  /** What a new run finds. */
  function reopened() {
    const journal = PairJournal.open(folder(), pair);
    journal.close();
    const { far, farIsKnown, doubt, isCutOff } = journal;
    return { lines: linesOf(far), far, farIsKnown, doubt, isCutOff, doubts: journal.doubts() };
  }

  it('does not grow by what stays in doubt for weeks', async () => {
    const paths = Array.from({ length: 1200 }, (_, index) => `f${index}`);
    const journal = PairJournal.open(folder(), pair);
    const lengths: number[] = [];
    for (let cycle = 0; cycle < 20; cycle += 1) {
      for (const path of paths) journal.begin({ kind: 'upload', path, size: cycle, mtimeMs: 1 });
      await journal.cycleEnded();
      lengths.push(readFileSync(fileOf(), 'utf8').split('\n').length);
    }
    journal.close();
    expect(Math.max(...lengths)).toBeLessThan(7500);
    // Not written anew in every cycle either.
    const rewritten = lengths.filter((length, at) => at > 0 && length !== (lengths[at - 1] ?? 0) + paths.length);
    expect(rewritten.length).toBeLessThan(12);
    expect(reopened().doubts.map(({ size }) => size)).toEqual(paths.map(() => 19));
  });

  it('knows nothing at first', () => {
    expect(reopened()).toEqual(
      jasmine.objectContaining({ lines: [], farIsKnown: false, doubt: undefined, doubts: [] }),
    );
  });

  it('may be read by nobody but its owner', () => {
    write(() => undefined);
    expect(statSync(fileOf()).mode & 0o777).toBe(0o600);
  });

  it('remembers all that was recorded', () => {
    write((journal) => {
      journal.farListed(5);
      journal.folderIsThere('a');
      journal.folderIsThere('a/b');
      journal.fileIsThere('a/f', { size: 3, mtimeMs: 1234 });
      journal.fileIsThere('a/f', { size: 4, mtimeMs: 5678 });
      journal.fileIsThere('a/g', { size: 5, mtimeMs: 1 });
      journal.fileIsGone('a/g');
      journal.folderIsThere('c');
      journal.folderIsGone('c');
      expect(linesOf(journal.far)).toEqual(['a/', 'a/b/', 'a/f 4']);
      expect(journal.farIsKnown).toBeTrue();
    });
    const { lines, far, farIsKnown } = reopened();
    expect(lines).toEqual(['a/', 'a/b/', 'a/f 4']);
    expect(far.directory('a')?.file('f')).toEqual(new File('f', 4, 5678));
    expect(farIsKnown).toBeTrue();
  });

  it('remembers names of all kinds', () => {
    const names = ['a b', '"', 'é', '\u2028', '💾', '__proto__', '-rf', '...', '\\', '.x'];
    write((journal) => {
      for (const name of names) journal.fileIsThere(name, { size: 1, mtimeMs: 1 });
    });
    expect(reopened().lines).toEqual(names.map((name) => `${name} 1`).sort());
  });

  it('bears the removal of what it does not know', () => {
    write((journal) => {
      journal.fileIsGone('a/f');
      journal.folderIsGone('a/b');
    });
    expect(reopened().lines).toEqual([]);
  });

  it('has what was begun in doubt until it is told how that ended', () => {
    const step = { kind: 'upload', size: 1, mtimeMs: 2 } as const;
    write((journal) => {
      for (const path of ['sent', 'removed', 'made', 'gone', 'open']) journal.begin({ ...step, path });
      journal.fileIsThere('sent', step);
      journal.fileIsGone('removed');
      journal.folderIsThere('made');
      journal.folderIsGone('gone');
      expect(journal.doubts().map(({ path }) => path)).toEqual(['open']);
    });
    expect(reopened().doubts).toEqual([{ ...step, path: 'open' }]);
  });

  it('has nothing in doubt that was withdrawn, and knows what it knew before', () => {
    write((journal) => {
      journal.fileIsThere('f', { size: 3, mtimeMs: 4 });
      journal.begin({ kind: 'remove', path: 'f', size: 0, mtimeMs: 0 });
      journal.withdraw('f');
      expect(journal.doubts()).toEqual([]);
    });
    expect(reopened()).toEqual(jasmine.objectContaining({ lines: ['f 3'], doubts: [] }));
  });

  it('keeps an older doubt when what was begun after it is withdrawn', () => {
    const older = { kind: 'upload', path: 'f', size: 3, mtimeMs: 4 } as const;
    write((journal) => {
      journal.begin(older);
      journal.begin({ kind: 'remove', path: 'f', size: 0, mtimeMs: 0 });
      journal.withdraw('f');
      expect(journal.doubts()).toEqual([older]);
    });
    expect(reopened().doubts).toEqual([older]);
  });

  it('holds a file of unsure content for another than any near one', () => {
    write((journal) => journal.fileIsUnsure('f'));
    expect(reopened().lines).toEqual(['f -1']);
  });

  it('forgets a record that was being written when the machine stopped', () => {
    write((journal) => journal.fileIsThere('a', { size: 1, mtimeMs: 1 }));
    wentOn('["x","a');
    expect(reopened().lines).toEqual(['a 1']);
    write((journal) => journal.fileIsThere('b', { size: 1, mtimeMs: 1 }));
    expect(reopened().lines).toEqual(['a 1', 'b 1']);
  });

  describe('after a run that was killed', () => {
    beforeEach(() => {
      write((journal) => {
        journal.farListed(5);
        journal.fileIsThere('a', { size: 1, mtimeMs: 1 });
      });
      wentOn('["f","b",2,2]\n["b","c","upload",3,3]\n');
    });

    it('has every record, but does not know the far side before it is listed', () => {
      write((journal) => {
        expect(linesOf(journal.far)).toEqual(['a 1', 'b 2']);
        expect(journal.doubts()).toEqual([{ path: 'c', kind: 'upload', size: 3, mtimeMs: 3 }]);
        expect([journal.isCutOff, journal.farIsKnown, journal.doubt]).toEqual([true, false, undefined]);
        journal.farListed(5);
        expect(journal.farIsKnown).toBeTrue();
      });
      const { lines, farIsKnown, isCutOff } = reopened();
      expect([lines, farIsKnown, isCutOff]).toEqual([['a 1', 'b 2'], true, false]);
    });

    it('does not know it in the next run either when it was not listed in this one', () => {
      write((journal) => journal.folderIsThere('d'));
      const { lines, farIsKnown, isCutOff } = reopened();
      expect([lines, farIsKnown, isCutOff]).toEqual([['a 1', 'b 2', 'd/'], false, true]);
    });

    it('does not know it in a dry run before it is listed', () => {
      const journal = PairJournal.open(folder(), pair, { readOnly: true });
      expect(journal.farIsKnown).toBeFalse();
      journal.farListed(5);
      expect(journal.farIsKnown).toBeTrue();
      journal.close();
      expect(reopened().farIsKnown).toBeFalse();
    });
  });

  it('knows the far side no more when its file has lost the records since some earlier end', () => {
    write((journal) => {
      journal.farListed(5);
      journal.fileIsThere('a', { size: 1, mtimeMs: 1 });
    });
    const earlier = readFileSync(fileOf(), 'utf8').length;
    write((journal) => journal.fileIsGone('a'));
    truncateSync(fileOf(), earlier);
    expect(reopened().isCutOff).toBeTrue();
  });

  it('does not remember what it cannot write', () => {
    const journal = PairJournal.open(folder(), pair);
    spyOn(Journal.prototype, 'append').and.throwError('the disk is full');
    expect(() => journal.fileIsThere('a', { size: 1, mtimeMs: 1 })).toThrowError('the disk is full');
    expect(() => journal.farListed(5)).toThrowError('the disk is full');
    expect(() => journal.begin({ kind: 'mkdir', path: 'd', size: 0, mtimeMs: 0 })).toThrowError('the disk is full');
    expect(linesOf(journal.far)).toEqual([]);
    expect(journal.farIsKnown).toBeFalse();
    expect(journal.doubts()).toEqual([]);
    journal.close();
  });

  describe('believes nothing of a file', () => {
    const records: readonly (readonly unknown[])[] = [
      ['z', 'a'],
      ['f', 'a'],
      ['f', 'a', '1', 2],
      ['f', 'a', 1, '2'],
      ['b', 'a', 'dance', 1, 2],
      ['b', 'a', 'upload', '1', 2],
      ['b', 'a', 'upload', 1],
      ['d', 7],
      ['d'],
      ...['', '.', '..', '../x', 'a/..', 'a/../../x', '/a', '/', 'a//b', 'a/', './a'].flatMap((path) =>
        ['d', 'x', 'r'].map((kind) => [kind, path]),
      ),
      ['f', '../x', 1, 2],
      ['b', '../x', 'remove', 1, 2],
    ];
    for (const record of records) {
      it(`with the record ${JSON.stringify(record)}`, () => {
        write((journal) => {
          journal.farListed(5);
          journal.fileIsThere('f', { size: 1, mtimeMs: 1 });
        });
        wentOn(`${JSON.stringify(record)}\n`);
        const { lines, farIsKnown, doubt } = reopened();
        expect(lines).toEqual([]);
        expect(farIsKnown).toBeFalse();
        expect(doubt).toBe('it holds an unknown record');
        expect(reopened().doubt).toBeUndefined();
      });
    }

    it('that cannot be read', () => {
      write((journal) => {
        journal.farListed(5);
        journal.folderIsThere('a');
      });
      wentOn('rubbish\n');
      const { lines, farIsKnown, doubt } = reopened();
      expect([lines, farIsKnown]).toEqual([[], false]);
      expect(doubt).toContain('line 4');
    });

    it('of another pair under the same name', () => {
      write((journal) => journal.farListed(5));
      writeFileSync(fileOf(), readFileSync(fileOf(), 'utf8').replace('/home/steve/web', '/home/steve/bin'));
      expect(reopened().doubt).toContain('something else');
    });
  });

  describe('for a dry run', () => {
    it('leaves no trace where there was no journal', () => {
      const stateFolder = join(folder(), 'state');
      const journal = PairJournal.open(stateFolder, pair, { readOnly: true });
      journal.farListed(5);
      journal.fileIsThere('a', { size: 1, mtimeMs: 1 });
      expect(linesOf(journal.far)).toEqual(['a 1']);
      expect(journal.farIsKnown).toBeTrue();
      journal.close();
      expect(existsSync(stateFolder)).toBeFalse();
    });

    it('leaves a journal as it is, be it torn, doubtful or worth compacting', () => {
      for (const end of ['["x","a', 'rubbish\n', '["z","z"]\n', '["d","a"]\n'.repeat(3000)]) {
        rmSync(fileOf(), { force: true });
        write((journal) => journal.folderIsThere('a'));
        wentOn(end);
        const before = readFileSync(fileOf(), 'utf8');
        const journal = PairJournal.open(folder(), pair, { readOnly: true });
        journal.folderIsGone('a');
        journal.close();
        expect(readFileSync(fileOf(), 'utf8')).toBe(before);
        expect(readdirSync(folder()).length).toBe(1);
      }
    });

    it('reads what there is', () => {
      write((journal) => journal.folderIsThere('a'));
      const journal = PairJournal.open(folder(), pair, { readOnly: true });
      expect(linesOf(journal.far)).toEqual(['a/']);
      journal.close();
    });
  });

  it('gets shorter when most of its records say nothing any more, and keeps what it knows', () => {
    write((journal) => {
      journal.farListed(5);
      journal.folderIsThere('d');
      journal.begin({ kind: 'upload', path: 'open', size: 7, mtimeMs: 8 });
      for (let turn = 0; turn < 1500; turn += 1) journal.fileIsThere('d/f', { size: turn, mtimeMs: turn });
    });
    const before = statSync(fileOf()).size;
    const { lines, farIsKnown, doubts } = reopened();
    expect(statSync(fileOf()).size).toBeLessThan(before / 100);
    expect(statSync(fileOf()).mode & 0o777).toBe(0o600);
    const again = reopened();
    expect(again.lines).toEqual(['d/', 'd/f 1499']);
    expect(again.farIsKnown).toBeTrue();
    expect(again.doubts).toEqual([{ kind: 'upload', path: 'open', size: 7, mtimeMs: 8 }]);
    expect({ lines, farIsKnown, doubts }).toEqual({
      lines: again.lines,
      farIsKnown: again.farIsKnown,
      doubts: again.doubts,
    });
  });

  it('gets shorter between the cycles of a long run, too, and goes on in the shorter file', async () => {
    const journal = PairJournal.open(folder(), pair);
    journal.farListed(5);
    const sizes: number[] = [];
    for (let cycle = 0; cycle < 30; cycle += 1) {
      for (let turn = 0; turn < 100; turn += 1) journal.fileIsThere('f', { size: turn, mtimeMs: cycle });
      await journal.cycleEnded();
      sizes.push(statSync(fileOf()).size);
    }
    expect(Math.max(...sizes)).toBeLessThan(30_000);
    journal.fileIsThere('last', { size: 1, mtimeMs: 1 });
    journal.close();
    const { lines, farIsKnown } = reopened();
    expect([lines, farIsKnown]).toEqual([['f 99', 'last 1'], true]);
  });

  it('opens again with 50,000 entries', () => {
    write((journal) => {
      for (let at = 0; at < 50_000; at += 1) {
        journal.fileIsThere(`folder ${at % 500}/deeper/file ${at}`, { size: at, mtimeMs: at });
      }
    });
    const { far, lines } = reopened();
    expect(lines.length).toBe(50_000 + 2 * 500);
    expect(far.directoryAt('folder 7/deeper')?.file('file 1507')).toEqual(new File('file 1507', 1507, 1507));
  });

  it('is locked until it is closed, but not against a dry run', () => {
    write((journal) => {
      journal.folderIsThere('a');
      const before = readFileSync(fileOf(), 'utf8');
      expect(() => PairJournal.open(folder(), pair)).toThrowMatching(({ code }) => code === 'E_LOCKED');
      expect(readFileSync(fileOf(), 'utf8')).toBe(before);
      const other = PairJournal.open(folder(), pair, { readOnly: true });
      expect(linesOf(other.far)).toEqual(['a/']);
      other.close();
      expect(readdirSync(folder()).length).toBe(2);
    });
    write(() => undefined);
    expect(readdirSync(folder()).length).toBe(1);
  });

  it('is not locked any more when it could not be opened', () => {
    mkdirSync(fileOf());
    expect(() => PairJournal.open(folder(), pair)).toThrowMatching(({ code }) => code === 'E_JOURNAL_OPEN');
    expect(readdirSync(folder()).length).toBe(1);
  });

  it('is refused where it cannot be written', () => {
    writeFileSync(join(folder(), 'file'), '');
    chmodSync(join(folder(), 'file'), 0o600);
    expect(() => PairJournal.open(join(folder(), 'file', 'state'), pair)).toThrowMatching(
      (error) => error.code === 'E_LOCK_FILE',
    );
  });
});
