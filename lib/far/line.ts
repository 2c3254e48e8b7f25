import type { Clock } from '../base/clock.ts';
import { Limiter } from './limiter.ts';
import { PassiveMode } from './passive-mode.ts';
import { TlsTrust } from './tls-trust.ts';
import type { Errand } from './transfer-jobs.ts';

/** What the connections of one worker to its site have in common, one after the other. */
export class Line {
  /** How data connections are opened, as far as earlier connections have shown. */
  readonly passive: PassiveMode;
  readonly trust: TlsTrust;
  readonly limiter: Limiter;
  /** Did a connection end when commands were sent ahead to set it up? Then nothing is sent ahead on the next ones. */
  isOneByOne = false;

  /** @param signal breaks off what is under way on it */
  constructor({ rules, tls }: Pick<Errand, 'rules' | 'tls'>, clock: Clock, signal?: AbortSignal) {
    this.passive = new PassiveMode(rules.passive);
    this.trust = new TlsTrust(tls);
    this.limiter = new Limiter(rules.limits ?? {}, clock, signal);
  }

  /** Closing twice is harmless. */
  close(): void {
    this.limiter.close();
  }
}
