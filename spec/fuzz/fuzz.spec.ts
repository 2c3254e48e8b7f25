import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';
import { fuzzControl } from './fuzz-control.ts';
import { fuzzParsers } from './fuzz-parsers.ts';

const SEED = 20261122;

describe('The parsers of lib/ftp', () => {
  it('make something right, or a refusal, of every text', async () => {
    expect(await fuzzParsers(2_000, SEED))
      .withContext(`seed ${SEED}`)
      .toEqual([]);
  });
});

describe('A control connection full of nonsense', () => {
  const limits = { dataWaitMs: 50, stallMs: 200, badCommands: 1_000, refusedCommands: 10_000, longLines: 50 };
  const served = servedFolder(() => ({ limits }));

  it('gets one answer a line, in order, and leaves nothing behind', async () => {
    writeFileSync(join(served().outside, 'secret'), 'secret');
    writeFileSync(join(served().home, 'a'), 'content');
    const handles = readdirSync('/proc/self/fd').length;
    let open = 0;
    served().server.events.on('sessionOpened', () => (open += 1));
    const allClosed = new Promise<void>((resolve) => {
      served().server.events.on('sessionClosed', () => --open === 0 && resolve());
    });
    const report = await fuzzControl(served(), { seed: SEED, forMs: 3_000, atOnce: 4 });
    expect(report.wrongs).toEqual([]);
    expect(report.sessions).toBeGreaterThan(3);
    expect(report.verbs).toBeGreaterThan(30);
    if (open > 0) await allClosed;
    expect(readdirSync('/proc/self/fd').length).toBeLessThan(handles + 10);
  });
});
