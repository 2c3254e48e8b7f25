import { TransferError } from '../transfer/transfer-error.ts';
import type { Uploaded } from '../transfer/transport.ts';
import type { ContentHash } from './content-hash.ts';
import { replyError } from './far-error.ts';
import { farHashOf, offeredHash } from './far-hash.ts';
import { done, type Reply } from './far-reply.ts';
import type { Sending } from './sending.ts';
import { findTimeWay, promisedTimeWay, timeCommand } from './set-time.ts';
import { assertStillThere } from './still-there.ts';

// The time of one file may be refused for reasons of its own; a server that takes none is not asked for each.
const IN_A_ROW = 2;

/**
 * Compare size and hash, and set the time: before the rename, so that nothing wrong ever has the final name.
 *
 * @param hash of what was sent; `undefined` when it is not to be compared
 * @throws TransferError E_TRUNCATED, E_MISMATCH
 */
export async function checkAndDate(
  path: string,
  source: Uploaded,
  sending: Sending,
  hash: ContentHash | undefined,
): Promise<void> {
  const { connection, habits } = sending;
  const way = habits.timeWay ?? promisedTimeWay(connection);
  const dating = way === undefined || way === 'none' ? [] : [timeCommand(way, path, source.mtimeMs)];
  const [size, dated] = await connection.flight([`SIZE ${path}`, ...dating]);
  await assertSize(path, source, size, sending);
  await compareHash(path, source, sending, hash);
  if (habits.timeWay !== undefined) return;
  // What FEAT promises may still be refused.
  const isDated = way !== undefined && dated !== undefined && done(dated);
  const found = isDated ? way : await findTimeWay(connection, path, source.mtimeMs);
  habits.undated = found === 'none' ? habits.undated + 1 : 0;
  if (found !== 'none' || habits.undated === IN_A_ROW) habits.timeWay = found;
}

async function compareHash(
  path: string,
  { size }: Uploaded,
  { connection, verify, onNote }: Sending,
  hash: ContentHash | undefined,
): Promise<void> {
  const offered = offeredHash(connection.features);
  const told = hash && offered && (await farHashOf(connection, offered, path, size));
  // Without a hash of ours it was compared already, unless there is no such thing.
  if (verify === 'hash' && told === undefined && (hash || !offered)) onNote('no-hash');
  if (told === undefined || told === hash?.soFar()) return;
  throw new TransferError('E_MISMATCH', `The content of ${path} is not what was sent, by its ${hash?.kind}`, {
    retry: true,
  });
}

/** The size in a reply to SIZE. */
export function sizeIn(reply: Reply | undefined): number | undefined {
  const digits = /^213 (\d+)/.exec(reply?.message ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

async function assertSize(
  path: string,
  { size }: Uploaded,
  reply: Reply | undefined,
  { connection, habits, onNote }: Sending,
): Promise<void> {
  if (!reply || reply.code >= 500) {
    // A server without SIZE (RFC 3659 section 4), or one that does not let us ask: its 226 is all there is.
    await assertStillThere(path, connection);
    onNote('no-size');
    return;
  }
  if (!done(reply)) throw replyError(`Cannot tell the size of ${path} after it was sent`, reply);
  const told = sizeIn(reply);
  habits.tellsSize ||= told !== undefined;
  if (told === size) return;
  throw new TransferError('E_TRUNCATED', `${path} has ${told} bytes on the site, but ${size} were sent`, {
    retry: true,
  });
}
