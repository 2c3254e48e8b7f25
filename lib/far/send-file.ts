import { TransferError } from '../transfer/transfer-error.ts';
import type { Upload, Uploaded } from '../transfer/transport.ts';
import { bringContent, storingAll } from './bring-content.ts';
import { checkAndDate } from './check-sent.ts';
import { discard } from './discard.ts';
import { FileSource } from './file-source.ts';
import { type Sending, versionOf } from './sending.ts';
import { Shipment, shipmentPaths } from './shipment.ts';
import { hasName, takeName, takeOtherName } from './take-name.ts';

// What arrived is not what was sent, or there is no room for more: the part is of no use, or in the way.
const SPOILT = new Set(['E_TRUNCATED', 'E_MISMATCH']);
const NO_ROOM = 452;

/**
 * Send one file: under a temporary name, its size (and hash) compared and its time set, then renamed over the old one, so
 * that a reader of the site sees the old content or the new one and nothing between.
 *
 * What a large file has on the far side when a try breaks off stays there, and the next try goes on from it.
 *
 * @throws TransferError E_CHANGED, E_SOURCE, E_TRUNCATED, E_MISMATCH, or what the server refused; the old file is then
 *   still there, unless the server refuses renames
 */
export async function sendFile(upload: Upload, sending: Sending): Promise<Uploaded> {
  const source = new FileSource(upload.source);
  try {
    return sending.habits.refusesRename
      ? await sendInPlace(upload, source, sending)
      : await sendAndRename(upload, source, sending);
  } finally {
    source.close();
  }
}

async function sendAndRename(upload: Upload, source: FileSource, sending: Sending): Promise<Uploaded> {
  const { connection, habits } = sending;
  const paths = shipmentPaths(connection, sending.pairId, upload.path, source);
  const { temporary } = paths;
  // Who made the try before may have been another worker.
  if (sending.before) habits.broken.set(paths.final, sending.before);
  const shipment = new Shipment(source, paths, habits.broken);
  await shipment.recall(connection);
  if (await ship(shipment, sending)) return versionOf(source);
  const other = await takeOtherName(connection, temporary);
  await discard(other ?? temporary, connection);
  const uploaded = await sendInPlace(upload, source, sending);
  // What was refused may have been this one file, and what is written in place is torn when it breaks off.
  habits.refusesRename = other === undefined;
  sending.onNote('in-place');
  return uploaded;
}

/** @returns false when the server refuses the renaming */
async function ship(shipment: Shipment, sending: Sending): Promise<boolean> {
  try {
    const isNamed = (await hasName(shipment, sending)) || (await bring(shipment, sending));
    shipment.forget();
    if (isNamed && shipment.before === 'aside') await discard(shipment.aside, sending.connection);
    return isNamed;
  } catch (error) {
    await keepOrDiscard(shipment, error, sending);
    throw error;
  }
}

async function bring(shipment: Shipment, sending: Sending): Promise<boolean> {
  const { source, temporary } = shipment;
  const hash = await bringContent(shipment, sending);
  await checkAndDate(temporary, source, sending, hash);
  shipment.reaches('rename');
  return takeName(sending.connection, shipment);
}

/** After a failure: what the next try can go on from stays, and so does what cannot be removed for want of a connection. */
async function keepOrDiscard(shipment: Shipment, error: unknown, { connection, resumeAbove }: Sending): Promise<void> {
  const mayPass = error instanceof TransferError && error.retry && !SPOILT.has(error.code) && error.reply !== NO_ROOM;
  if (connection.closed || (mayPass && shipment.source.size >= resumeAbove)) return;
  await discard(shipment.temporary, connection);
  if (!connection.closed) shipment.forget();
}

async function sendInPlace(upload: Upload, source: FileSource, sending: Sending): Promise<Uploaded> {
  const final = sending.connection.absolute(upload.path);
  const storing = storingAll(final, source, sending);
  try {
    await storing.run(sending);
  } catch (error) {
    // Half a file is removed again. A STOR that was refused before it began has changed nothing.
    if (storing.hasBegun) await discard(final, sending.connection);
    throw error;
  }
  await checkAndDate(final, source, sending, storing.hash);
  return versionOf(source);
}
