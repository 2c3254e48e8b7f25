import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Journal, JournalError } from '../../lib/base/journal.ts';
import type { MirrorParameters } from '../../lib/mirror/parameters.ts';
import { type RunMirror, runMirror } from '../../lib/mirror/run-mirror.ts';
import type { Plan } from '../../lib/sync/plan.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { MemoryTransport } from '../support/memory-transport.ts';
import { plainParameters } from '../support/mirror-parameters.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('runMirror', () => {
  const folder = temporaryFolder();
  let transport: MemoryTransport;
  let logger: ReturnType<typeof recordingLogger>;
  let clock: ManualClock;
  let stop: AbortController;
  let plans: Plan[];

  beforeEach(() => {
    transport = new MemoryTransport();
    logger = recordingLogger();
    clock = new ManualClock();
    stop = new AbortController();
    plans = [];
    mkdirSync(join(folder(), 'near'));
    writeFileSync(join(folder(), 'near', 'a.txt'), 'a');
  });

  function run(changes: Partial<MirrorParameters> = {}, more: Partial<RunMirror> = {}): Promise<number> {
    const parameters = plainParameters(folder(), changes);
    const pair = { site: parameters.site, localRoot: parameters.localDirectory };
    const onPlan = (plan: Plan) => plans.push(plan);
    return runMirror({ parameters, pair, transport, logger, clock, signal: stop.signal, onPlan, ...more });
  }

  const disconnects = () => transport.calls.filter(({ kind }) => kind === 'disconnect').length;

  it('mirrors once, logs jobs and summary, closes the connections, and is done', async () => {
    expect(await run()).toBe(0);
    expect(Object.keys(transport.tree.all())).toEqual(['a.txt']);
    expect(logger.lines[0]).toBe(`info File upload started : srv test/a.txt file ${folder()}/near/a.txt`);
    expect(logger.lines[1]).toMatch(/^info File created \/ updated : srv test\/a\.txt /);
    expect(logger.lines.at(-1)).toMatch(/^info Cycle 1 done in .* : 1 file sent \(1 B\)$/);
    expect(disconnects()).toBeGreaterThan(0);
    expect(plans.map(({ steps }) => steps.length)).toEqual([1]);
  });

  it('says that some failed', async () => {
    transport.fail = ({ kind }) => (kind === 'upload' ? 'E_REFUSED' : undefined);
    expect(await run()).toBe(1);
    expect(logger.lines.at(-1)).toMatch(/1 entry failed$/);
  });

  it('is not done, and says why, when the end of the run cannot be noted', async () => {
    spyOn(Journal.prototype, 'close').and.throwError(new JournalError('E_JOURNAL_WRITE', 'the disk is full'));
    expect(await run()).toBe(1);
    expect(logger.lines.at(-1)).toBe('error the disk is full');
  });

  describe('when it is stopped, and the end of the run cannot be noted,', () => {
    beforeEach(() => {
      spyOn(Journal.prototype, 'close').and.throwError(new JournalError('E_JOURNAL_WRITE', 'the disk is full'));
    });

    it('is refused for that in place of the stop, while it waits for the next cycle', async () => {
      const running = run({ once: false });
      await clock.someoneWaits();
      stop.abort();
      await expectAsync(running).toBeRejectedWithError(JournalError);
    });

    it('is refused for that in place of the stop, before the first plan is made', async () => {
      stop.abort(new Error('stop'));
      await expectAsync(run()).toBeRejectedWithError(JournalError);
    });
  });

  it('lists the site, and says why, when the run before was not ended in order', async () => {
    await run();
    const file = readdirSync(join(folder(), 'state')).map((name) => join(folder(), 'state', name))[0] ?? '';
    writeFileSync(file, readFileSync(file, 'utf8').replace('["closed"]\n', ''));
    logger.lines.length = 0;
    transport.calls.length = 0;
    expect(await run()).toBe(0);
    expect(logger.lines).toEqual([
      'warn The journal was not closed in order : the site is listed before anything is changed there',
      jasmine.stringMatching(/ : nothing to do, both sides are equal$/),
    ]);
    expect(transport.callsOf('list')).toEqual(['list ']);
    await run();
    expect(logger.lines.length).toBe(3);
  });

  it('remembers what it did for the next run', async () => {
    await run();
    transport.calls.length = 0;
    expect(await run()).toBe(0);
    expect(transport.calls.filter(({ kind }) => kind !== 'disconnect')).toEqual([]);
    expect(logger.lines.at(-1)).toMatch(/ : nothing to do, both sides are equal$/);
  });

  it('lists the site, and says why, when the journal cannot be used', async () => {
    await run();
    const state = join(folder(), 'state');
    for (const name of readdirSync(state)) writeFileSync(join(state, name), 'not a journal\n');
    transport.calls.length = 0;
    expect(await run()).toBe(0);
    expect(logger.lines).toContain(
      jasmine.stringMatching(/^warn The journal of earlier runs cannot be used, .+ : the site is/),
    );
    expect(transport.calls.map(({ kind }) => kind)).toContain('list');
    expect(transport.calls.map(({ kind }) => kind)).not.toContain('upload');
  });

  it('changes nothing in a dry run, neither there nor in the journal', async () => {
    expect(await run({ dryRun: true, once: false })).toBe(0);
    expect(transport.tree.all()).toEqual({});
    expect(readdirSync(folder())).toEqual(['near']);
    expect(plans).toEqual([]);
    expect(logger.lines).toContain('info Dry run : Send file a.txt (1 B)');
    expect(logger.lines.at(-1)).toMatch(/^info Dry run, nothing was changed : Cycle 1 /);
  });

  it('reads the ignore file anew for each cycle, and waits in between as long as it was told', async () => {
    const running = run({ once: false, frequencySeconds: 7 });
    await clock.someoneWaits();
    writeFileSync(join(folder(), 'near', '.mirrorignore'), '*.md\n');
    for (const name of ['b.md', 'c.txt']) writeFileSync(join(folder(), 'near', name), name);
    clock.advance(7000);
    await clock.someoneWaits();
    stop.abort();
    expect(await running).toBe(0);
    expect(clock.waits).toEqual([7000, 7000]);
    expect(Object.keys(transport.tree.all()).sort()).toEqual(['a.txt', 'c.txt']);
  });

  it('closes connections and journal also when it cannot go on', async () => {
    await run();
    rmSync(join(folder(), 'near'), { recursive: true });
    const before = disconnects();
    await expectAsync(run()).toBeRejectedWith(jasmine.objectContaining({ code: 'E_GUARD_ROOT' }));
    expect(disconnects()).toBe(before + 1);
  });

  it('closes the connections as soon as it is stopped, begins nothing more, and says that not all is done', async () => {
    expect(await run({}, { onPlan: () => stop.abort() })).toBe(1);
    expect(disconnects()).toBe(2);
    expect(transport.tree.all()).toEqual({});
    expect(logger.lines.at(-1)).toMatch(/^info Cycle 1 stopped after .* : 1 step not begun$/);
  });
});
