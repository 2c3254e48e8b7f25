import { TransferError } from '../transfer/transfer-error.ts';
import { sizeIn } from './check-sent.ts';
import { ContentHash } from './content-hash.ts';
import { discard } from './discard.ts';
import { farHashOf, offeredHash } from './far-hash.ts';
import { done } from './far-reply.ts';
import type { FileSource } from './file-source.ts';
import type { Sending } from './sending.ts';
import type { Shipment } from './shipment.ts';
import { Storing } from './store-content.ts';

// A server that lost its power may have written the size of a file, and zeros for the end of it. Where the hash cannot be
// had, so much of what is there is sent again: what such a server had not yet on its disk was rarely more.
const STEP_BACK = 1024 * 1024;

// Refusals that have nothing to do with going on in the middle of a file: it would be refused as well from its beginning.
const OF_ANYTHING = new Set([421, 425, 426, 452, 552]);

/** What of a file need not be sent. */
interface Rest {
  /** The first byte that is missing. */
  readonly at: number;
  /** Of the bytes before it, where it was equal to that of the far side. */
  readonly hash?: ContentHash;
}

/**
 * Make a temporary file hold the content of the source: all of it is sent, or what is missing since a try that broke off.
 *
 * @returns the hash of the content, where it is still to be compared with that of what has arrived
 */
export async function bringContent(shipment: Shipment, sending: Sending): Promise<ContentHash | undefined> {
  const { source } = shipment;
  const rest = await findRest(shipment, sending);
  shipment.reaches('content');
  if (rest?.at === source.size) {
    sending.onBegin(source.size);
    source.assertUnchanged();
    return undefined;
  }
  if (rest && (await isGoneOnWith(rest, shipment, sending))) return rest.hash;
  return sendAll(shipment, sending);
}

/** All of a file; what an earlier try has left is removed where the server lets nobody write over a file. */
async function sendAll(shipment: Shipment, sending: Sending): Promise<ContentHash | undefined> {
  const { source, temporary } = shipment;
  const { connection } = sending;
  const storing = storingAll(temporary, source, sending);
  try {
    await store(storing, shipment, sending);
    return storing.hash;
  } catch (error) {
    const isRefused = error instanceof TransferError && error.code === 'E_REFUSED' && !storing.hasBegun;
    if (!isRefused || connection.closed || !done(await connection.ask(`DELE ${temporary}`))) throw error;
  }
  const second = storingAll(temporary, source, sending);
  shipment.reaches('content');
  await store(second, shipment, sending);
  return second.hash;
}

/** What was not begun has left nothing: what is there may be of another content with the same size and time. */
async function store(storing: Storing, shipment: Shipment, sending: Sending): Promise<void> {
  try {
    await storing.run(sending);
  } catch (error) {
    if (!storing.hasBegun && shipment.before === undefined) shipment.forget();
    throw error;
  }
}

/** All of a file; hashed on its way where that is wanted and the server can tell the hash of what arrives. */
export function storingAll(path: string, source: FileSource, { connection, verify }: Sending): Storing {
  const offered = verify === 'hash' ? offeredHash(connection.features) : undefined;
  const hash = offered && new ContentHash(offered.kind);
  return new Storing({ source, path, at: 0, place: 'begin', hash });
}

/**
 * Send the rest of a file.
 *
 * @returns false when the server does not take it: then the part is gone, and all has to be sent
 */
async function isGoneOnWith({ at, hash }: Rest, shipment: Shipment, sending: Sending): Promise<boolean> {
  const { source, temporary } = shipment;
  const { connection } = sending;
  const place = connection.features.has('REST') ? at : 'end';
  const storing = new Storing({ source, path: temporary, at, place, hash });
  try {
    await store(storing, shipment, sending);
    return true;
  } catch (error) {
    if (!(error instanceof TransferError) || storing.hasBegun) throw error;
    if (error.code === 'E_TIMEOUT') shipment.reaches('waiting');
    if (connection.closed || error.reply === undefined || OF_ANYTHING.has(error.reply)) throw error;
    await discard(temporary, connection);
    return false;
  }
}

/**
 * How much of a file is there since a try that broke off, and is worth to be kept.
 *
 * What is of no use is removed, not overwritten: a lost connection of ours may still hold it on the server, which lets
 * nobody else write to it (vsftpd, until that connection has been silent for 300 s), or still brings what was on its way. A
 * file made anew is another one.
 */
async function findRest(shipment: Shipment, sending: Sending): Promise<Rest | undefined> {
  const { source, temporary, before } = shipment;
  const { connection, resumeAbove, isRetry } = sending;
  if (before === undefined && !isRetry && source.size < resumeAbove) return undefined;
  const reply = await connection.ask(`SIZE ${temporary}`);
  if (reply.code === 550) return undefined;
  const there = sizeIn(reply) ?? 0;
  const isOfUse = there === source.size || (there < source.size && source.size >= resumeAbove && before !== 'waiting');
  const rest = there > 0 && isOfUse ? await compared(there, shipment, sending) : undefined;
  if (rest === undefined && (done(reply) || before !== undefined)) await discard(temporary, connection);
  return rest;
}

/** The rest behind so many bytes, if those are the first of the source, as far as the server lets us know. */
async function compared(
  there: number,
  { source, temporary, before }: Shipment,
  { connection }: Sending,
): Promise<Rest | undefined> {
  const offered = offeredHash(connection.features);
  if (offered) {
    // Both at a time; ours is waited for in any case, since the file must not be closed under it.
    const reading = hashOf(source, there, new ContentHash(offered.kind));
    const [theirs, ours] = await Promise.allSettled([farHashOf(connection, offered, temporary, there), reading]);
    if (theirs.status === 'rejected') throw theirs.reason;
    if (ours.status === 'rejected') throw source.failure ?? ours.reason;
    if (theirs.value !== undefined) {
      return theirs.value === ours.value.soFar() ? { at: there, hash: ours.value } : undefined;
    }
  }
  // The last answer of a try of our own may have been lost with all of it there: that is done.
  const isDone = there === source.size && before !== undefined;
  if (isDone) return { at: there };
  if (!connection.features.has('REST')) return there < source.size ? { at: there } : undefined;
  return there > STEP_BACK ? { at: there - STEP_BACK } : undefined;
}

async function hashOf(source: FileSource, length: number, hash: ContentHash): Promise<ContentHash> {
  for await (const chunk of source.stream(0, length)) hash.update(chunk as Buffer);
  return hash;
}
