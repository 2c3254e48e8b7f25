import { trees } from '../bench/trees.ts';
import { sendAheadOften } from '../faults/sent-ahead.ts';
import { requireServer } from '../support/foreign-server.ts';

const RUNS = Number(process.env['SENT_AHEAD_RUNS'] ?? 60);
const PATIENCE_MS = 3_600_000;

describe('five thousand small files, sent ahead to ProFTPD over eight connections,', () => {
  it(
    'arrive whole time after time, no run stalls, and none is seen empty or half under its name',
    async () => {
      requireServer('proftpd');
      const { problems, ...figures } = await sendAheadOften(trees.S, RUNS);
      for (const [name, figure] of Object.entries(figures)) setSpecProperty(name, figure);
      expect(problems).toEqual([]);
      expect(figures.refusedPorts).toBeGreaterThan(0);
      expect(figures.placed).toBe(RUNS * trees.S.files);
    },
    PATIENCE_MS,
  );
});
