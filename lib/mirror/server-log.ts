import type { EventEmitter } from 'node:events';
import type { Logger } from '../base/logger.ts';
import { showDuration } from '../base/show-duration.ts';
import type { TransferEvents } from '../transfer/progress.ts';

/** Log how many connections the server takes, as soon as that is known, and for how long it is away. */
export function logServer(events: EventEmitter<TransferEvents>, logger: Logger): void {
  events.on('limited', (limit) => {
    const { connections, workers } = limit;
    const facts = { event: 'limited', ...limit };
    if (connections === workers) logger.info(`The server takes all ${workers} connections : every worker works`, facts);
    else logger.warn(`The server takes ${connections} of ${workers} connections : the other workers wait`, facts);
  });
  events.on('away', ({ since, forMs, error }) => {
    const facts = { event: 'away', since, forMs, error: error.code };
    if (forMs === 0) logger.warn(`The server is away : ${error.message}`, facts);
    else logger.warn(`The server is still away : for ${showDuration(forMs)}, ${error.message}`, facts);
  });
  events.on('back', ({ since, forMs }) => {
    logger.info(`The server is back : after ${showDuration(forMs)}`, { event: 'back', since, forMs });
  });
}
