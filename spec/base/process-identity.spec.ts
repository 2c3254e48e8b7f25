import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beginByPs, beginInProc, thisProcess } from '../../lib/base/process-identity.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('The identity of a process', () => {
  const folder = temporaryFolder();

  it('holds what tells it from a later one of the same number', () => {
    const { pid, began, boot, host } = thisProcess();
    expect(pid).toBe(process.pid);
    expect(began).toMatch(/^[0-9]+$/);
    expect(boot).toMatch(/^[0-9a-f-]{36}$/);
    expect(host).not.toBe('');
  });

  const fields = Array.from({ length: 40 }, (_, index) => `field${index + 4}`).join(' ');
  for (const name of ['node', 'a b', 'a) S 1 (b', ') Z ']) {
    it(`is found in proc(5) whatever the program is called: ${name}`, () => {
      expect(beginInProc(`1234 (${name}) S ${fields}\n`)).toBe('field22');
      expect(beginInProc(`1234 (${name}) Z ${fields}\n`)).toBe('ended');
    });
  }

  it('is told by ps where there is no proc(5)', () => {
    expect(beginByPs(process.pid)).toMatch(/^\w{3} \w{3} +\d+ \d\d:\d\d:\d\d \d{4}$/);
    expect(() => beginByPs(2 ** 31 - 1)).toThrowError();
  });

  it('is asked of ps without what else is in the environment', () => {
    const { PATH = '' } = process.env;
    writeFileSync(join(folder(), 'ps'), '#!/bin/sh\nexport\n', { mode: 0o755 });
    process.env['FTP_PASSWORD'] = 'secret';
    process.env['PATH'] = folder();
    try {
      expect(beginByPs(1)).toMatch(/LC_ALL/);
      expect(beginByPs(1)).not.toMatch(/secret/);
    } finally {
      process.env['PATH'] = PATH;
      delete process.env['FTP_PASSWORD'];
    }
  });
});
