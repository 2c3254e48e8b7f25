import type { Change } from '../../lib/share/replica/events.ts';
import { ShareLog } from '../../lib/share/share-log.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { type RecordingLogger, recordingLogger } from '../support/recording-logger.ts';

const MiB = 1024 ** 2;

describe('ShareLog', () => {
  const to = { type: 'file', size: 8 * MiB, id: '1', mtimeMs: 0, isExecutable: false } as const;
  const entry = { path: 'a', content: to, version: [] };
  const change: Change = { path: 'a', from: { content: { type: 'deleted' }, stamp: '' }, to, entry };
  const full = { result: 'failed', reason: 'the disk is full' } as const;
  let clock: ManualClock;
  let logger: RecordingLogger;
  let log: ShareLog;

  beforeEach(() => {
    clock = new ManualClock();
    logger = recordingLogger();
    log = new ShareLog(logger, () => clock.now());
  });

  it('tells time and rate of what was received from when it was begun, not from when it was wanted', () => {
    log.wanted('a');
    clock.advance(60_000);
    log.begun('a');
    clock.advance(2_000);
    log.applied(change, { result: 'done', stamp: '' });
    expect(logger.lines).toEqual(['info Received : a, 8.0 MiB in 2.0 s, 4.0 MiB/s']);
  });

  it('tells a rate also of what took no time that the clock could tell', () => {
    log.applied(change, { result: 'done', stamp: '' });
    expect(logger.lines).toEqual(['info Received : a, 8.0 MiB in 0.0 s, 7.8 GiB/s']);
  });

  it('tells how much of a file had not to come, once', () => {
    log.begun('a');
    log.here('a', 6 * MiB);
    clock.advance(1_000);
    log.applied(change, { result: 'done', stamp: '' });
    log.applied(change, { result: 'done', stamp: '' });
    expect(logger.lines.map((line) => line.slice('info Received : a, '.length))).toEqual([
      '8.0 MiB in 1.0 s, 8.0 MiB/s, of which 6.0 MiB were here',
      '8.0 MiB in 0.0 s, 7.8 GiB/s',
    ]);
  });

  it('tells nothing of what was here as it was to be: only what is known of it has come', () => {
    for (const content of [to, { type: 'directory' }, { type: 'deleted' }] as const) {
      log.applied({ ...change, to: content, from: { content, stamp: '' } }, { result: 'done', stamp: '' });
    }
    expect(logger.lines).toEqual([]);
    log.applied({ ...change, from: { content: { ...to, mtimeMs: 1 }, stamp: '' } }, { result: 'done', stamp: '' });
    expect(logger.lines).toEqual(['info Touched : a']);
  });

  it('tells how far a file is, and how long it will take', () => {
    log.underWay({ path: 'a', size: 8 * MiB, here: 2 * MiB, rate: MiB });
    log.underWay({ path: 'a', size: 8 * MiB, here: 2 * MiB, rate: 0 });
    expect(logger.lines).toEqual([
      'info Under way : a, 25% of 8.0 MiB, 1.0 MiB/s, 0:06 left',
      'info Under way : a, 25% of 8.0 MiB',
    ]);
  });

  it('tells a failure once and then now and then, wherever it came from, and that it is mended', () => {
    log.applied(change, full);
    for (let tries = 0; tries < 12; tries += 1) {
      clock.advance(5_000);
      log.failed('a', full.reason);
    }
    clock.advance(5_000);
    log.applied(change, { result: 'done', stamp: '' });
    expect(logger.lines).toEqual([
      'warn Failed : a, the disk is full; it is tried again',
      'warn Still failing : a, for 1:00, the disk is full',
      'info Mended : a, after 1:05',
      jasmine.stringMatching(/^info Received : a, /),
    ]);
  });
});
