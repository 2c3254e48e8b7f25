import { codeOf, messageOf } from '../../../lib/base/coded-error.ts';
import { idOfChunk, idOfList } from '../../../lib/share/model/content-id.ts';
import type { FileContent } from '../../../lib/share/model/entry.ts';
import { encodeMessage } from '../../../lib/share/wire/encode-message.ts';
import { wireLimits } from '../../../lib/share/wire/limits.ts';
import type { Entries, Hello, Message, ToldEntry } from '../../../lib/share/wire/message.ts';
import { MessageReader } from '../../../lib/share/wire/message-reader.ts';
import { ManualClock } from '../../support/manual-clock.ts';

/** When all of it happens. */
export const NOW = Date.UTC(2026, 10, 22);

export const HELLO: Hello = {
  kind: 'hello',
  protocol: 2,
  replica: '00112233445566aa',
  name: 'machine',
  port: 21700,
  codecs: ['brotli'],
};

/** The bytes of a message, in one piece. */
export function bytesOf(message: Message): Buffer {
  return Buffer.concat(encodeMessage(message));
}

/** A frame as somebody may send it who keeps to nothing. */
export function frame(type: number, body: Uint8Array, { flags = 0, length = body.length } = {}): Buffer {
  const header = Buffer.alloc(6);
  header.writeUInt32BE(length);
  header[4] = type;
  header[5] = flags;
  return Buffer.concat([header, body]);
}

/** A reader that has heard a hello. */
export function greeted(): MessageReader {
  const reader = new MessageReader({ clock: new ManualClock(NOW) });
  reader.push(bytesOf(HELLO));
  return reader;
}

/** What a peer makes of what another one says after its hello: the message, or the code and the text of its refusal. */
export function heard(said: Message | Uint8Array): Message | string {
  try {
    const [message] = greeted().push(said instanceof Uint8Array ? said : bytesOf(said));
    return message ?? 'nothing yet';
  } catch (error) {
    return `${codeOf(error)}: ${messageOf(error)}`;
  }
}

/** The content of a file of one chunk. */
export function fileOf(bytes: Uint8Array, more: Partial<FileContent> = {}): FileContent {
  const id = idOfChunk(bytes);
  return { type: 'file', size: bytes.length, id, mtimeMs: NOW, isExecutable: false, ...more };
}

/** The content of a file of chunks of so many bytes; those are not told. */
export function fileOfChunks(sizes: readonly number[], more: Partial<FileContent> = {}): FileContent {
  const chunks = chunkList(sizes);
  const size = sizes.reduce((all, one) => all + one, 0);
  return { type: 'file', size, id: idOfList(chunks), mtimeMs: NOW, isExecutable: false, chunks, ...more };
}

/** A packed list of chunks of so many bytes. */
export function chunkList(sizes: readonly number[]): Uint8Array {
  const list = new Uint8Array(35 * sizes.length);
  sizes.forEach((size, index) => {
    list.set([size >> 16, size >> 8, size], 35 * index);
    list.fill(index, 35 * index + 3, 35 * (index + 1));
  });
  return list;
}

/** An entry of a folder, with some things of it otherwise. */
export function told({ number = 1, bytes, ...more }: Partial<ToldEntry['entry']> & Partial<ToldEntry> = {}): ToldEntry {
  const version = [{ replica: '00112233445566aa', count: Math.floor(NOW / 1000) }];
  const entry = { path: 'folder/name', content: { type: 'directory' }, version, ...more } as const;
  return { number, entry, ...(bytes && { bytes }) };
}

/** A message of some entries. */
export function entriesOf(...entries: readonly ToldEntry[]): Entries {
  return { kind: 'entries', entries, upTo: wireLimits.number, isAll: true };
}
