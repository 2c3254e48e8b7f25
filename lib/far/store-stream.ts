import type { Readable } from 'node:stream';
import { afterHandshake } from './after-handshake.ts';
import type { LineSafeClient } from './line-safe-client.ts';

/** Where content is stored in a far file: in place of all of it, behind so many bytes, or behind all that is there. */
export type StorePlace = 'begin' | number | 'end';

/** What {@link storeStream} stores where. */
export interface StoredStream {
  readonly source: Readable;
  /** Absolute far path. */
  readonly path: string;
  readonly place: StorePlace;
  /** Told now and then how many bytes of the stream have gone. */
  readonly onBytes: (bytes: number) => void;
}

/** Store what a stream gives. @throws what the library throws */
export async function storeStream(
  { source, path, place, onBytes }: StoredStream,
  client: LineSafeClient,
): Promise<void> {
  const { ftp, prepareTransfer } = client;
  const content = ftp.hasTLS ? afterHandshake(source, () => ftp.dataSocket) : source;
  client.trackProgress(({ bytes }) => onBytes(bytes));
  if (typeof place === 'number') client.prepareTransfer = restarting(prepareTransfer, place);
  try {
    await (place === 'end' ? client.appendFrom(content, path) : client.uploadFrom(content, path));
  } finally {
    client.trackProgress();
    client.prepareTransfer = prepareTransfer;
  }
}

/** REST has to stand right before STOR (RFC 3659 section 5.3): behind the command that asks for the data connection. */
function restarting(prepare: LineSafeClient['prepareTransfer'], at: number): LineSafeClient['prepareTransfer'] {
  return async (ftp) => {
    const ready = await prepare(ftp);
    await ftp.request(`REST ${at}`);
    return ready;
  };
}
