import { endBySignal } from './end-of-process.ts';
import { exitStatus } from './exit-status.ts';

/** A stop that the user or a service manager asks for. */
export interface StopSignals {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** The status to end with when it came before the work was done. */
  readonly status: () => number;
  /** Take no notice of signals any more. */
  readonly release: () => void;
}

/**
 * Listen to SIGINT and SIGTERM: the first asks for an orderly end, the second ends the process at once, whatever its disks do.
 *
 * @param onFirst is told which it was
 */
export function listenForStop(onFirst: (name: NodeJS.Signals) => void): StopSignals {
  const controller = new AbortController();
  let status: number = exitStatus.interrupted;
  const stop = (name: NodeJS.Signals) => {
    status = name === 'SIGINT' ? exitStatus.interrupted : exitStatus.terminated;
    if (controller.signal.aborted) return endBySignal(status, name);
    onFirst(name);
    controller.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return {
    signal: controller.signal,
    status: () => status,
    release: () => process.off('SIGINT', stop).off('SIGTERM', stop),
  };
}
