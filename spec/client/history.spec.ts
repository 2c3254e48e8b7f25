import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { History, isSecretLine } from '../../lib/client/history.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('History', () => {
  const folder = temporaryFolder();

  it('remembers lines for the next time in a file of its owner', () => {
    const first = new History(join(folder(), 'client'));
    for (const line of ['ls', 'ls', '', '  ', 'cd a']) first.add(line);
    expect(new History(join(folder(), 'client')).lines).toEqual(['ls', 'cd a']);
    expect(statSync(join(folder(), 'client', 'history')).mode & 0o777).toBe(0o600);
  });

  it('remembers nothing where it must not', () => {
    const history = new History(undefined);
    history.add('ls');
    expect(history.lines).toEqual(['ls']);
  });

  it('does without a file that cannot be used', () => {
    writeFileSync(join(folder(), 'client'), '');
    const history = new History(join(folder(), 'client'));
    history.add('ls');
    expect(history.lines).toEqual(['ls']);
  });

  it('keeps the last thousand lines', () => {
    writeFileSync(join(folder(), 'history'), Array.from({ length: 2500 }, (_, at) => `ls ${at}\n`).join(''));
    expect(new History(folder()).lines).toHaveSize(1000);
    expect(readFileSync(join(folder(), 'history'), 'utf8').split('\n')[0]).toBe('ls 1500');
  });

  for (const line of [
    'open ftp://me:secret@host/',
    'ls; open ftps://me:secret@host',
    'user me secret',
    'quote PASS secret',
    'pwd; quote pass secret',
    'site pswd old new',
    'bookmark x ftp://me:secret@host',
    'queue quote PASS x',
  ]) {
    it(`threat 41: keeps no line that may hold a password: ${line}`, () => {
      expect(isSecretLine(line)).toBeTrue();
      const history = new History(folder());
      history.add(line);
      expect(history.lines).toEqual([]);
    });
  }

  for (const line of ['put a', 'open ftp://me@host:21/', 'cd user', 'get http://x', 'ls password.txt', 'rm "a:b@c"']) {
    it(`keeps ${line}`, () => {
      expect(isSecretLine(line)).toBeFalse();
    });
  }
});
