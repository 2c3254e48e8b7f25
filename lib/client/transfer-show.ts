import type { Clock } from '../base/clock.ts';
import { cutToWidth } from '../base/cut-to-width.ts';
import { showDuration } from '../base/show-duration.ts';
import { bytes } from '../sync/messages.ts';
import { shownName } from './output.ts';

/** What is known of a transfer that is under way. */
export interface TransferState {
  /** Its name, as the server or the user has it. */
  readonly name: string;
  /** Size of the whole file in bytes; `undefined` where the server does not tell. */
  readonly size: number | undefined;
  /** Where in the file it began, in bytes. */
  readonly from: number;
  /** How many bytes have moved since. */
  readonly moved: number;
  readonly tookMs: number;
}

// Wide enough to see it grow, narrow enough to leave room for the rest.
const BAR_COLUMNS = 20;
const NAME_COLUMNS = 24;

/** `name 40 % [########............] 2.0 of 5.0 MiB, 1.2 MiB/s, 0:03 left`, for a terminal. */
export function progressText({ name, size, from, moved, tookMs }: TransferState): string {
  const shown = cutToWidth(shownName(name), NAME_COLUMNS);
  const perSecond = moved / Math.max(0.001, tookMs / 1000);
  const rate = `${bytes(Math.round(perSecond))}/s`;
  const at = from + moved;
  if (size === undefined || size < at) return `${shown}  ${bytes(at)}  ${rate}`;
  const share = size === 0 ? 1 : at / size;
  const filled = Math.floor(share * BAR_COLUMNS);
  const bar = '#'.repeat(filled) + '.'.repeat(BAR_COLUMNS - filled);
  const left = perSecond === 0 ? '?' : showDuration(((size - at) / perSecond) * 1000);
  return `${shown} ${String(Math.floor(share * 100)).padStart(3)} % [${bar}] ${bytes(at)} of ${bytes(size)}  ${rate}  ${left} left`;
}

/** What {@link TransferShow} takes from around it. */
export interface ShowSurroundings {
  readonly clock: Pick<Clock, 'now'>;
  /** Draws a line anew; `''` takes it away. Missing where nobody looks. */
  readonly draw?: (text: string) => void;
}

// Five times a second reads as moving; more often would be work for nobody.
const REDRAW_MS = 200;

/** Shows how far a transfer is. */
export class TransferShow {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #draw: ((text: string) => void) | undefined;
  #last: Showing | undefined;

  constructor({ clock, draw }: ShowSurroundings) {
    this.#clock = clock;
    this.#draw = draw;
  }

  /** A transfer begins. */
  begin(name: string, size: number | undefined, from: number): Showing {
    this.#last = new Showing({ name, size, from }, this.#clock, this.#draw);
    return this.#last;
  }

  /** What is known by now of the transfer that is under way, if one is. */
  get current(): TransferState | undefined {
    return this.#last?.isOver ? undefined : this.#last?.state;
  }
}

/** One transfer that is shown. */
export class Showing {
  readonly #what: Pick<TransferState, 'name' | 'size' | 'from'>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #draw: ((text: string) => void) | undefined;
  readonly #begin: number;
  #moved = 0;
  #end: number | undefined;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(
    what: Pick<TransferState, 'name' | 'size' | 'from'>,
    clock: Pick<Clock, 'now'>,
    draw: ((text: string) => void) | undefined,
  ) {
    this.#what = what;
    this.#clock = clock;
    this.#draw = draw;
    this.#begin = clock.now();
    this.#redraw();
  }

  /** So many bytes in all have moved. */
  moved(total: number): void {
    this.#moved = total;
    this.#redraw();
  }

  /** It is over: its line is taken away. */
  end(): void {
    this.#draw?.('');
    this.#end = this.#clock.now();
  }

  get isOver(): boolean {
    return this.#end !== undefined;
  }

  get state(): TransferState {
    return { ...this.#what, moved: this.#moved, tookMs: this.tookMs() };
  }

  /** How long it took, or has taken so far, in milliseconds. */
  tookMs(): number {
    return (this.#end ?? this.#clock.now()) - this.#begin;
  }

  #redraw(): void {
    const now = this.#clock.now();
    if (!this.#draw || now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    this.#draw(progressText(this.state));
  }
}
