import type { Clock } from '../base/clock.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { OutOfStep } from './expected-answer.ts';
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
  /** What became of commands that were sent ahead to set a connection up: where they failed, nothing is sent ahead any more. */
  ahead: 'untried' | 'works' | 'fails' = 'untried';
  /** Told what is said on control connections, in both directions, but for passwords. */
  onSaid: (text: string) => void = () => undefined;

  /** @param signal breaks off what is under way on it */
  constructor({ rules, tls }: Pick<Errand, 'rules' | 'tls'>, clock: Clock, signal?: AbortSignal) {
    this.passive = new PassiveMode(rules.passive);
    this.trust = new TlsTrust(tls);
    this.limiter = new Limiter(rules.limits ?? {}, clock, signal);
  }

  /** Commands sent ahead to set a connection up have failed. */
  learnFrom(error: unknown): void {
    // Some small servers read one command at a time and lose what comes with it. One that has heard of all of it before is
    // only slow, or away.
    const isDeaf = error instanceof TransferError && (error.code === 'E_TIMEOUT' || error instanceof OutOfStep);
    if (isDeaf && this.ahead === 'untried') this.ahead = 'fails';
  }

  /** Closing twice is harmless. */
  close(): void {
    this.limiter.close();
  }
}
