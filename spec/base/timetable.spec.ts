import { parseTimetable, rateAt, TIMETABLE_RULE } from '../../lib/base/timetable.ts';

describe('a timetable', () => {
  const at = (text: string, hour: number, minute = 0) => {
    const timetable = parseTimetable(text);
    if (!timetable) throw new Error(`${text} was refused`);
    return rateAt(timetable, new Date(2026, 10, 21, hour, minute, 30).getTime());
  };

  it('of one rate holds always', () => {
    expect([at('2M', 0), at('2M', 23, 59), at('1024', 5), at('off', 5)]).toEqual([2 ** 21, 2 ** 21, 1024, Infinity]);
  });

  it('changes at its times, and holds over midnight', () => {
    const text = '19:00,off 08:00,512k';
    expect([at(text, 0), at(text, 7, 59), at(text, 8), at(text, 18, 59), at(text, 19), at(text, 23, 59)]).toEqual([
      Infinity,
      Infinity,
      524_288,
      524_288,
      Infinity,
      Infinity,
    ]);
  });

  for (const text of [
    ...['', '0', '1023', 'OFF', '2 M', '08:00', '8:00,1M', '24:00,1M', '08:60,1M', '08:00,', '08:00,x', '08:00,1'],
    ...['08:00,1M  19:00,off', '08:00,1M,19:00,off', '08:00,1M 08:00,2M', '1M 19:00,off', '-1M'],
  ]) {
    it(`cannot be "${text}"`, () => {
      expect(parseTimetable(text)).toBeUndefined();
    });
  }

  it('can be each of the examples of its rule', () => {
    const [, once = '', twice = '', many = ''] =
      /such as (\S+) or (\S+), off, .* such as (.*)$/.exec(TIMETABLE_RULE) ?? [];
    expect([once, twice, many].map((text) => parseTimetable(text)?.length)).toEqual([1, 1, 2]);
  });
});
