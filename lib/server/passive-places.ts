import { type PortRange, portsIn } from './passive-ports.ts';

/**
 * Who awaits clients on how many ports of the range, over all sessions of a server.
 *
 * A port is held only until its client has connected. So one address does well with half of the range, and however many
 * sessions it opens, the others still get through.
 */
export class PassivePlaces {
  readonly #range: () => PortRange | undefined;
  readonly #held = new Map<string, number>();

  /** @param range as it is at the moment */
  constructor(range: () => PortRange | undefined) {
    this.#range = range;
  }

  /** @returns whether a client of this address may be awaited on one port more; then {@link giveBack} has to follow */
  take(address: string): boolean {
    const held = this.#held.get(address) ?? 0;
    if (held >= mostOf(this.#range())) return false;
    this.#held.set(address, held + 1);
    return true;
  }

  giveBack(address: string): void {
    const left = (this.#held.get(address) ?? 0) - 1;
    if (left > 0) this.#held.set(address, left);
    else this.#held.delete(address);
  }
}

function mostOf(range: PortRange | undefined): number {
  return range === undefined ? Number.POSITIVE_INFINITY : Math.ceil(portsIn(range) / 2);
}
