import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { systemClock } from '../../lib/base/clock.ts';
import { PartJournal } from '../../lib/share/part-journal.ts';
import { Peer } from '../../lib/share/peer.ts';
import { beginPeer, type PeerBeginning } from '../../lib/share/peer-beginning.ts';
import { Rarely } from '../../lib/share/rarely.ts';
import { makeShare } from '../../lib/share/share-folder.ts';
import { readShareParameters, type ShareParameters } from '../../lib/share/share-parameters.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { untilTrue } from '../support/share/until.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HOUR_MS = 3_600_000;

describe('A Peer', () => {
  const folder = temporaryFolder();

  const begin = () =>
    beginPeer(parametersIn(folder()), { logger: recordingLogger(), clock: systemClock, rarely: new Rarely() });

  /** On the tenth of January 2020, on a clock that is turned by hand. */
  async function beginByHand(): Promise<{ readonly clock: ManualClock; readonly beginning: PeerBeginning }> {
    const clock = new ManualClock(Date.UTC(2020, 0, 10));
    const surroundings = { logger: recordingLogger(), clock, rarely: new Rarely() };
    return { clock, beginning: await beginPeer(parametersIn(folder()), surroundings) };
  }

  /** Nothing can be kept from the first file on, which it finds as soon as it begins. */
  async function beginOnFullDisk(): Promise<{ readonly beginning: PeerBeginning; readonly failed: Promise<void> }> {
    makeShare(join(folder(), 'share'));
    writeFileSync(join(folder(), 'share', 'notes.txt'), 'notes');
    const beginning = await begin();
    const failed = new Promise<void>((resolve) => {
      spyOn(beginning.state, 'save').and.callFake(() => {
        resolve();
        throw new Error('the disk is full');
      });
    });
    return { beginning, failed };
  }

  it('ends when nothing can be kept', async () => {
    const { beginning } = await beginOnFullDisk();
    const peer = new Peer(beginning);
    await expectAsync(peer.run(new AbortController().signal)).toBeRejectedWithError('the disk is full');
    await peer.close();
  });

  it('ends within a minute when its state is taken away, also where nothing else happens', async () => {
    const clock = new ManualClock(Date.now());
    const beginning = await beginPeer(parametersIn(folder()), {
      logger: recordingLogger(),
      clock,
      rarely: new Rarely(),
    });
    const peer = new Peer(beginning);
    const run = peer.run(new AbortController().signal);
    await untilTrue(() => clock.waits.includes(60_000), 10_000, 'it has begun');
    rmSync(join(folder(), '.left'), { recursive: true });
    clock.advance(60_000);
    await expectAsync(run).toBeRejectedWith(jasmine.objectContaining({ code: 'E_JOURNAL_WRITE' }));
    await peer.close();
    expect(existsSync(join(folder(), '.left'))).toBeFalse();
  });

  it('may fail when it was stopped already', async () => {
    const { beginning, failed } = await beginOnFullDisk();
    const peer = new Peer(beginning);
    await peer.run(AbortSignal.abort());
    await failed;
    // A refusal that nobody hears of is told by now.
    await setImmediate();
    await peer.close();
  });

  it('lets go of its state also when the last thing cannot be kept', async () => {
    const peer = new Peer(await begin());
    await peer.run(AbortSignal.abort());
    spyOn(PartJournal.prototype, 'flush').and.throwError('the disk is full');
    await expectAsync(peer.close()).toBeRejectedWithError('the disk is full');
    (await begin()).state.close();
  });

  it('removes, after an hour, what has been in the trash for longer than it is told', async () => {
    const { clock, beginning } = await beginByHand();
    const trash = join(folder(), '.left', 'trash');
    for (const day of ['2020-01-01', '2020-01-03', '2090-01-01']) mkdirSync(join(trash, day), { recursive: true });
    const stop = new AbortController();
    const peer = new Peer(beginning);
    const run = peer.run(stop.signal);
    await untilTrue(() => clock.waits.includes(HOUR_MS), 10_000, 'it has begun');
    clock.advance(HOUR_MS);
    await untilTrue(() => readdirSync(trash).length === 2, 10_000, 'the old day is gone');
    expect(readdirSync(trash).sort()).toEqual(['2020-01-03', '2090-01-01']);
    stop.abort();
    await run;
    await peer.close();
  });

  it('has tidied up when it is closed', async () => {
    const { clock, beginning } = await beginByHand();
    const order: string[] = [];
    const began = new Promise<void>((resolve) => {
      spyOn(beginning.folder.trash, 'expire').and.callFake(async () => {
        resolve();
        for (let turn = 0; turn < 20; turn += 1) await setImmediate();
        order.push('tidied');
      });
    });
    const close = beginning.state.close.bind(beginning.state);
    spyOn(beginning.state, 'close').and.callFake(() => {
      order.push('closed');
      close();
    });
    const stop = new AbortController();
    const peer = new Peer(beginning);
    const run = peer.run(stop.signal);
    await untilTrue(() => clock.waits.includes(HOUR_MS), 10_000, 'it has begun');
    clock.advance(HOUR_MS);
    await began;
    stop.abort();
    await run;
    await peer.close();
    expect(order).toEqual(['tidied', 'closed']);
  });
});

function parametersIn(folder: string): ShareParameters {
  const words = ['--ip', '127.0.0.3', '--bind', '127.0.0.2', '--encryption', 'no', '--workers', '1'];
  const result = readShareParameters(words, { environment: {}, cwd: folder, columns: 80 });
  if (result.kind !== 'parameters') throw new Error(result.kind);
  const { parameters } = result;
  return { ...parameters, values: { ...parameters.values, port: 0 } };
}
