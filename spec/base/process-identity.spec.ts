import { beginByPs, beginInProc, thisProcess } from '../../lib/base/process-identity.ts';

describe('The identity of a process', () => {
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
});
