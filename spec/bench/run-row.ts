import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ForeignServer, startForeignServer } from '../support/foreign-server.ts';
import { openLab } from './lab/lab.ts';
import { measureDeed } from './measure-deed.ts';
import type { Row } from './rows.ts';
import type { RowResult, Sample } from './sample.ts';
import { measureTouched } from './touched.ts';

/**
 * Run one row: everybody takes a turn, then everybody the next.
 *
 * To be called in a process with a network of its own. A run that fails, or leaves a wrong result, is told in `faults`.
 *
 * @param onSample is told of each run
 * @throws Error when the row cannot be run at all, or the signal ends it
 */
export async function runRow(row: Row, signal: AbortSignal, onSample: (sample: Sample) => void): Promise<RowResult> {
  const folder = mkdtempSync(join(tmpdir(), 'filesmirror-bench-'));
  const lab = await openLab(row.roundTripMs);
  let server: ForeignServer | undefined;
  try {
    server = await startForeignServer(row.server, {
      ...{ host: lab.host, tls: row.tls, logsCommands: false },
      ...inMemory(),
    });
    const { host, port, user, password, home } = server;
    const certificate = row.tls ? join(home, 'certificate.pem') : undefined;
    const site = { host, port, user, password, certificate };
    const run = row.deed === 'touched' ? measureTouched : measureDeed;
    const samples: Sample[] = [];
    const faults = await run({ row, lab, server, site, folder, signal }, (sample) => {
      samples.push(sample);
      onSample(sample);
    });
    return { id: row.id, at: new Date().toISOString(), samples, faults };
  } finally {
    await server?.stop();
    lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const MEMORY = '/dev/shm';
// The largest tree twice, and something to spare.
const ENOUGH_BYTES = 3 * 1024 ** 3;

/** The servers write into memory, where there is enough: how quick the disk is just now is not what is measured. */
function inMemory(): { readonly below?: string } {
  if (!existsSync(MEMORY)) return {};
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ENOUGH_BYTES ? { below: MEMORY } : {};
}
