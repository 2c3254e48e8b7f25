import { TransferError } from '../transfer/transfer-error.ts';
import { offeredHash } from './far-hash.ts';
import { farPrefixHash } from './far-prefix-hash.ts';
import type { Fetching } from './fetching.ts';
import type { FileTarget } from './file-target.ts';
import { fetchRaw } from './raw-moves.ts';
import type { FarVersion } from './shell-entries.ts';

// A machine that lost its power may have kept the size of a file, and zeros for the end of it. Where the hash cannot be had,
// so much of what is there is fetched again: what was not yet on the disk was rarely more.
const STEP_BACK = 1024 * 1024;

// There is no such file, or it may not be read: that has nothing to do with going on in the middle of it.
const NO_FILE = 550;

/** A file on its way here. */
export interface Delivery {
  /** Absolute far path. */
  readonly far: string;
  readonly version: FarVersion;
  readonly target: FileTarget;
}

/**
 * Make a local file hold the content of a far one: all of it is fetched, or what is missing since a try that broke off.
 *
 * Its target has a hash then where it is to be compared.
 */
export async function fetchContent(delivery: Delivery, fetching: Fetching): Promise<void> {
  const { target, version } = delivery;
  await keepWhatIsOfUse(delivery, fetching);
  fetching.onBegin(target.size);
  if (target.size > 0 && target.size === version.size) return;
  try {
    await receive(delivery, fetching);
  } catch (error) {
    if (!isRefusedToGoOn(error, target, fetching)) throw error;
    await beginAnew(target, fetching);
    fetching.onBegin(0);
    await receive(delivery, fetching);
  }
}

async function receive({ far, target }: Delivery, { connection, signal, onBytes }: Fetching): Promise<void> {
  await fetchRaw({ path: far, at: target.size, sink: target }, connection, { signal, onBytes });
}

/** Was it refused to go on in the middle, and might be had from its begin? */
function isRefusedToGoOn(error: unknown, { size }: FileTarget, { connection }: Fetching): boolean {
  const reply = error instanceof TransferError ? error.reply : undefined;
  return size > 0 && reply !== undefined && reply >= 500 && reply !== NO_FILE && !connection.closed;
}

async function beginAnew(target: FileTarget, { connection, verify }: Fetching): Promise<void> {
  if (target.size > 0) target.beginAnew();
  const offered = verify === 'hash' ? offeredHash(connection.features) : undefined;
  if (offered) await target.hashAll(offered.kind);
}

/** Keep as much of what is there since a try that broke off as is surely the begin of this version. */
async function keepWhatIsOfUse(delivery: Delivery, fetching: Fetching): Promise<void> {
  const { target, version } = delivery;
  const { connection, resumeAbove } = fetching;
  const { size = 0 } = version;
  const mayBeOfUse = target.size > 0 && target.size <= size && size >= resumeAbove && connection.features.has('REST');
  if (!mayBeOfUse || !(await isKept(delivery, fetching))) await beginAnew(target, fetching);
}

async function isKept({ far, version, target }: Delivery, { connection }: Fetching): Promise<boolean> {
  const part = { path: far, length: target.size, isWhole: target.size === version.size };
  const theirs = await farPrefixHash(connection, part);
  if (theirs) return (await target.hashAll(theirs.kind)).soFar() === theirs.digits;
  // Without a time nobody knows whether it is the same version.
  if (version.mtimeMs === undefined || target.size <= STEP_BACK) return false;
  target.stepBack(target.size - STEP_BACK);
  return true;
}
