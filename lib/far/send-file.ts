import { TransferError } from '../transfer/transfer-error.ts';
import type { Upload, Uploaded } from '../transfer/transport.ts';
import { replyError } from './far-error.ts';
import { FileSource } from './file-source.ts';
import { done, type FtpConnection, type Reply } from './ftp-connection.ts';
import { findTimeWay, promisedTimeWay, type TimeWay, timeCommand } from './set-time.ts';
import { temporaryPath } from './temporary-name.ts';

/** What one far side has shown of itself so far; kept from upload to upload. */
export interface FarHabits {
  /** How it takes the time of a file; missing until it is known. */
  timeWay?: TimeWay;
  /** It refuses renames: files are written in place. */
  refusesRename?: boolean;
}

/** What {@link sendFile} works with. */
export interface Sending {
  readonly connection: FtpConnection;
  readonly habits: FarHabits;
  /** Goes into temporary names, so that two mirrors on one folder never take each other's. */
  readonly pairId: string;
  /** Told now and then how many bytes have gone. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Send one file: under a temporary name, its size compared and its time set, then renamed over the old one, so that a
 * reader of the site sees the old content or the new one and nothing between.
 *
 * @throws TransferError E_CHANGED, E_SOURCE, E_TRUNCATED, or what the server refused; the old file is then still there,
 *   unless the server refuses renames
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
  const temporary = connection.absolute(temporaryPath(sending.pairId, upload.path, source));
  try {
    await store(source, temporary, sending);
    await checkAndDate(temporary, source, sending);
    if (await isRenamed(connection, temporary, connection.absolute(upload.path))) return sent(source);
  } catch (error) {
    await discard(temporary, connection);
    throw error;
  }
  await discard(temporary, connection);
  const uploaded = await sendInPlace(upload, source, sending);
  // Not before: what was refused may have been this one file, and what is written in place is torn when it breaks off.
  habits.refusesRename = true;
  return uploaded;
}

async function sendInPlace(upload: Upload, source: FileSource, sending: Sending): Promise<Uploaded> {
  const final = sending.connection.absolute(upload.path);
  const content = source.stream();
  try {
    await store(source, final, sending, content);
  } catch (error) {
    // Half a file is removed again. A STOR that was refused before it began has changed nothing.
    if (content.readableFlowing !== null) await discard(final, sending.connection);
    throw error;
  }
  await checkAndDate(final, source, sending);
  return sent(source);
}

/**
 * Rename onto the final name.
 *
 * Some servers rename, but not onto an existing file: there it is removed first, in the same flight.
 *
 * @returns false when the server renames nothing
 * @throws TransferError when this one rename was refused: for now, or because a folder is in the way
 */
async function isRenamed(connection: FtpConnection, temporary: string, final: string): Promise<boolean> {
  const renaming = [`RNFR ${temporary}`, `RNTO ${final}`];
  const [from, to] = await connection.flight(renaming);
  if (to && done(to)) return true;
  const refusal = from?.code === 350 ? to : from;
  if (refusal?.code !== 421 && done(await connection.ask(`CWD ${final}`))) {
    throw new TransferError('E_REFUSED', `Cannot send ${final}: there is a folder of that name`);
  }
  if (refusal && refusal.code < 500) throw replyError(`Cannot rename to ${final}`, refusal);
  if (from?.code !== 350) return false;
  const renamed = (await connection.flight([`DELE ${final}`, ...renaming])).at(-1);
  return renamed !== undefined && done(renamed);
}

/** Compare the size and set the time: before the rename, so that nothing wrong ever has the final name. */
async function checkAndDate(path: string, source: FileSource, { connection, habits }: Sending): Promise<void> {
  const way = habits.timeWay ?? promisedTimeWay(connection);
  const dating = way === undefined || way === 'none' ? [] : [timeCommand(way, path, source.mtimeMs)];
  const [size, dated] = await connection.flight([`SIZE ${path}`, ...dating]);
  assertSize(path, source, size);
  if (habits.timeWay !== undefined) return;
  // What FEAT promises may still be refused.
  const isDated = way !== undefined && dated !== undefined && done(dated);
  habits.timeWay = isDated ? way : await findTimeWay(connection, path, source.mtimeMs);
}

/** Store the content, and make sure that it is what the file holds now. */
async function store(
  source: FileSource,
  path: string,
  { connection, onBytes }: Sending,
  content = source.stream(),
): Promise<void> {
  try {
    await connection.store(content, path, onBytes);
  } catch (error) {
    // A file that cannot be read breaks the connection too, which then tells only half of it.
    throw source.failure ?? error;
  }
  source.assertUnchanged();
}

/** The failure that led here is the one to tell, and a connection that broke cannot clean up any more. */
async function discard(path: string, connection: FtpConnection): Promise<void> {
  if (!connection.closed) await connection.ask(`DELE ${path}`).catch(() => undefined);
}

function sent({ size, mtimeMs }: FileSource): Uploaded {
  return { size, mtimeMs };
}

function assertSize(path: string, { size }: Uploaded, reply: Reply | undefined): void {
  // A server without SIZE (RFC 3659 section 4) cannot be asked; its 226 is all there is.
  if (!reply || reply.code === 500 || reply.code === 502) return;
  if (!done(reply)) throw replyError(`Cannot tell the size of ${path} after it was sent`, reply);
  const told = Number(/^213 (\d+)/.exec(reply.message)?.[1]);
  if (told === size) return;
  throw new TransferError('E_TRUNCATED', `${path} has ${told} bytes on the site, but ${size} were sent`, {
    retry: true,
  });
}
