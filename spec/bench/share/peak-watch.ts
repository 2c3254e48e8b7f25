import { codeOf } from '../../../lib/base/coded-error.ts';
import { childrenOf, forgetPeak } from '../../support/processes.ts';
import { peakMiB } from '../measured-run.ts';

// The most memory of a process is kept by the system until it ends: only the last growth of one that ends is not seen.
const LOOK_MS = 50;

/** Watches the most memory that any process of some peers holds. */
export class PeakWatch {
  readonly #roots: () => readonly number[];
  readonly #timer: NodeJS.Timeout;
  #most = 0;

  /** @param roots the processes of the peers, which may change */
  constructor(roots: () => readonly number[]) {
    this.#roots = roots;
    for (const pid of roots().flatMap(familyOf)) quietly(() => forgetPeak(pid));
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  /** Stop watching. @returns the most that a process held, in MiB */
  end(): number {
    this.#look();
    clearInterval(this.#timer);
    return this.#most;
  }

  #look(): void {
    this.#most = Math.max(this.#most, ...this.#roots().flatMap(familyOf).map(peakMiB));
  }
}

function familyOf(pid: number): readonly number[] {
  return [pid, ...(quietly(() => childrenOf(pid)) ?? []).flatMap(familyOf)];
}

/** A process may end while it is looked at. */
function quietly<Value>(look: () => Value): Value | undefined {
  try {
    return look();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined;
    throw error;
  }
}
