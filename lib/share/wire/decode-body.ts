import { isUtf8 } from 'node:buffer';
import type { Clock } from '../../base/clock.ts';
import { ByteReader } from './byte-reader.ts';
import { CHUNK_RECORD_BYTES, sizeOfChunks } from './chunk-lists.ts';
import { CONTENT_ID_BYTES, EntryReader } from './entries-on-wire.ts';
import { wireLimits } from './limits.ts';
import type { Ask, Bye, Bytes, DraftChunks, DraftEnd, Entries, Hello, Message, ToldEntry } from './message.ts';
import { byeReasons, codecs, HELLO_MARK } from './message-types.ts';
import { readPath } from './path-rules.ts';
import { REPLICA_ID_BYTES } from './versions-on-wire.ts';
import { notAllowed, WireError } from './wire-error.ts';

/** Makes messages of bodies. */
export class BodyDecoder {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #entries = new EntryReader();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /**
   * @param body what a message says may be a view of it
   * @throws WireError
   */
  decode(kind: Message['kind'], body: Buffer): Message {
    const reader = new ByteReader(body);
    const message = this.#read(kind, reader);
    // What later peers say in a hello besides is not known here, and has to be let pass.
    if (kind !== 'hello') reader.end();
    return message;
  }

  #read(kind: Message['kind'], reader: ByteReader): Message {
    switch (kind) {
      case 'hello':
        return readHello(reader);
      case 'begin':
        return { kind, heard: reader.number(), holds: reader.number(), forgotten: reader.number() };
      case 'entries':
        return this.#readEntries(reader);
      case 'settled':
        return { kind, upTo: reader.number() };
      case 'ask':
        return readAsk(reader);
      case 'bytes':
        return readBytes(reader);
      case 'gone':
        return { kind, request: reader.number() };
      case 'draft':
        return { kind, draft: reader.hex(CONTENT_ID_BYTES), size: reader.number(), path: readPath(reader) };
      case 'draft-chunks':
        return readDraftChunks(reader);
      case 'draft-end':
        return readDraftEnd(reader);
      case 'ping':
      case 'pong':
        return { kind, token: reader.number() };
      case 'bye':
        return readBye(reader);
    }
  }

  #readEntries(reader: ByteReader): Entries {
    const upTo = reader.number();
    const isAll = reader.yesOrNo();
    const count = reader.number();
    if (count > wireLimits.entries) throw notAllowed('A message has too many entries');
    // Counts of versions go by seconds.
    const highest = Math.floor(this.#clock.now() / 1000) + wireLimits.countAheadSeconds;
    const entries: ToldEntry[] = [];
    let before = 0;
    for (let index = 0; index < count; index += 1) {
      const entry = this.#entries.read(reader, highest);
      if (entry.number <= before) throw notAllowed('Entries are not in the order of their numbers');
      before = entry.number;
      entries.push(entry);
    }
    if (before > upTo) throw notAllowed('An entry has a number above the one that it is told up to');
    return { kind: 'entries', entries, upTo, isAll };
  }
}

function readHello(reader: ByteReader): Hello {
  if (reader.left < 4 || reader.u32() !== HELLO_MARK) {
    throw new WireError('E_FOREIGN', 'Who is at the other end is no peer of a share');
  }
  const protocol = reader.u16();
  const replica = reader.hex(REPLICA_ID_BYTES);
  const port = reader.u16();
  if (port === 0) throw notAllowed('A peer listens on port 0');
  const bits = reader.u8();
  const name = readText(reader, wireLimits.nameBytes);
  // It is shown on terminals.
  if (/\p{Cc}/u.test(name)) throw notAllowed('The name of a peer holds control characters');
  const unpacked = codecs.filter((_, number) => ((bits << 1) & (1 << number)) !== 0);
  return { kind: 'hello', protocol, replica, name, port, codecs: unpacked };
}

function readAsk(reader: ByteReader): Ask {
  const request = reader.number();
  const id = reader.hex(CONTENT_ID_BYTES);
  const first = reader.number();
  const count = reader.number();
  if (count === 0) throw notAllowed('Nothing is asked for');
  if (first + count > wireLimits.chunks) throw notAllowed('More chunks are asked for than a file can have');
  return { kind: 'ask', request, id, first, count };
}

function readBytes(reader: ByteReader): Bytes {
  const request = reader.number();
  const first = reader.number();
  if (first >= wireLimits.chunks) throw notAllowed('A chunk comes that no file can have');
  const codec = codecs[reader.u8()];
  if (codec === undefined) throw notAllowed('Bytes are packed in a way that is not known');
  const size = reader.number();
  if (size > wireLimits.dataBytes) throw notAllowed('Bytes are too many for one message');
  const data = reader.rest();
  if (codec === 'none' && data.length !== size) throw notAllowed('Bytes are not as many as they are said to be');
  if (data.length > size + wireLimits.packedExcessBytes) throw notAllowed('Bytes are longer packed than unpacked');
  return { kind: 'bytes', request, first, codec, size, data };
}

function readDraftChunks(reader: ByteReader): DraftChunks {
  const draft = reader.hex(CONTENT_ID_BYTES);
  const chunks = reader.rest();
  if (chunks.length < CHUNK_RECORD_BYTES) throw notAllowed('A draft is told no chunks');
  sizeOfChunks(chunks);
  return { kind: 'draft-chunks', draft, chunks: Uint8Array.from(chunks) };
}

function readDraftEnd(reader: ByteReader): DraftEnd {
  const draft = reader.hex(CONTENT_ID_BYTES);
  return reader.yesOrNo()
    ? { kind: 'draft-end', draft, id: reader.hex(CONTENT_ID_BYTES) }
    : { kind: 'draft-end', draft };
}

function readBye(reader: ByteReader): Bye {
  const reason = byeReasons[reader.u8()];
  if (reason === undefined) throw notAllowed('A peer goes for a reason that is not known');
  return { kind: 'bye', reason, text: readText(reader, wireLimits.reasonBytes) };
}

function readText(reader: ByteReader, most: number): string {
  const length = reader.u16();
  if (length > most) throw notAllowed('A text is too long');
  const bytes = reader.bytes(length);
  if (!isUtf8(bytes)) throw notAllowed('A text is not UTF-8');
  return bytes.toString('utf8');
}
