import { DeskError } from '../../lib/share/desk/desk-error.ts';
import { surplusCopies } from '../../lib/share/desk/surplus-copies.ts';
import { tidyDaily, type Untidy } from '../../lib/share/tidy-daily.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { untilTrue } from '../support/share/until.ts';

const HOUR_MS = 3_600_000;

describe('tidyDaily', () => {
  let clock: ManualClock;
  let logger: ReturnType<typeof recordingLogger>;
  let done: string[];
  let stop: AbortController;
  let tidying: Promise<void>;

  beforeEach(() => {
    clock = new ManualClock();
    logger = recordingLogger();
    done = [];
    stop = new AbortController();
  });

  function tidy(changes: Partial<Untidy> = {}): void {
    const untidy: Untidy = {
      trash: { expire: async (days) => void done.push(`expire ${days}`) },
      days: 7,
      parts: { removeUnused: async () => void done.push('parts') },
      fetcher: { fetches: [] },
      conductor: { handle: ({ kind }) => void done.push(kind) },
      conflicts: () => [],
      discard: (discarded) => ({ discarded, failures: [] }),
      ...changes,
    };
    tidying = tidyDaily(untidy, { clock, logger }, stop.signal);
  }

  /** All has been done that is due, and is waited for again. */
  async function settled(waits: number): Promise<void> {
    await untilTrue(() => clock.waits.length === waits, 5000, `${waits} waits`);
  }

  afterEach(async () => {
    stop.abort();
    await tidying;
  });

  it('tidies at once and each day, but the trash only after an hour, when the clock is right', async () => {
    tidy();
    await settled(4);
    expect(done).toEqual(['tidy', 'parts']);
    clock.advance(HOUR_MS - 1);
    expect(done).toEqual(['tidy', 'parts']);
    clock.advance(1);
    await settled(5);
    expect(done).toEqual(['tidy', 'parts', 'expire 7']);
    clock.advance(24 * HOUR_MS);
    await settled(9);
    expect(done.slice(3).sort()).toEqual(['expire 7', 'parts', 'tidy']);
  });

  it('does all else when something cannot be done, and tells each failure in a line', async () => {
    const fail = () => {
      throw Object.assign(new Error('no'), { code: 'EACCES' });
    };
    tidy({ conductor: { handle: fail }, conflicts: fail, parts: { removeUnused: async () => fail() } });
    await settled(4);
    clock.advance(HOUR_MS);
    await settled(5);
    expect(done).toEqual(['expire 7']);
    expect(logger.lines).toEqual(Array.from({ length: 3 }, () => 'warn Not tidied up : there is no permission'));
  });

  it('tells of each surplus conflict copy whether it was put aside', async () => {
    const original = 'notes.txt';
    const copies = Array.from({ length: 13 }, (_, index) => ({
      ...{ path: `notes.conflict-202611${10 + index}-150312-1f3a9c2.txt`, original, size: 1, mtimeMs: index },
      ...{ originalSize: null, originalMtimeMs: null, isOriginalFolder: false },
    }));
    const [gone, failed, put] = surplusCopies(copies).map(({ path }) => path);
    const failures = [new DeskError('E_NOT_TAKEN', `${failed} cannot be put into the trash: WHY`)];
    tidy({ conflicts: () => copies, discard: () => ({ discarded: [put ?? ''], failures }) });
    await settled(4);
    expect(gone).not.toBe(put);
    expect(logger.lines).toEqual([
      `warn Put aside : ${put}, one of more than 10 conflict copies of notes.txt; it is in the trash`,
      `warn Not tidied up : ${failed} cannot be put into the trash: WHY`,
    ]);
  });
});
