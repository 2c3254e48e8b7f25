import type { Clock } from '../../base/clock.ts';
import type { BanView } from '../../control/live-server.ts';

/** When somebody is kept out, and how long. */
export interface BanRules {
  /** Wrong logins from one address; Infinity for never. */
  readonly addressAfter: number;
  /** Wrong logins with one name, from wherever; Infinity for never. */
  readonly userAfter: number;
  /** The first ban of somebody; each further one is half as long again. Infinity: until it is lifted. */
  readonly banMs: number;
}

type Kind = BanView['kind'];

/** What is held against somebody. */
interface Record {
  readonly kind: Kind;
  readonly name: string;
  /** Wrong logins that count still: they fade evenly, a whole ban's worth of them within the time of a ban. */
  score: number;
  /** When the score was that. */
  at: number;
  /** Wrong logins in all. */
  failures: number;
  bans: number;
  /** End of the ban; in the past where there is none. */
  until: number;
}

const HALF_AS_LONG_AGAIN = 1.5;
/** After so many bans they do not get longer: half an hour has become 28 hours. */
const LONGEST_AFTER = 10;
/** The last time that a Date can tell (ECMA-262, time values). */
const LAST_MOMENT = 8.64e15;
/** Names and addresses come from strangers: this many take 2 MB. Those that were quiet longest are forgotten first. */
const MOST_RECORDS = 10_000;

/** Keeps those out who guess passwords: addresses, and names that are guessed at. */
export class Bans {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #rules: () => BanRules;
  readonly #onBan: (ban: BanView) => void;
  /** The quietest first. */
  readonly #records = new Map<string, Record>();

  constructor(clock: Pick<Clock, 'now'>, rules: () => BanRules, onBan: (ban: BanView) => void) {
    this.#clock = clock;
    this.#rules = rules;
    this.#onBan = onBan;
  }

  isBanned(kind: Kind, name: string): boolean {
    const record = this.#records.get(keyOf(kind, name));
    return record !== undefined && record.until > this.#clock.now();
  }

  /**
   * A wrong login.
   *
   * @returns how many count against them now, this one included
   */
  fail(kind: Kind, name: string): number {
    const now = this.#clock.now();
    const key = keyOf(kind, name);
    const record = this.#records.get(key) ?? { kind, name, score: 0, at: now, failures: 0, bans: 0, until: 0 };
    record.score = this.#faded(record) + 1;
    record.at = now;
    record.failures += 1;
    this.#records.delete(key);
    this.#records.set(key, record);
    this.#forgetQuiet();
    // What has faded in the moments between two of them is nothing to speak of.
    const score = Math.round(record.score);
    if (score >= this.#threshold(kind) && record.until <= now) this.#ban(record, now);
    return score;
  }

  list(): readonly BanView[] {
    const now = this.#clock.now();
    return [...this.#records.values()].filter(({ until }) => until > now).map(viewOf);
  }

  /** @returns whether there was such a ban */
  lift(kind: Kind, name: string): boolean {
    const wasBanned = this.isBanned(kind, name);
    this.#records.delete(keyOf(kind, name));
    return wasBanned;
  }

  #ban(record: Record, now: number): void {
    const banMs = this.#rules().banMs * HALF_AS_LONG_AGAIN ** Math.min(record.bans, LONGEST_AFTER);
    record.until = Math.min(now + banMs, LAST_MOMENT);
    record.bans += 1;
    // The ban is the price of what was held against them.
    record.score = 0;
    this.#onBan(viewOf(record));
  }

  #faded({ kind, score, at }: Record): number {
    const { banMs } = this.#rules();
    const threshold = this.#threshold(kind);
    if (!Number.isFinite(banMs) || !Number.isFinite(threshold)) return score;
    return Math.max(0, score - ((this.#clock.now() - at) * threshold) / banMs);
  }

  #threshold(kind: Kind): number {
    const { addressAfter, userAfter } = this.#rules();
    return kind === 'address' ? addressAfter : userAfter;
  }

  #forgetQuiet(): void {
    if (this.#records.size <= MOST_RECORDS) return;
    const now = this.#clock.now();
    let quietest: string | undefined;
    for (const [key, { until }] of this.#records) {
      quietest ??= key;
      if (until > now) continue;
      quietest = key;
      break;
    }
    // One that is banned only where all are.
    if (quietest !== undefined) this.#records.delete(quietest);
  }
}

function keyOf(kind: Kind, name: string): string {
  return `${kind} ${name}`;
}

function viewOf({ kind, name, until, failures }: Record): BanView {
  return { kind, name, untilMs: until, failures };
}
