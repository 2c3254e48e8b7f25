import { ByteWriter } from './byte-writer.ts';
import { CONTENT_ID_BYTES, writeEntry } from './entries-on-wire.ts';
import { wireLimits } from './limits.ts';
import type { Bytes, DraftEnd, Entries, Hello, Message } from './message.ts';
import { byeReasons, codecs, HELLO_MARK, messageTypes } from './message-types.ts';
import { REPLICA_ID_BYTES } from './versions-on-wire.ts';

/**
 * Turn a message into bytes.
 *
 * @returns one part after the other; long contents among them are those of the message, not copies, and must not be changed
 *   before they are sent
 * @throws RangeError for what no peer would take; see {@link wireLimits}
 */
export function encodeMessage(message: Message): readonly Uint8Array[] {
  return writeBody(new ByteWriter(), message).frame(messageTypes[message.kind], wireLimits.bodyBytes);
}

function writeBody(writer: ByteWriter, message: Message): ByteWriter {
  switch (message.kind) {
    case 'hello':
      return writeHello(writer, message);
    case 'begin':
      return writer.number(message.heard).number(message.holds).number(message.forgotten);
    case 'entries':
      return writeEntries(writer, message);
    case 'settled':
      return writer.number(message.upTo);
    case 'ask':
      return writer
        .number(message.request)
        .hex(message.id, CONTENT_ID_BYTES)
        .number(message.first)
        .number(message.count);
    case 'bytes':
      return writeBytes(writer, message);
    case 'gone':
      return writer.number(message.request);
    case 'draft':
      return writer.hex(message.draft, CONTENT_ID_BYTES).number(message.size).text(message.path);
    case 'draft-chunks':
      return writer.hex(message.draft, CONTENT_ID_BYTES).bytes(message.chunks);
    case 'draft-end':
      return writeDraftEnd(writer, message);
    case 'ping':
    case 'pong':
      return writer.number(message.token);
    case 'bye':
      return writer.u8(byeReasons.indexOf(message.reason)).text(cutToBytes(message.text, wireLimits.reasonBytes));
  }
}

function writeHello(writer: ByteWriter, { protocol, replica, name, port, codecs: unpacked }: Hello): ByteWriter {
  const bits = unpacked.map((codec) => (1 << codecs.indexOf(codec)) >> 1);
  return writer
    .u32(HELLO_MARK)
    .u16(protocol)
    .hex(replica, REPLICA_ID_BYTES)
    .u16(port)
    .u8(bits.reduce((all, bit) => all | bit, 0))
    .text(cutToBytes(name, wireLimits.nameBytes));
}

function writeEntries(writer: ByteWriter, { entries, upTo, isAll }: Entries): ByteWriter {
  writer.number(upTo).yesOrNo(isAll).number(entries.length);
  for (const entry of entries) writeEntry(writer, entry);
  return writer;
}

function writeBytes(writer: ByteWriter, { request, first, codec, size, data }: Bytes): ByteWriter {
  return writer.number(request).number(first).u8(codecs.indexOf(codec)).number(size).bytes(data);
}

function writeDraftEnd(writer: ByteWriter, { draft, id }: DraftEnd): ByteWriter {
  writer.hex(draft, CONTENT_ID_BYTES).yesOrNo(id !== undefined);
  return id === undefined ? writer : writer.hex(id, CONTENT_ID_BYTES);
}

/** What is only for people is rather cut than refused. */
function cutToBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  let end = most;
  // Not within a letter: the bytes of one, but for the first, begin with the bits 10.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
