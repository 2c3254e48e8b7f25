import { CountedPool } from '../far/counted-pool.ts';
import { HeadCount } from '../far/head-count.ts';
import { TalkToFtp } from '../far/talk-to-ftp.ts';
import { TalkToFtpMulti } from '../far/talk-to-ftp-multi.ts';
import { openTransferPool } from '../far/transfer-pool.ts';
import { type Pair, pairIdOf } from '../sync/pair.ts';
import type { Transport } from '../transfer/transport.ts';
import type { MirrorParameters } from './parameters.ts';

/** The far side as `--multi` asks for it: one connection inline, or a pool of workers. Nothing is connected yet. */
export function openTransport(parameters: MirrorParameters, pair: Pair): Transport {
  const { site, multi, timeoutSeconds, retries, resumeAbove, verify, trash, dryRun, passive, limits, tls } = parameters;
  const rules = {
    timeoutMs: timeoutSeconds * 1000,
    attempts: retries + 1,
    pairId: pairIdOf(pair),
    resumeAbove,
    verify,
    makesRoot: !dryRun,
    ...(passive ? { passive } : {}),
    ...(trash === undefined ? {} : { trash }),
    limits,
  };
  if (multi.kind === '1') return new TalkToFtp({ site, rules, tls });
  const pool = openTransferPool(multi.kind, multi.count);
  if (Object.keys(limits).length === 0) return new TalkToFtpMulti({ site, rules, tls }, pool);
  const working = new HeadCount();
  const workers = { file: working.file, most: multi.count };
  const shared = { ...rules, limits: { ...limits, workers } };
  return new TalkToFtpMulti({ site, rules: shared, tls }, new CountedPool(pool, working));
}
