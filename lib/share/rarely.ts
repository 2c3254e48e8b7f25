/** How long it takes until somebody may bring about again what is dear; in milliseconds. */
export const RARELY_MS = 10 * 60_000;

/**
 * Bounds what a peer brings about with a word, and costs much: having all told anew, or having this one begin again as a new
 * peer. Of honest ones each comes about once in half a year, or after a backup was brought back.
 *
 * It outlives a peer that begins again; otherwise each beginning would be the first one.
 */
export class Rarely {
  readonly #last = new Map<string, number>();

  /**
   * May it be done now? It counts as done then.
   *
   * @param what for whom, and what; made of nothing that strangers choose, since it is remembered
   * @param now milliseconds; of a clock that may be set back
   */
  may(what: string, now: number): boolean {
    const last = this.#last.get(what);
    if (last !== undefined && now >= last && now - last < RARELY_MS) return false;
    this.#last.set(what, now);
    return true;
  }
}
