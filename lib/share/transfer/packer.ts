import { brotliCompressSync, constants } from 'node:zlib';
import type { Clock } from '../../base/clock.ts';
import type { Link } from '../link/link.ts';
import type { ContentId } from '../model/entry.ts';
import type { Codec } from '../wire/message.ts';
import { commonCodec, pack } from './packing.ts';

/** Bytes as they are sent. */
export interface PackedBytes {
  readonly codec: Codec;
  readonly data: Uint8Array;
}

// Above that the line takes bytes faster than one processor can pack them.
const FAST_BYTES_PER_SECOND = 100 * 1024 ** 2;

// To know how fast a line is, some bytes have to have gone over it.
const LEAST_MEASURED_MS = 100;

// The system holds so many on their way, on both sides together, where it finds a line to be fast.
const BUFFERED_BYTES = 8 * 1024 ** 2;

// Three pieces of that size tell about a whole: text from pictures.
const SAMPLE_BYTES = 16 * 1024;

// Packing that saves less costs more than it saves.
const WORTH_RATIO = 0.9;

// In a large file other things may come: an archive that holds texts and pictures.
const SAMPLED_EVERY_BYTES = 64 * 1024 ** 2;

const SAMPLED = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };

interface Line {
  /** Bytes that were given to it. */
  given: number;
  /** And those that had left this process at the time `at`. */
  left: number;
  at: number;
  bytesPerSecond: number;
}

interface Verdict {
  readonly isWorth: boolean;
  left: number;
}

/** Packs what is sent where the line is the slower part, and the content can be made smaller. */
export class Packer {
  readonly #clock: Clock;
  readonly #lines = new WeakMap<Link, Line>();
  /** Of the contents that are sent at present; more than a few are of no use. */
  readonly #verdicts = new Map<ContentId, Verdict>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What is to be sent for some bytes of a content. */
  async pack(link: Link, id: ContentId, data: Uint8Array): Promise<PackedBytes> {
    const line = this.#lineOf(link);
    const packed = await this.#pack(link, line, id, data);
    line.given += packed.data.length;
    return packed;
  }

  async #pack(link: Link, line: Line, id: ContentId, data: Uint8Array): Promise<PackedBytes> {
    const plain = { codec: 'none', data } as const;
    const codec = commonCodec(link.peer.codecs);
    if (codec === undefined || line.bytesPerSecond >= FAST_BYTES_PER_SECOND || !this.#isWorth(id, data)) return plain;
    const packed = await pack(codec, data);
    return packed.length < data.length * WORTH_RATIO ? { codec, data: packed } : plain;
  }

  /** A line, and how fast it was of late. */
  #lineOf(link: Link): Line {
    const now = this.#clock.now();
    // As long as nothing is known of it, it is taken for slow.
    const line = this.#lines.get(link) ?? { left: 0, at: now, given: 0, bytesPerSecond: 0 };
    this.#lines.set(link, line);
    const passed = now - line.at;
    if (passed < LEAST_MEASURED_MS) return line;
    const left = line.given - link.backlog;
    const isIdle = link.backlog === 0;
    // What the system takes at once says nothing about the line.
    if (isIdle && left - line.left < BUFFERED_BYTES) return line;
    // A line that has nothing to do is faster than it is given bytes.
    line.bytesPerSecond = isIdle ? Number.POSITIVE_INFINITY : ((left - line.left) * 1000) / passed;
    line.left = left;
    line.at = now;
    return line;
  }

  #isWorth(id: ContentId, data: Uint8Array): boolean {
    let verdict = this.#verdicts.get(id);
    if (verdict === undefined || verdict.left <= 0) {
      verdict = { isWorth: isSmaller(data), left: SAMPLED_EVERY_BYTES };
      this.#verdicts.delete(id);
      this.#verdicts.set(id, verdict);
      if (this.#verdicts.size > MOST_VERDICTS) this.#verdicts.delete(this.#verdicts.keys().next().value ?? '');
    }
    verdict.left -= data.length;
    return verdict.isWorth;
  }
}

const MOST_VERDICTS = 64;

function isSmaller(data: Uint8Array): boolean {
  const starts = [0, (data.length - SAMPLE_BYTES) >> 1, data.length - SAMPLE_BYTES].map((start) => Math.max(0, start));
  const samples = starts.map((start) => data.subarray(start, start + SAMPLE_BYTES));
  const size = samples.reduce((sum, { length }) => sum + length, 0);
  const packed = samples.reduce((sum, sample) => sum + brotliCompressSync(sample, SAMPLED).length, 0);
  return packed < size * WORTH_RATIO;
}
