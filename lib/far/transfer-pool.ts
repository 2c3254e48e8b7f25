import { LanePool } from '../pool/lane-pool.ts';
import { openProcessPool } from './process-pools.ts';
import type { TransferPool } from './transfer-jobs.ts';
import { transferService } from './transfer-service.ts';

/** Who does the work: child processes, worker threads, or connections of this process side by side. */
export type PoolKind = 'P' | 'T' | 'A';

/**
 * Open a pool of workers, each with a connection, for a {@link TalkToFtpMulti}; they are started as they are needed.
 *
 * @param children how many child processes or threads they live in; each in its own unless told
 */
export function openTransferPool(
  kind: PoolKind,
  size: number,
  children = size,
  environment = process.env,
): TransferPool {
  if (kind === 'A') return new LanePool(transferService, size);
  return openProcessPool(kind === 'P' ? 'process' : 'thread', size, children, environment);
}
