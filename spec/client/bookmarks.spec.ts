import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../lib/base/coded-error.ts';
import { Bookmarks } from '../../lib/client/bookmarks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('Bookmarks', () => {
  const folder = temporaryFolder();

  it('are none at first', () => {
    expect(new Bookmarks(join(folder(), 'nothing')).all().size).toBe(0);
  });

  it('are there the next time, in a file of their owner', () => {
    const place = join(folder(), 'client');
    const bookmarks = new Bookmarks(place);
    bookmarks.add('home', 'ftp://me@host:21//a b');
    bookmarks.add('work', 'ftp://me@work:21/');
    bookmarks.add('work', 'ftps://me@work:990/');
    expect(Object.fromEntries(new Bookmarks(place).all())).toEqual({
      home: 'ftp://me@host:21//a b',
      work: 'ftps://me@work:990/',
    });
    expect(statSync(join(place, 'bookmarks')).mode & 0o777).toBe(0o600);
    expect([bookmarks.remove('home'), bookmarks.remove('home')]).toEqual([true, false]);
    expect([...new Bookmarks(place).all().keys()]).toEqual(['work']);
  });

  it('pass over lines that are none', () => {
    writeFileSync(join(folder(), 'bookmarks'), 'alone\n\nhome ftp://host\n # x\n');
    expect([...new Bookmarks(folder()).all()]).toEqual([['home', 'ftp://host']]);
  });

  it('tell of a file that cannot be read or written', () => {
    mkdirSync(join(folder(), 'bookmarks'));
    chmodSync(folder(), 0o700);
    const codes = [() => new Bookmarks(folder()).all(), () => new Bookmarks(folder()).add('a', 'b')].map((act) => {
      try {
        act();
        return 'done';
      } catch (error) {
        return codeOf(error);
      }
    });
    expect(codes).toEqual(['E_LOCAL_FILE', 'E_LOCAL_FILE']);
  });
});
