import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { History } from '../../lib/client/history.ts';
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

  it('threat 41: keeps no line that may hold a password', () => {
    const history = new History(folder());
    history.add('open me:secret@host');
    history.add('open me@host');
    expect(history.lines).toEqual(['open me@host']);
    expect(readFileSync(join(folder(), 'history'), 'utf8')).toBe('open me@host\n');
  });
});
