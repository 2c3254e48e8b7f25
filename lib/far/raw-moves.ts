import type { FtpConnection } from './ftp-connection.ts';
import { type ContentSink, Reception } from './reception.ts';
import { Sendoff } from './sendoff.ts';

/** Where content is stored in a far file: in place of all of it, behind so many bytes, or behind all that is there. */
export type StorePlace = 'begin' | number | 'end';

/** How content moves. */
export interface MoveOptions {
  /** Breaks it off; the call is refused with its reason, and the session goes on where the server allows that. */
  readonly signal?: AbortSignal | undefined;
  /** Told now and then how many bytes have moved, what was there before not counted. */
  readonly onBytes?: (bytes: number) => void;
}

/** What is stored where. */
export interface RawStore {
  readonly content: AsyncIterable<Buffer>;
  /** Absolute far path. */
  readonly path: string;
  readonly place: StorePlace;
}

/** Store content under a far path itself. */
export function storeRaw(
  { content, path, place }: RawStore,
  connection: FtpConnection,
  { signal, onBytes = () => undefined }: MoveOptions,
): Promise<void> {
  const at = typeof place === 'number' ? place : 0;
  const transfer = { verb: place === 'end' ? ('APPE' as const) : ('STOR' as const), path, at, signal };
  return connection.exchange(transfer, new Sendoff({ content, ...connection.pace, onBytes }));
}

/** What is fetched where to. */
export interface RawFetch {
  /** Absolute far path. */
  readonly path: string;
  /** The first byte. */
  readonly at: number;
  readonly sink: ContentSink;
}

/** Bring the content of a far file into a sink. @returns how many bytes came */
export async function fetchRaw(
  { path, at, sink }: RawFetch,
  connection: FtpConnection,
  { signal, onBytes = () => undefined }: MoveOptions,
): Promise<number> {
  const reception = new Reception({ sink, ...connection.pace, onBytes });
  try {
    await connection.exchange({ verb: 'RETR', path, at, signal }, reception);
  } finally {
    await reception.flush();
  }
  return reception.bytes;
}
