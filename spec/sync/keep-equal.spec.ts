import { rmSync } from 'node:fs';
import { Journal, JournalError } from '../../lib/base/journal.ts';
import { makeFilter } from '../../lib/files/filter.ts';
import { type CycleSummary, isComplete } from '../../lib/sync/cycle-summary.ts';
import { GuardError } from '../../lib/sync/guards.ts';
import { TransferError, type TransferErrorCode } from '../../lib/transfer/transfer-error.ts';
import { syncScene } from '../support/sync-scene.ts';

const WAIT_MS = 60_000;

describe('Keeping a far folder equal', () => {
  const scene = syncScene();
  let summaries: CycleSummary[];

  beforeEach(() => {
    summaries = [];
    scene().write('f', 'x');
  });

  function keepEqual(): Promise<void> {
    return scene().manager.keepEqual(WAIT_MS, scene().controller.signal, (summary) => summaries.push(summary));
  }

  /** From now on no connection is opened, and there is a file that needs one. */
  function refuse(code: TransferErrorCode, file = 'g'): void {
    scene().transport.fail = ({ kind }) => (kind === 'connect' ? code : undefined);
    scene().transport.calls.length = 0;
    scene().write(file, 'x');
  }

  /** Wait for the end of a cycle, then let the time until the next go by. */
  async function toNextCycle(): Promise<void> {
    await scene().clock.someoneWaits();
    scene().clock.advance(WAIT_MS);
  }

  async function stop(running: Promise<void>): Promise<void> {
    await scene().clock.someoneWaits();
    scene().controller.abort();
    await running;
  }

  it('runs cycle after cycle, and tells of each', async () => {
    const running = keepEqual();
    await toNextCycle();
    await scene().clock.someoneWaits();
    scene().write('g', 'x');
    await toNextCycle();
    await stop(running);
    expect(summaries.map(({ cycle, filesSent }) => [cycle, filesSent])).toEqual([
      [1, 1],
      [2, 0],
      [3, 1],
    ]);
    expect(scene().clock.waits).toEqual([WAIT_MS, WAIT_MS, WAIT_MS]);
  });

  it('begins no cycle while another runs: the wait counts from its end', async () => {
    scene().transport.holds = ({ kind }) => kind === 'upload';
    const running = keepEqual();
    await scene().transport.someHeld();
    scene().clock.advance(10 * WAIT_MS);
    await new Promise(setImmediate);
    expect(scene().clock.waits).toEqual([]);
    expect(scene().transport.callsOf('upload').length).toBe(1);
    scene().transport.release();
    await stop(running);
    expect(summaries[0]?.tookMs).toBe(10 * WAIT_MS);
    expect(scene().clock.waits).toEqual([WAIT_MS]);
    expect(scene().transport.mostUnderWay).toBe(1);
  });

  for (const code of ['E_LOGIN', 'E_CONNECT'] as const) {
    it(`is refused by an ${code} in the first cycle`, async () => {
      scene().transport.fail = ({ kind }) => (kind === 'connect' ? code : undefined);
      await expectAsync(keepEqual()).toBeRejectedWithError(TransferError);
      expect(summaries).toEqual([]);
    });
  }

  it('logs an E_CONNECT in a later cycle and tries again', async () => {
    const running = keepEqual();
    await scene().clock.someoneWaits();
    refuse('E_CONNECT');
    await toNextCycle();
    await scene().clock.someoneWaits();
    scene().transport.fail = () => undefined;
    await toNextCycle();
    await stop(running);
    expect(summaries.map(({ cycle }) => cycle)).toEqual([1, 3]);
    expect(scene().logger.lines).toEqual([jasmine.stringMatching(/^error Cycle 2 given up : /)]);
    expect(scene().far()).toEqual({ f: 1, g: 1 });
  });

  describe('refused by the site in a later cycle', () => {
    const connects = () => scene().transport.callsOf('connect').length;
    const nextTries = () => scene().logger.lines.filter((line) => line.includes('Next cycle'));

    /** Let the wait that was asked for last go by, and the cycle after it come to its end. */
    async function toNextTry(): Promise<void> {
      await scene().clock.someoneWaits();
      scene().clock.advance(scene().clock.waits.at(-1) ?? 0);
      await scene().clock.someoneWaits();
    }

    /** Ask for a listing, and let the cycle that begins at once come to its end. */
    async function relist(): Promise<void> {
      const waits = scene().clock.waits.length;
      scene().manager.relist();
      while (scene().clock.waits.length === waits) await new Promise(setImmediate);
    }

    for (const code of ['E_LOGIN', 'E_TLS'] as const) {
      it(`with an ${code}, tries less and less often, says when, and goes on as before when it is let in`, async () => {
        const running = keepEqual();
        await scene().clock.someoneWaits();
        refuse(code);
        for (let index = 0; index < 7; index += 1) await toNextTry();
        expect(connects()).toBe(7);
        expect(scene().logger.lines.slice(0, 2)).toEqual([
          jasmine.stringMatching(/^error Cycle 2 given up : /),
          'warn Next cycle in 120 s : a site that refuses us is asked less and less often; SIGHUP asks at once',
        ]);
        expect(nextTries()).toHaveSize(7);
        scene().transport.fail = () => undefined;
        await toNextTry();
        expect(scene().far()).toEqual({ f: 1, g: 1 });
        refuse(code, 'h');
        await toNextTry();
        await stop(running);
        const minutes = scene().clock.waits.map((ms) => ms / 60_000);
        expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 1, 2]);
        expect(nextTries()).toHaveSize(8);
      });
    }

    it('does not take a cycle that needs no login for one that was let in', async () => {
      const running = keepEqual();
      await scene().clock.someoneWaits();
      refuse('E_LOGIN');
      await toNextTry();
      scene().remove('g');
      await toNextTry();
      await stop(running);
      expect(summaries.map(({ cycle }) => cycle)).toEqual([1, 3]);
      expect(scene().clock.waits).toEqual([WAIT_MS, 2 * WAIT_MS, 2 * WAIT_MS]);
      expect(nextTries()).toHaveSize(2);
    });

    it('tries at once when it is asked to list the site, and once only', async () => {
      const running = keepEqual();
      await scene().clock.someoneWaits();
      refuse('E_LOGIN');
      await toNextTry();
      await relist();
      expect(connects()).toBe(2);
      scene().transport.fail = () => undefined;
      await relist();
      await stop(running);
      expect(scene().clock.waits).toEqual([WAIT_MS, 2 * WAIT_MS, 4 * WAIT_MS, WAIT_MS]);
      expect(scene().far()).toEqual({ f: 1, g: 1 });
    });
  });

  it('ends with a guard, in whatever cycle', async () => {
    const running = keepEqual();
    await scene().clock.someoneWaits();
    rmSync(scene().near, { recursive: true });
    scene().clock.advance(WAIT_MS);
    await expectAsync(running).toBeRejectedWithError(GuardError);
    expect(scene().far()).toEqual({ f: 1 });
  });

  it('ends with a journal that cannot be written, in whatever cycle', async () => {
    const running = keepEqual();
    await scene().clock.someoneWaits();
    spyOn(Journal.prototype, 'append').and.throwError(new JournalError('E_JOURNAL_WRITE', 'the disk is full'));
    scene().write('g', 'x');
    scene().clock.advance(WAIT_MS);
    await expectAsync(running).toBeRejectedWithError(JournalError);
    expect(scene().far()).toEqual({ f: 1 });
    expect(scene().logger.lines).toEqual([]);
  });

  it('ends with a mistake of the program, which the next cycle would meet again', async () => {
    let isBroken = false;
    scene().use({
      filter: () => {
        if (isBroken) throw new TypeError('a mistake');
        return makeFilter();
      },
    });
    const running = keepEqual();
    await scene().clock.someoneWaits();
    isBroken = true;
    scene().clock.advance(WAIT_MS);
    await expectAsync(running).toBeRejectedWithError(TypeError);
  });

  describe('when it is aborted', () => {
    it('during the wait, ends at once', async () => {
      await stop(keepEqual());
      expect(summaries.length).toBe(1);
    });

    it('before the first scan, is refused with the reason', async () => {
      scene().controller.abort(new Error('stop'));
      await expectAsync(keepEqual()).toBeRejectedWithError('stop');
      expect(scene().transport.calls).toEqual([]);
    });

    it('during a later scan, ends without a word', async () => {
      let scans = 0;
      scene().use({
        filter: () => {
          scans += 1;
          if (scans === 2) scene().controller.abort();
          return makeFilter();
        },
      });
      const running = keepEqual();
      await toNextCycle();
      await running;
      expect(summaries.length).toBe(1);
      expect(scene().logger.lines).toEqual([]);
    });

    it('during a later run, ends with a journal that cannot be written all the same', async () => {
      const running = keepEqual();
      await scene().clock.someoneWaits();
      scene().write('g', 'x');
      scene().transport.holds = ({ kind }) => kind === 'upload';
      scene().clock.advance(WAIT_MS);
      await scene().transport.someHeld();
      spyOn(Journal.prototype, 'append').and.throwError(new JournalError('E_JOURNAL_WRITE', 'the disk is full'));
      scene().controller.abort();
      scene().transport.release();
      await expectAsync(running).toBeRejectedWithError(JournalError);
    });

    it('during a run, leaves nothing in doubt that the far side did not come to', async () => {
      scene().transport.holds = ({ kind }) => kind === 'upload';
      scene().transport.fail = ({ kind }) => (kind === 'upload' ? 'E_CLOSED' : undefined);
      const running = keepEqual();
      await scene().transport.someHeld();
      scene().controller.abort();
      scene().transport.release();
      await running;
      expect(summaries).toEqual([jasmine.objectContaining({ notBegun: 1, failed: 0, filesSent: 0 })]);
      scene().restart();
      expect(scene().journal.doubts()).toEqual([]);
    });

    it('during a run, finishes what was begun, remembers it, and does not call that complete', async () => {
      scene().write('d/g', 'x');
      scene().transport.holds = ({ kind }) => kind === 'mkdir';
      const running = keepEqual();
      await scene().transport.someHeld();
      scene().controller.abort();
      scene().transport.release();
      await running;
      const [summary] = summaries;
      expect(summary).toEqual(jasmine.objectContaining({ notBegun: 1, failed: 0 }));
      expect(summary && isComplete(summary)).toBeFalse();
      expect(scene().known()).toEqual({ d: null, f: 1 });
      scene().restart();
      expect(scene().known()).toEqual({ d: null, f: 1 });
    });
  });
});
