import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Trash } from '../../../lib/share/disk/trash.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { idOf } from './share-scene.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('Trash', () => {
  const folder = temporaryFolder();
  let clock: ManualClock;
  let trash: Trash;
  let upSeconds: number;

  beforeEach(() => {
    clock = new ManualClock(Date.UTC(2026, 10, 22, 12));
    upSeconds = 0;
    trash = new Trash(join(folder(), 'trash'), clock, () => upSeconds);
  });

  /** Days go by, and no clock is set. */
  function pass(days: number): void {
    clock.advance(days * DAY_MS);
    upSeconds += days * 86_400;
  }

  function throwAway(path: string, text: string): string {
    const place = trash.placeFor(path);
    writeFileSync(join(folder(), 'old'), text);
    renameSync(join(folder(), 'old'), place);
    trash.remember(idOf(text), place);
    return place;
  }

  it('keeps what is thrown away under its path, each day in a folder of its own', () => {
    throwAway('a/b.txt', 'first');
    clock.advance(DAY_MS);
    throwAway('c', 'second');
    expect([...trash.list()].map(({ where: _, ...rest }) => rest)).toEqual([
      { path: 'a/b.txt', day: '2026-11-22', folder: '2026-11-22', size: 5 },
      { path: 'c', day: '2026-11-23', folder: '2026-11-23', size: 6 },
    ]);
  });

  it('keeps all that was thrown away under one path, and a file beside a folder of that name', () => {
    for (const text of ['1', '2', '3']) throwAway('a', text);
    throwAway('a/b', '4');
    const again = new Trash(join(folder(), 'trash'), clock);
    trash = again;
    throwAway('a', '5');
    expect([...trash.list()].map(({ path, where }) => `${path} ${readFileSync(where, 'utf8')}`).sort()).toEqual([
      'a 1',
      'a 2',
      'a 3',
      'a 5',
      'a/b 4',
    ]);
  });

  it('never leads through a link that was thrown away', () => {
    mkdirSync(join(folder(), 'outside'));
    symlinkSync(join(folder(), 'outside'), trash.placeFor('d'));
    throwAway('d/file', 'x');
    expect(readdirSync(join(folder(), 'outside'))).toEqual([]);
    expect([...trash.list()].map(({ path }) => path).sort()).toEqual(['d', 'd/file']);
  });

  it('finds a content until its file is changed or gone', () => {
    const place = throwAway('a', 'text');
    expect(trash.find(idOf('text'))).toBe(place);
    expect(trash.find(idOf('other'))).toBeUndefined();
    writeFileSync(place, 'something else');
    expect(trash.find(idOf('text'))).toBeUndefined();
  });

  it('puts a file back, and never in place of another', () => {
    const place = throwAway('a', 'text');
    writeFileSync(join(folder(), 'taken'), 'mine');
    expect(trash.restore({ where: place }, join(folder(), 'taken'))).toBe('changed');
    expect(readFileSync(join(folder(), 'taken'), 'utf8')).toBe('mine');
    trash.restore({ where: place }, join(folder(), 'free'));
    expect([readFileSync(join(folder(), 'free'), 'utf8'), existsSync(place)]).toEqual(['text', false]);
  });

  it('is empty before anything was thrown away', async () => {
    expect([...trash.list()]).toEqual([]);
    await trash.expire(7);
  });

  it('does not come back without the folder that it was in', () => {
    const lost = new Trash(join(folder(), 'taken away', 'trash'), clock);
    expect(() => lost.placeFor('a')).toThrowError(/ENOENT/);
    expect(existsSync(join(folder(), 'taken away'))).toBeFalse();
  });

  it('lists the tenth of a day behind the second', () => {
    for (let number = 1; number <= 10; number += 1) throwAway('a', `${number}`);
    expect([...trash.list()].map(({ folder: name }) => name).slice(-2)).toEqual(['2026-11-22.9', '2026-11-22.10']);
  });

  it('removes what has been there for more than the days it is told', async () => {
    throwAway('a', '1');
    throwAway('a', '2');
    pass(7);
    throwAway('b', '3');
    await trash.expire(7);
    expect([...trash.list()].length).toBe(3);
    pass(1);
    await trash.expire(7);
    expect([...trash.list()].map(({ path }) => path)).toEqual(['b']);
  });

  it('removes what an earlier process has put there, as soon as its day is old', async () => {
    throwAway('a', '1');
    pass(8);
    await new Trash(join(folder(), 'trash'), clock, () => 1).expire(7);
    expect([...trash.list()]).toEqual([]);
  });

  it('keeps for as many days what it was given while the clock was behind', async () => {
    throwAway('a', '1');
    // NTP.
    clock.advance(8 * DAY_MS);
    await trash.expire(7);
    expect([...trash.list()].length).toBe(1);
    pass(7);
    await trash.expire(7);
    expect([...trash.list()]).toEqual([]);
  });

  it('knows the last 100,000 contents that it was given', () => {
    throwAway('a', 'first');
    throwAway('b', 'second');
    const again = throwAway('c', 'first');
    const place = throwAway('d', 'third');
    for (let number = 4; number <= 100_000; number += 1) trash.remember(`${number}`, place);
    expect([trash.find(idOf('first')), trash.find(idOf('second'))]).toEqual([again, join(again, '..', 'b')]);
    trash.remember('one more', place);
    expect(trash.find(idOf('second'))).toBeUndefined();
    expect(trash.find(idOf('first'))).toBe(again);
  }, 30_000);
});
