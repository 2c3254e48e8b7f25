import { lineUp } from './line-up.ts';
import { mayStillWin, roundsOf } from './rounds.ts';
import type { Row } from './rows.ts';
import { rows, shortRows } from './rows.ts';
import type { Sample } from './sample.ts';
import { spreadOf, summarize } from './summary.ts';
import { asText, timesTable } from './table.ts';

const row: Row = {
  ...{ id: 'S/vsftpd/0', work: 'S', tree: 'S', deed: 'fill', server: 'vsftpd', connections: 8, roundTripMs: 0 },
  ...{ tls: false, goals: { lftp: 1.5, rclone: 0.4 }, rounds: 5 },
};

function sample(contestant: string, wallSeconds: number): Sample {
  const party = (contestant.split(' ')[0] ?? '') as Sample['party'];
  return {
    contestant,
    party,
    wallSeconds,
    cpuSeconds: wallSeconds / 2,
    parentMiB: 50,
    childrenMiB: [60, 61],
    opened: 9,
  };
}

describe('the spread of some runs', () => {
  it('is their middle, least and most', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3, runs: 3 });
    expect(spreadOf([4, 1, 2, 3]).median).toBe(2.5);
    expect(spreadOf([10, 9, 100]).median).toBe(10);
  });

  it('cannot be told of nothing', () => {
    expect(() => spreadOf([])).toThrowError(RangeError);
  });
});

describe('the summary of a row', () => {
  const samples = [
    ...[1, 3, 2].map((wall) => sample('ours', wall)),
    ...[5, 1, 5].map((wall) => sample('lftp p8 sync', wall)),
    ...[1.6, 1.5, 1.4].map((wall) => sample('lftp p4 async', wall)),
    sample('rclone 8', 4),
  ];
  const result = { id: row.id, at: '', samples, faults: [] };

  it('takes the best setting of a peer, by its median', () => {
    expect(summarize(row, result).standings.lftp?.contestant).toBe('lftp p4 async');
  });

  it('holds our median against its goals', () => {
    const { verdicts } = summarize(row, result);
    expect(verdicts.map(({ peer, ratio, isMet }) => [peer, ratio, isMet])).toEqual([
      ['lftp', 2 / 1.5, true],
      ['rclone', 0.5, false],
    ]);
  });

  it('stands in one line of the table, missed goals with their figures', () => {
    const text = asText(timesTable([summarize(row, result)]));
    expect(text).toContain('2.00 (1.00-3.00)');
    expect(text).toContain('1.50 (1.40-1.60) p4 async');
    expect(text).toContain('0.50 (<= 0.4)');
    expect(text).toContain('missed by 25 %');
  });

  it('is wrong when a run left something wrong, however quick it was', () => {
    const text = asText(timesTable([summarize(row, { ...result, faults: ['a: only in b'] })]));
    expect(text).toContain('WRONG');
  });

  it('of a mirror with nothing to do counts the connections', () => {
    const idle: Row = { ...row, deed: 'unchanged', goals: {} };
    const quiet = { ...sample('ours', 0.2), opened: 0 };
    expect(asText(timesTable([summarize(idle, { ...result, samples: [quiet] })]))).toContain('met, none opened');
    expect(asText(timesTable([summarize(idle, { ...result, samples: [quiet, sample('ours', 1)] })]))).toContain(
      '9 opened',
    );
  });
});

describe('the rounds of a row', () => {
  it('are fewer when a run takes over a minute, that of rclone left out', () => {
    expect(roundsOf(row, [])).toBe(5);
    expect(roundsOf(row, [sample('lftp p8 sync', 61)])).toBe(3);
    expect(roundsOf(row, [sample('rclone 8', 61)])).toBe(5);
    expect(roundsOf({ rounds: 1 }, [sample('lftp p8 sync', 61)])).toBe(1);
  });

  it('go on without settings of lftp that were beaten on a line with a delay', () => {
    const far = { ...row, roundTripMs: 20 };
    const samples = [
      sample('ours', 9),
      sample('lftp p8 sync', 2),
      sample('lftp p4 sync', 4),
      sample('lftp p8 async', 3),
    ];
    const left = (of: Row) => lineUp(of).filter((contestant) => mayStillWin(contestant, of, samples));
    expect(left(far).map(({ name }) => name)).toEqual(['ours', 'lftp p8 sync', 'lftp p8 async', 'basic-ftp 8']);
    expect(left(row).length).toBe(6);
  });
});

describe('the rows', () => {
  it('have names of their own', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(shortRows.filter((id) => !rows.some((candidate) => candidate.id === id))).toEqual([]);
  });

  it('are run on both servers wherever there is a goal', () => {
    const places = (server: string) => rows.filter((of) => of.server === server && of.goals.lftp !== undefined);
    expect(places('vsftpd').map(({ work, roundTripMs }) => `${work} ${roundTripMs}`)).toEqual(
      places('proftpd').map(({ work, roundTripMs }) => `${work} ${roundTripMs}`),
    );
  });
});
