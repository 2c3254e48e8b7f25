import { LanePool } from '../pool/lane-pool.ts';
import { ProcessPool } from '../pool/process-pool.ts';
import type { TransferPool } from './talk-to-ftp-multi.ts';
import type { TransferJobs, TransferNews } from './transfer-jobs.ts';
import { transferService } from './transfer-service.ts';

/** Who does the work: child processes, worker threads, or connections of this process side by side. */
export type PoolKind = 'P' | 'T' | 'A';

// What a worker needs of the parent's environment: where to find certificates, how to measure its own coverage, and the
// ways to tune Node. Everything else stays behind; a password in it would be readable under /proc for as long as the
// worker lives.
const HANDED_ON = [
  'NODE_EXTRA_CA_CERTS',
  'NODE_OPTIONS',
  'NODE_V8_COVERAGE',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
  'SYSTEMROOT',
];

/** Open a pool of workers for a {@link TalkToFtpMulti}; they are started as they are needed. */
export function openTransferPool(kind: PoolKind, size: number, environment = process.env): TransferPool {
  if (kind === 'A') return new LanePool(transferService, size);
  return new ProcessPool<TransferJobs, TransferNews>({
    entry: new URL('./transfer-worker.js', import.meta.url),
    kind: kind === 'P' ? 'process' : 'thread',
    size,
    environment: Object.fromEntries(
      HANDED_ON.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
    ),
  });
}
