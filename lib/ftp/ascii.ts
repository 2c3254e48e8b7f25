const CR = 0x0d;
const LF = 0x0a;

/**
 * From the network's lines to ours (TYPE A, RFC 959 section 3.1.1.1): CR LF becomes LF, wherever the chunks are cut. A
 * CR without LF is kept.
 */
export class NetworkLines {
  #hasCarry = false;

  /** What is sure of the text with this chunk: a CR at its end waits for what comes behind it. */
  take(chunk: Buffer): Buffer {
    const bytes: Buffer = this.#hasCarry ? Buffer.concat([Buffer.of(CR), chunk]) : chunk;
    this.#hasCarry = bytes.at(-1) === CR;
    return withoutReturns(this.#hasCarry ? bytes.subarray(0, -1) : bytes);
  }

  /** What is left at the end. */
  rest(): Buffer {
    return this.#hasCarry ? Buffer.of(CR) : Buffer.alloc(0);
  }
}

/**
 * From our lines to the network's: each LF becomes CR LF. One that has a CR already gets another, so that the other
 * direction brings back what was there, byte for byte.
 */
export async function* toNetworkLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield withReturns(chunk);
}

function withoutReturns(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let size = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === CR && bytes[at + 1] === LF) continue;
    out[size++] = bytes[at] ?? 0;
  }
  return out.subarray(0, size);
}

function withReturns(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length * 2);
  let size = 0;
  for (const byte of bytes) {
    if (byte === LF) out[size++] = CR;
    out[size++] = byte;
  }
  return out.subarray(0, size);
}
