import { progressText, TransferShow } from '../../lib/client/transfer-show.ts';
import { ManualClock } from '../support/manual-clock.ts';

const MiB = 2 ** 20;

describe('progressText', () => {
  it('C2: shows name, per cent, bar, bytes, rate and the time left', () => {
    expect(progressText({ name: 'a', size: 10 * MiB, from: 0, moved: 4 * MiB, tookMs: 2000 })).toBe(
      'a  40 % [########............] 4.0 MiB of 10.0 MiB  2.0 MiB/s  0:03 left',
    );
  });

  it('counts what was there before for the share, and not for the rate', () => {
    expect(progressText({ name: 'a', size: 10 * MiB, from: 5 * MiB, moved: MiB, tookMs: 1000 })).toBe(
      'a  60 % [############........] 6.0 MiB of 10.0 MiB  1.0 MiB/s  0:04 left',
    );
  });

  it('does not know the time left before anything has moved', () => {
    expect(progressText({ name: 'a', size: MiB, from: 0, moved: 0, tookMs: 0 })).toMatch(
      / {2}0 % .* 0 B\/s {2}\? left$/,
    );
  });

  it('is full for an empty file', () => {
    expect(progressText({ name: 'a', size: 0, from: 0, moved: 0, tookMs: 5 })).toContain(
      '100 % [####################]',
    );
  });

  it('shows neither share nor time where the size is not known, or was a lie', () => {
    for (const size of [undefined, MiB]) {
      expect(progressText({ name: 'a', size, from: 0, moved: 2 * MiB, tookMs: 1000 })).toBe('a  2.0 MiB  2.0 MiB/s');
    }
  });

  for (const [columns, text] of [
    [86, 'a long name, 日  40 % [########............] 4.0 MiB of 10.0 MiB  2.0 MiB/s  0:03 left'],
    [79, 'a long name, 日  40 % [#####........] 4.0 MiB of 10.0 MiB  2.0 MiB/s  0:03 left'],
    [70, 'a long name, 日  40 % 4.0 MiB of 10.0 MiB  2.0 MiB/s  0:03 left'],
    [45, 'a long name, 日  40 %  2.0 MiB/s  0:03 left'],
    [40, 'a long name,   40 %  2.0 MiB/s'],
    [19, 'a long n  40 %'],
  ] as const) {
    it(`shows what fits into ${columns} columns, the most important last to go`, () => {
      const state = { name: 'a long name, 日', size: 10 * MiB, from: 0, moved: 4 * MiB, tookMs: 2000 };
      expect(progressText(state, columns)).toBe(text);
    });
  }

  it('threat 44: escapes what a name would do to a terminal', () => {
    expect(progressText({ name: '\u001b[2Jx', size: 1, from: 0, moved: 1, tookMs: 1 })).toContain('\\u{1b}[2Jx');
  });
});

describe('TransferShow', () => {
  it('draws five times a second at most, and takes the line away at the end', () => {
    const clock = new ManualClock();
    const drawn: string[] = [];
    const line = { columns: 79, drawLive: (text: string) => void drawn.push(text) };
    const showing = new TransferShow({ clock, line }).begin('a', 100, 0);
    for (let moved = 1; moved <= 100; moved += 1) {
      clock.advance(10);
      showing.moved(moved);
    }
    showing.end();
    expect(drawn).toHaveSize(7);
    expect(drawn.at(-1)).toBe('');
    expect(showing.tookMs()).toBe(1000);
  });

  it('knows how far the transfer is that is under way, also where nothing is drawn', () => {
    const clock = new ManualClock();
    const show = new TransferShow({ clock });
    expect(show.current).toBeUndefined();
    const showing = show.begin('a', 100, 50);
    clock.advance(10);
    showing.moved(7);
    expect(show.current).toEqual({ name: 'a', size: 100, from: 50, moved: 7, tookMs: 10 });
    showing.end();
    expect(show.current).toBeUndefined();
  });
});
