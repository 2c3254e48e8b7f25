import { TransferError } from '../transfer/transfer-error.ts';
import type { Download, Downloaded } from '../transfer/transport.ts';
import { farHashOf, hashWays } from './far-hash.ts';
import { type Delivery, fetchContent } from './fetch-content.ts';
import { takePlace } from './fetch-place.ts';
import type { Fetching } from './fetching.ts';
import { FileTarget } from './file-target.ts';
import { type FarVersion, versionAt } from './shell-entries.ts';

// What is there is of no use for the next try: it is of another version, or not what is on the site.
const SPOILT = new Set(['E_CHANGED', 'E_MISMATCH']);

/**
 * Fetch one file: under a temporary name beside its target, its size (and hash) compared and its time set, then renamed over
 * the old one, so that a reader sees the old content or the new one and nothing between.
 *
 * What has come of a large file when a try breaks off stays there, and the next try goes on from it. A file that changes on
 * the site meanwhile is noticed by its size or its time, told as E_CHANGED, and to be tried again.
 *
 * @throws TransferError E_CHANGED, E_TRUNCATED, E_MISMATCH, E_TARGET, E_NO_ROOM, or what the server refused; the old file is
 *   then still there
 */
export async function fetchFile(download: Download, fetching: Fetching): Promise<Downloaded> {
  const { connection, pairId, resumeAbove } = fetching;
  const far = connection.absolute(download.path);
  const version = await versionOf(download, far, fetching);
  // What is not known by its size may be the begin of anything.
  const isLarge = version.size !== undefined && version.size >= resumeAbove;
  const place = takePlace({ far, version, target: download.target, pairId }, isLarge);
  try {
    const target = new FileTarget(download.target, place.temporary);
    try {
      await bring({ far, version, target }, fetching);
      return { size: target.size, mtimeMs: version.mtimeMs };
    } catch (error) {
      const isSpoilt = error instanceof TransferError && SPOILT.has(error.code);
      if (isSpoilt || !place.isKept || target.size === 0) target.discard();
      throw error;
    } finally {
      target.close();
    }
  } finally {
    place.release();
  }
}

async function bring(delivery: Delivery, fetching: Fetching): Promise<void> {
  await fetchContent(delivery, fetching);
  await assertIsStill(delivery, fetching);
  await compareHash(delivery, fetching);
  delivery.target.finish(delivery.version.mtimeMs);
}

/** What a listing told will do: whether it still holds is asked behind the content in any case. */
async function versionOf({ size, mtimeMs }: Download, far: string, fetching: Fetching): Promise<FarVersion> {
  const { connection, habits, isRetry } = fetching;
  const isTold = size !== undefined && mtimeMs !== undefined;
  return isTold && !isRetry && !habits.listsOldVersions ? { size, mtimeMs } : versionAt(connection, far);
}

/** What came is all of one version, as far as the server tells. */
async function assertIsStill({ far, version, target }: Delivery, fetching: Fetching): Promise<void> {
  const { connection, habits, onNote } = fetching;
  const now = await versionAt(connection, far);
  if (differs(version.size, now.size) || differs(secondsOf(version.mtimeMs), secondsOf(now.mtimeMs))) {
    // Where listings and MDTM tell different times, every file would seem to change each time.
    habits.listsOldVersions = true;
    throw new TransferError('E_CHANGED', `${far} changed on the site while it was fetched`, { retry: true });
  }
  const size = now.size ?? version.size;
  if (size === undefined) onNote('no-size');
  if (size === undefined || target.size === size) return;
  throw new TransferError('E_TRUNCATED', `${target.size} bytes of ${far} came, but it has ${size} on the site`, {
    retry: true,
  });
}

async function compareHash({ far, target }: Delivery, { connection, verify, onNote }: Fetching): Promise<void> {
  const { hash } = target;
  const way = hash && hashWays(connection.features).find(({ kind }) => kind === hash.kind);
  const told = way && (await farHashOf(connection, way, far, target.size));
  if (verify === 'hash' && told === undefined) onNote('no-hash');
  if (told === undefined || told === hash?.soFar()) return;
  const message = `What came of ${far} is not what is on the site, by its ${hash?.kind}`;
  throw new TransferError('E_MISMATCH', message, { retry: true });
}

function differs(one: number | undefined, other: number | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

/** FTP tells whole seconds, listings now and then more. */
function secondsOf(mtimeMs: number | undefined): number | undefined {
  return mtimeMs === undefined ? undefined : Math.floor(mtimeMs / 1000);
}
