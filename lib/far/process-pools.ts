import { cpus } from 'node:os';
import { ProcessPool } from '../pool/process-pool.ts';
import type { GrowthRules } from './growth.ts';
import type { TransferEvent, TransferJobs, TransferPool, TransferWord } from './transfer-jobs.ts';

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

// Node reads files and looks up names in threads, and each of them would keep memory of its own that is hardly ever used
// (glibc): 5 MB of 85.
const FEW_ARENAS = { MALLOC_ARENA_MAX: '1' };

/** Open a pool of child processes of which only so many work as it pays, all in one child at first. */
export function openGrowingPool(
  { children, most, ...rules }: Omit<GrowthRules, 'lanes' | 'cpuMs' | 'idleMs'>,
  environment = process.env,
): { readonly pool: TransferPool; readonly growth: GrowthRules } {
  // Each child has room for all of them.
  const pool = openProcessPool('process', most * children, children, environment);
  const cpuMs = (child: number) => pool.cpuMs(child * most);
  return { pool, growth: { ...rules, most, lanes: most, children, cpuMs, idleMs } };
}

function idleMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.idle, 0);
}

/** Open a pool of workers that live in so many child processes or threads. */
export function openProcessPool(kind: 'process' | 'thread', size: number, children = size, environment = process.env) {
  return new ProcessPool<TransferJobs, TransferEvent, TransferWord>({
    entry: new URL('./transfer-worker.js', import.meta.url),
    ...{ kind, size, children },
    environment: {
      ...(kind === 'process' && FEW_ARENAS),
      ...Object.fromEntries(HANDED_ON.flatMap((name) => (environment[name] ? [[name, environment[name]]] : []))),
    },
  });
}
