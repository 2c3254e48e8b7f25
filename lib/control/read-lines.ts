import type { Readable } from 'node:stream';
import { ControlError } from './control-error.ts';

const LINE_FEED = 0x0a;

/**
 * The lines that come on a stream, one after the other; no more is read while one is being worked on.
 *
 * What stands behind the last line end is no line.
 *
 * @param mostBytes so long a line may be, asked anew for each piece that comes: it may change once somebody is known
 * @throws ControlError E_REQUEST when a line is longer or not UTF-8
 * @throws the stream's error
 */
export async function* readLines(stream: Readable, mostBytes: () => number): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf8', { fatal: true });
  let pieces: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunksOf(stream)) {
    let begin = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, begin)) {
      pieces.push(chunk.subarray(begin, end));
      mustNotBeLonger(length + end - begin, mostBytes());
      yield textOf(decoder, Buffer.concat(pieces));
      pieces = [];
      length = 0;
      begin = end + 1;
    }
    if (begin === chunk.length) continue;
    pieces.push(chunk.subarray(begin));
    length += chunk.length - begin;
    mustNotBeLonger(length, mostBytes());
  }
}

// Not the stream's own iterator: that destroys the stream when it is left, and an answer may still be due.
async function* chunksOf(stream: Readable): AsyncGenerator<Buffer, void, undefined> {
  let wake = () => {};
  let failure: unknown;
  const look = () => wake();
  const fail = (error: unknown) => {
    failure = error;
    wake();
  };
  stream.on('readable', look).on('end', look).on('close', look).on('error', fail);
  try {
    for (;;) {
      const chunk = stream.read() as Buffer | null;
      if (chunk !== null) yield chunk;
      else if (failure !== undefined) throw failure;
      else if (stream.readableEnded || stream.destroyed) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    stream.off('readable', look).off('end', look).off('close', look).off('error', fail);
  }
}

function mustNotBeLonger(length: number, most: number): void {
  if (length > most) throw new ControlError('E_REQUEST', `A line is longer than ${most} bytes`);
}

function textOf(decoder: { decode(bytes: Buffer): string }, bytes: Buffer): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new ControlError('E_REQUEST', 'A line is not UTF-8', { cause });
  }
}
