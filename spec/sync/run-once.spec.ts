import { Tally } from '../../lib/sync/cycle-summary.ts';
import type { Plan, Step } from '../../lib/sync/plan.ts';
import { type RunOnceSurroundings, runOnce } from '../../lib/sync/run-once.ts';
import { MemoryTransport } from '../support/memory-transport.ts';
import { recordingLogger } from '../support/recording-logger.ts';

const step = { id: 0, size: 0, mtimeMs: 0, needs: [], vanished: false, replaced: false };
const mkdir: Step = { ...step, kind: 'mkdir', path: 'new' };
const remove: Step = { ...step, id: 1, kind: 'remove', path: 'gone', vanished: true };

describe('runOnce', () => {
  let transport: MemoryTransport;
  beforeEach(async () => {
    transport = new MemoryTransport();
    await transport.connect();
    transport.tree.putFile('gone', 'x', 0);
  });

  async function run(plan: Plan, options: Partial<RunOnceSurroundings> = {}) {
    const tally = new Tally(1, 0);
    const logger = recordingLogger();
    await runOnce(plan, {
      ...{ direction: 'push', dryRun: false, mover: transport, localRoot: '/near', knownAt: () => undefined },
      ...{ tally, logger, signal: new AbortController().signal, ...options },
    });
    return { ...tally.summary(0), lines: logger.lines };
  }

  for (const dryRun of [true, false]) {
    const what = dryRun ? 'would remove' : 'removes';
    it(`${what} nothing that vanished where there is no room for something`, async () => {
      const { lines, ...summary } = await run({ steps: [mkdir, remove], blocked: ['x'] }, { dryRun });
      expect([summary.failed, summary.foldersMade, summary.filesRemoved, summary.putOff]).toEqual([1, 1, 0, 1]);
      expect(lines.filter((line) => !line.startsWith('info'))).toEqual([
        'error No room : x, the site has an entry of that name that stays: nothing is removed, or not that',
        'warn Removals put off : 1, to a run without errors',
      ]);
      expect('gone' in transport.tree.all()).toBeTrue();
    });
  }

  it('counts as not begun, and not as failed, what is withdrawn since it is stopped', async () => {
    const controller = new AbortController();
    transport.holds = ({ kind }) => kind === 'mkdir';
    transport.fail = ({ kind }) => (kind === 'mkdir' ? 'E_CLOSED' : undefined);
    const running = run({ steps: [mkdir, remove], blocked: [] }, { signal: controller.signal });
    await transport.someHeld();
    controller.abort();
    transport.release();
    const { failed, notBegun, lines } = await running;
    expect([failed, notBegun, lines]).toEqual([0, 2, []]);
  });
});
