import { LanePool } from '../pool/lane-pool.ts';
import { ProcessPool } from '../pool/process-pool.ts';
import type { GrowthRules } from './growth.ts';
import type { TransferPool } from './talk-to-ftp-multi.ts';
import type { TransferEvent, TransferJobs, TransferWord } from './transfer-jobs.ts';
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
  return processPool(kind === 'P' ? 'process' : 'thread', size, children, environment);
}

/** Open a pool of child processes of which only so many work as it pays, all in one child at first. */
export function openGrowingPool(
  { children, most, ...rules }: Omit<GrowthRules, 'lanes' | 'cpuMs'>,
  environment = process.env,
): { readonly pool: TransferPool; readonly growth: GrowthRules } {
  // Each child has room for all of them.
  const pool = processPool('process', most * children, children, environment);
  return { pool, growth: { ...rules, most, lanes: most, children, cpuMs: (child) => pool.cpuMs(child * most) } };
}

function processPool(kind: 'process' | 'thread', size: number, children: number, environment: NodeJS.ProcessEnv) {
  return new ProcessPool<TransferJobs, TransferEvent, TransferWord>({
    entry: new URL('./transfer-worker.js', import.meta.url),
    ...{ kind, size, children },
    environment: Object.fromEntries(
      HANDED_ON.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
    ),
  });
}
