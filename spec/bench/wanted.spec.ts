import { rows } from './rows.ts';
import { wantedBy } from './wanted.ts';

const names = (only: string | undefined, isFull = false) => {
  const wanted = wantedBy(only?.split(','), isFull);
  return [...wanted.rows, ...wanted.solos].map(({ id }) => id);
};

describe('the rows that a command line asks for', () => {
  it('are those it names', () => {
    expect(names('S1k/vsftpd/20')).toEqual(['S1k/vsftpd/20']);
    expect(names('L/vsftpd,scan/10000')).toEqual(['L/vsftpd/0', 'L/vsftpd/20', 'scan/10000']);
    expect(names('S').every((id) => id.startsWith('S/'))).toBeTrue();
  });

  it('are some or all when it names none', () => {
    expect(names(undefined, true).length).toBeGreaterThan(rows.length);
    expect(names(undefined).length).toBeLessThan(15);
    expect(names('nothing')).toEqual([]);
  });
});
