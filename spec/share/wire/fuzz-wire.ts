import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { encodeMessage } from '../../../lib/share/wire/encode-message.ts';
import { wireLimits } from '../../../lib/share/wire/limits.ts';
import type { Message } from '../../../lib/share/wire/message.ts';
import { MessageReader } from '../../../lib/share/wire/message-reader.ts';
import { HEADER_BYTES, messageTypes } from '../../../lib/share/wire/message-types.ts';
import { WireError } from '../../../lib/share/wire/wire-error.ts';
import { mutated } from '../../fuzz/mutate.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { type SeededRandom, seededRandom } from '../../support/seeded-random.ts';
import { hellos, messages } from './messages.ts';
import { bytesOf, frame, HELLO, NOW } from './peer-bytes.ts';

/** What was tried, and what went wrong. */
export interface WireFuzzReport {
  readonly rounds: number;
  /** Messages that were taken, and connections that were refused. */
  readonly messages: number;
  readonly refusals: number;
  /** How many different reasons there were for that. */
  readonly reasons: number;
  readonly wrongs: readonly string[];
}

const clock = new ManualClock(NOW);
const SAMPLES = 400;
const EDGES = [0, 1, 2, 0x7f, 0x80, 0xfe, 0xff];

/**
 * Send nonsense to readers, and half-sense, until time is up: whatever comes is a message, which can be told again as it came,
 * or a WireError; and it is the same one in whatever pieces it comes.
 */
export function fuzzWire({ seed, forMs }: { readonly seed: number; readonly forMs: number }): WireFuzzReport {
  const samples = fc
    .sample(fc.oneof({ weight: 9, arbitrary: messages }, hellos), { seed, numRuns: SAMPLES })
    .map(bytesOf);
  const counts = { rounds: 0, messages: 0, refusals: 0 };
  const reasons = new Set<string>();
  const wrongs: string[] = [];
  for (const until = performance.now() + forMs; performance.now() < until && wrongs.length === 0; counts.rounds += 1) {
    const random = seededRandom(seed + counts.rounds);
    const bytes = talk(samples, random);
    const whole = read([bytes]);
    const cut = read(pieces(bytes, random));
    const wrong = wrongOf(whole) ?? wrongOf(cut) ?? differenceOf(whole, cut);
    if (wrong !== undefined) wrongs.push(`${wrong} (seed ${seed}, round ${counts.rounds})`);
    counts.messages += cut.messages.length;
    if (cut.error === undefined) continue;
    counts.refusals += 1;
    reasons.add(String(cut.error));
  }
  return { ...counts, reasons: reasons.size, wrongs };
}

/** What somebody may send who is broken. */
function talk(samples: readonly Buffer[], random: SeededRandom): Buffer {
  // Most begin well: otherwise nothing behind the first message would be looked at.
  const begins = random.chance(0.9) ? [bytesOf(HELLO)] : [];
  const more = Array.from({ length: 1 + random.integer(4) }, () => odd(random.pick(samples), random));
  return Buffer.concat([...begins, ...more]);
}

function odd(sample: Buffer, random: SeededRandom): Buffer {
  switch (random.integer(6)) {
    case 0:
      return sample;
    case 1:
      return otherBytes(sample, 0, random);
    case 2:
      // The frame stays whole, and what is in it does not.
      return otherBytes(sample, HEADER_BYTES, random);
    case 3:
      return changed(sample, random);
    case 4:
      return frame(sample[4] ?? 0, changed(sample.subarray(HEADER_BYTES), random));
    default:
      return frame(random.pick([...Object.values(messageTypes), 99]), noise(random), {
        flags: random.pick([0, 0, 1, 2]),
      });
  }
}

function otherBytes(sample: Buffer, from: number, random: SeededRandom): Buffer {
  const bytes = Buffer.from(sample);
  for (let left = random.integer(3); left >= 0 && bytes.length > from; left -= 1) {
    bytes[from + random.integer(bytes.length - from)] = random.chance(0.5) ? random.pick(EDGES) : random.integer(256);
  }
  return bytes;
}

function changed(bytes: Buffer, random: SeededRandom): Buffer {
  return Buffer.from(mutated(bytes.toString('latin1'), random), 'latin1');
}

function noise(random: SeededRandom): Buffer {
  return Buffer.from(Array.from({ length: random.integer(200) }, () => random.integer(256)));
}

function pieces(bytes: Buffer, random: SeededRandom): readonly Buffer[] {
  const most = random.pick([1, 7, 100, 5_000]);
  const parts: Buffer[] = [];
  // Many single bytes tell no more than a few of them.
  for (let at = 0; at < bytes.length; ) {
    const end = parts.length > 500 ? bytes.length : at + 1 + random.integer(most);
    parts.push(bytes.subarray(at, end));
    at = end;
  }
  return parts;
}

interface Heard {
  readonly messages: readonly Message[];
  readonly error?: unknown;
}

function read(parts: readonly Buffer[]): Heard {
  const reader = new MessageReader({ clock });
  const heard: Message[] = [];
  try {
    for (const part of parts) heard.push(...reader.push(part).map(withoutMemory));
    return { messages: heard };
  } catch (error) {
    return { messages: heard, error };
  }
}

/** What was said, and not whose memory it lies in. */
function withoutMemory(message: Message): Message {
  if (message.kind !== 'bytes') return message;
  const { release: _, ...said } = message;
  return said;
}

function wrongOf({ messages: heard, error }: Heard): string | undefined {
  if (error !== undefined && !(error instanceof WireError)) return `thrown was ${String(error)}`;
  return heard.map(againOf).find((wrong) => wrong !== undefined);
}

/** What is heard can be told to others: nobody may be made to say what is not allowed. */
function againOf(message: Message): string | undefined {
  try {
    const said = Buffer.concat(encodeMessage(message));
    if (said.length > wireLimits.bodyBytes + HEADER_BYTES) return `a ${message.kind} that is too long`;
    const heard = read(
      message.kind === 'hello' || message.kind === 'bye' ? [said] : [bytesOf(HELLO), said],
    ).messages.at(-1);
    return isDeepStrictEqual(heard, message)
      ? undefined
      : `a ${message.kind} that is not the same when it is told again`;
  } catch (error) {
    return `a ${message.kind} that cannot be told again: ${String(error)}`;
  }
}

function differenceOf(whole: Heard, cut: Heard): string | undefined {
  if (String(whole.error) !== String(cut.error)) return `${whole.error} in one piece, ${cut.error} in several`;
  // What comes before a refusal, in the same piece, is not given out.
  if (whole.error !== undefined || isDeepStrictEqual(whole.messages, cut.messages)) return undefined;
  return 'other messages when they come in pieces';
}
