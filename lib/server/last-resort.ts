import type { Logger } from '../base/logger.ts';

/**
 * Log what nobody caught, and go on: one session's fault must not end those of all others. What can be told apart by session
 * has been caught there (`sessionFailed`).
 *
 * @returns a function that leaves such faults to Node again
 */
export function logFaults(logger: Logger): () => void {
  const log = (fault: unknown) => {
    const stack = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
    logger.error(`Fault of the server : ${stack}`);
  };
  // A refusal that nobody handles comes here as well.
  process.on('uncaughtException', log);
  return () => process.off('uncaughtException', log);
}
