import type { Clock } from '../../base/clock.ts';
import type { LinkNotice } from './link.ts';

// What comes again and again, as the refusal of somebody who tries each second, is worth a line now and then.
const SAME_AGAIN_MS = 10 * 60_000;

/** Tells the user what he has to know, and the same only now and then. */
export class Notices {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #emit: (notice: LinkNotice) => void;
  readonly #toldAt = new Map<string, number>();

  constructor(clock: Pick<Clock, 'now'>, emit: (notice: LinkNotice) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  /** Tell it each time. */
  tell(level: LinkNotice['level'], text: string): void {
    this.#emit({ level, text });
  }

  /**
   * Tell it unless it was told lately.
   *
   * @param about what counts as the same; made of nothing that strangers choose, since it is remembered
   */
  tellRarely(about: string, level: LinkNotice['level'], text: string): void {
    const now = this.#clock.now();
    const last = this.#toldAt.get(about);
    // A clock that was set back shall not silence anything for long.
    if (last !== undefined && now >= last && now - last < SAME_AGAIN_MS) return;
    this.#toldAt.set(about, now);
    this.tell(level, text);
  }
}
