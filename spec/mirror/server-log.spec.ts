import { EventEmitter } from 'node:events';
import { logServer } from '../../lib/mirror/server-log.ts';
import type { TransferEvents } from '../../lib/transfer/progress.ts';
import { recordingLogger } from '../support/recording-logger.ts';

describe('logServer', () => {
  const error = { code: 'E_CONNECT', message: 'no way', retry: true } as const;

  function linesOf(tell: (events: EventEmitter<TransferEvents>) => void): readonly string[] {
    const events = new EventEmitter<TransferEvents>();
    const logger = recordingLogger();
    logServer(events, logger);
    tell(events);
    return logger.lines;
  }

  it('tells when the server is away, that it still is, and when it is back', () => {
    const lines = linesOf((events) => {
      events.emit('away', { since: 1, forMs: 0, error });
      events.emit('away', { since: 1, forMs: 60_000, error });
      events.emit('back', { since: 1, forMs: 3_661_000 });
    });
    expect(lines).toEqual([
      'warn The server is away : no way',
      'warn The server is still away : for 1:00, no way',
      'info The server is back : after 1:01:01',
    ]);
  });

  it('warns of a limit, and tells when it is gone', () => {
    const lines = linesOf((events) => {
      events.emit('limited', { connections: 2, workers: 8 });
      events.emit('limited', { connections: 8, workers: 8 });
    });
    expect(lines).toEqual([
      'warn The server takes 2 of 8 connections : the other workers wait',
      'info The server takes all 8 connections : every worker works',
    ]);
  });
});
