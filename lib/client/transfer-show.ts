import type { Clock } from '../base/clock.ts';
import { cutToWidth, widthOfText } from '../base/cut-to-width.ts';
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
// With fewer a bar shows nothing that the share does not.
const FEWEST_BAR_COLUMNS = 5;
const NAME_COLUMNS = 24;
// With fewer, names are hard to tell from one another.
const FEWEST_NAME_COLUMNS = 8;
const USUAL_COLUMNS = 100;

/**
 * `name 40 % [########............] 2.0 MiB of 5.0 MiB  1.2 MiB/s  0:03 left`, for a terminal. Where that is too narrow the bar
 * gets shorter and is left out, then the bytes, the time and the rate.
 */
export function progressText({ name, size, from, moved, tookMs }: TransferState, columns = USUAL_COLUMNS): string {
  const nameColumns = Math.max(FEWEST_NAME_COLUMNS, Math.min(NAME_COLUMNS, Math.floor(columns / 3)));
  const shown = cutToWidth(shownName(name), nameColumns);
  const perSecond = moved / Math.max(0.001, tookMs / 1000);
  const rate = `  ${bytes(Math.round(perSecond))}/s`;
  const at = from + moved;
  if (size === undefined || size < at) return `${shown}  ${bytes(at)}${rate}`;
  const share = size === 0 ? 1 : at / size;
  const begin = `${shown} ${String(Math.floor(share * 100)).padStart(3)} %`;
  const left = `  ${perSecond === 0 ? '?' : showDuration(((size - at) / perSecond) * 1000)} left`;
  const ends = [` ${bytes(at)} of ${bytes(size)}${rate}${left}`, `${rate}${left}`, rate, ''];
  const room = columns - widthOfText(begin);
  const end = ends.find((one) => one.length <= room) ?? '';
  return begin + (end === ends[0] ? barOf(share, room - end.length) : '') + end;
}

function barOf(share: number, room: number): string {
  const columns = Math.min(BAR_COLUMNS, room - ' []'.length);
  if (columns < FEWEST_BAR_COLUMNS) return '';
  const filled = Math.floor(share * columns);
  return ` [${'#'.repeat(filled) + '.'.repeat(columns - filled)}]`;
}

/** What {@link TransferShow} takes from around it. */
export interface ShowSurroundings {
  readonly clock: Pick<Clock, 'now'>;
  /** The line that is drawn anew; missing where nobody looks. */
  readonly line?: LiveLine;
}

/** A line of a terminal. */
export interface LiveLine {
  /** How many columns it may fill by now. */
  readonly columns: number;
  /** Draw it anew; `''` takes it away. */
  drawLive(text: string): void;
}

// Five times a second reads as moving; more often would be work for nobody.
const REDRAW_MS = 200;

/** Shows how far a transfer is. */
export class TransferShow {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #line: LiveLine | undefined;
  #last: Showing | undefined;

  constructor({ clock, line }: ShowSurroundings) {
    this.#clock = clock;
    this.#line = line;
  }

  /** A transfer begins. */
  begin(name: string, size: number | undefined, from: number): Showing {
    this.#last = new Showing({ name, size, from }, this.#clock, this.#line);
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
  readonly #line: LiveLine | undefined;
  readonly #begin: number;
  #moved = 0;
  #end: number | undefined;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(
    what: Pick<TransferState, 'name' | 'size' | 'from'>,
    clock: Pick<Clock, 'now'>,
    line: LiveLine | undefined,
  ) {
    this.#what = what;
    this.#clock = clock;
    this.#line = line;
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
    this.#line?.drawLive('');
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
    if (!this.#line || now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    this.#line.drawLive(progressText(this.state, this.#line.columns));
  }
}
