import { read, repository } from '../documents/pages.ts';
import { overConnections, overRoundTrip } from './curves.ts';
import { getPart, putPart } from './marked-parts.ts';
import { asMarkdown, writePage } from './page.ts';
import { drawPlot } from './plot.ts';
import { rows } from './rows.ts';
import type { Sample } from './sample.ts';
import { soloTables } from './solos.ts';
import { summarize } from './summary.ts';

const page = read('docs/benchmarks.md');

const summaries = rows.map((row) => {
  const run = (contestant: string, party: Sample['party'], wallSeconds: number): Sample => {
    return { contestant, party, wallSeconds, cpuSeconds: 1, parentMiB: 79, childrenMiB: [61, 88], opened: 0 };
  };
  const wall = (row.roundTripMs + 1) / row.connections;
  const samples = [
    run('ours', 'ours', wall),
    run('lftp p8 async', 'lftp', 2 * wall),
    run('rclone 8', 'rclone', 9 * wall),
  ];
  return summarize(row, { id: row.id, at: '', samples, faults: [] });
});

describe('a part of a page', () => {
  const text = 'before\n\n<!-- made by npm run bench:full: times -->\n\nold\n\n<!-- end of times -->\n\nafter\n';

  it('is replaced, and nothing else', () => {
    expect(putPart(text, 'times', 'new\nlines')).toBe(text.replace('old', 'new\nlines'));
    expect(getPart(putPart(text, 'times', '$& new'), 'times')).toBe('$& new');
  });

  it('must be there', () => {
    expect(() => putPart(text, 'costs', '')).toThrowError(/no part/);
  });
});

describe('a table of a page', () => {
  it('is laid out as the formatter has it', () => {
    expect(
      asMarkdown([
        ['a', 'longer'],
        ['x < y', 'b|c'],
      ]),
    ).toBe(['| a      | longer |', '| ------ | ------ |', '| x \\< y | b\\|c   |'].join('\n'));
  });
});

describe('the page of the benchmarks', () => {
  const facts = { summaries, surroundings: [['Node', 'v20']] as const, parts: soloTables([]) };
  const written = writePage(page, facts);

  it('has a line for every row, with its figures', () => {
    const times = getPart(written, 'times') + getPart(written, 'modes');
    expect(rows.filter(({ id }) => !times.includes(`| ${id}`))).toEqual([]);
    expect(times).toContain('0.50 (\\<= 0.66)');
  });

  it('tells the memory of parent and children where there is a goal', () => {
    expect(getPart(written, 'memory')).toMatch(
      /S20\/vsftpd\/0, memory +\| \\<= 80 each +\| 79.0 +\| 88.0 +\| missed by 10 %/,
    );
  });

  it('tells what was measured of ours alone', () => {
    const figures = { entries: 10_000, findMs: 20, scanMs: 30, ratio: 1.5, heapPerEntry: 44.4, longestStallMs: 9 };
    const { scan, cycles } = soloTables([{ id: 'scan/10000', at: '', samples: [], faults: [], figures }]);
    expect(scan[1]).toEqual(['scan/10000', '20', '30', '1.50', '3.00', '44', '9']);
    expect(cycles.length).toBe(1);
  });

  it('shows the commands without a password or a path of this machine', () => {
    const commands = getPart(written, 'commands');
    for (const word of ['mirror.js', 'lftp --norc', 'rclone --config', 'basic-ftp-program.js'])
      expect(commands).toContain(word);
    expect(commands).not.toContain(repository);
  });

  it('comes out the same when it is written again', () => {
    expect(writePage(written, facts)).toBe(written);
  });
});

describe('a plot', () => {
  it('has a line for each of us, and all its points', () => {
    const svg = drawPlot(overConnections(summaries));
    for (const name of ['FilesMirror', 'lftp', 'rclone']) expect(svg).toContain(`>${name}</text>`);
    expect(svg.match(/<circle /g)?.length).toBe(3 * 6);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('stands for what was measured', () => {
    const { places, series } = overRoundTrip(summaries);
    expect(places).toEqual([0, 20, 100]);
    const [first] = series;
    // 1,000 files in (20 + 1) / 8 s.
    expect(first?.points[1]).toEqual([20, 1_000 / (21 / 8)]);
  });

  it('puts more files a second higher', () => {
    const plot = { name: '', title: '', xLabel: '', yLabel: '', places: [1, 2] };
    const svg = drawPlot({
      ...plot,
      series: [
        {
          name: 'a < b',
          colour: 'red',
          points: [
            [1, 10],
            [2, 100],
          ],
        },
      ],
    });
    const [low = 0, high = 0] = [...svg.matchAll(/cy="([\d.]+)"/g)].map(([, y]) => Number(y));
    expect(low).toBeGreaterThan(high);
    expect(svg).toContain('a &lt; b');
  });
});
