import { CountedPool } from '../far/counted-pool.ts';
import type { GrowthRules } from '../far/growth.ts';
import { HeadCount } from '../far/head-count.ts';
import { openGrowingPool, openProcessPool } from '../far/process-pools.ts';
import { TalkToFtpMulti } from '../far/talk-to-ftp-multi.ts';
import type { TransferPool } from '../far/transfer-jobs.ts';
import { headCountFileOf, type Pair, pairIdOf } from '../sync/pair.ts';
import type { Transport } from '../transfer/transport.ts';
import { MOST_GROWN } from './multi.ts';
import type { MirrorParameters } from './parameters.ts';

// Long enough for a server to be started again; a timer or a person waits for the end of a run.
const PATIENCE_OF_ONE_CYCLE_SECONDS = 300;

/** The far side as `--multi` asks for it; a single connection is a pool of one. Nothing is connected yet. */
export async function openTransport(parameters: MirrorParameters, pair: Pair): Promise<Transport> {
  const { site, timeoutSeconds, retries, resumeAbove, verify, trash, dryRun, passive, limits, tls } = parameters;
  const rules = {
    timeoutMs: timeoutSeconds * 1000,
    attempts: retries + 1,
    pairId: pairIdOf(pair),
    resumeAbove,
    verify,
    pipeline: parameters.pipeline,
    makesRoot: !dryRun,
    ...(passive ? { passive } : {}),
    ...(trash === undefined ? {} : { trash }),
    limits,
  };
  const { pool, growth } = await openPool(parameters);
  const most = growth?.most ?? pool.size;
  const surroundings = { patienceMs: patienceMs(parameters), ...(growth && { growth }) };
  if (most === 1 || Object.keys(limits).length === 0)
    return new TalkToFtpMulti({ site, rules, tls }, pool, surroundings);
  // A dry run holds no lock: there the file may be that of a mirror at work.
  const working = dryRun ? undefined : new HeadCount(headCountFileOf(parameters.stateDirectory, pair));
  const workers = { most, ...(working && { file: working.file }) };
  const shared = { ...rules, limits: { ...limits, workers } };
  const counted = working ? new CountedPool(pool, working) : pool;
  return new TalkToFtpMulti({ site, rules: shared, tls }, counted, surroundings);
}

interface OpenedPool {
  readonly pool: TransferPool;
  readonly growth?: GrowthRules;
}

async function openPool({ multi: { kind, count, grows }, connections = count }: MirrorParameters): Promise<OpenedPool> {
  if (connections === 'growing') return openGrowingPool({ most: MOST_GROWN, children: count });
  if (grows) return openGrowingPool({ first: connections, most: connections, children: count });
  if (kind === 'P') return { pool: openProcessPool('process', connections, count) };
  if (kind === 'T') return { pool: openProcessPool('thread', connections, count) };
  // Only where this process speaks FTP itself it has to load what that takes: a third of its start.
  const { openTransferPool } = await import('../far/transfer-pool.ts');
  return { pool: openTransferPool('A', connections) };
}

function patienceMs({ waitSeconds, once, dryRun }: MirrorParameters): number {
  const longest = once || dryRun ? PATIENCE_OF_ONE_CYCLE_SECONDS : Number.POSITIVE_INFINITY;
  return (waitSeconds ?? longest) * 1000;
}
