import { PassiveMode } from './passive-mode.ts';
import { TlsTrust } from './tls-trust.ts';
import type { Errand } from './transfer-jobs.ts';

/** What the connections of one worker to its site have in common, one after the other. */
export class Line {
  /** How data connections are opened, as far as earlier connections have shown. */
  readonly passive: PassiveMode;
  readonly trust: TlsTrust;

  constructor({ rules, tls }: Pick<Errand, 'rules' | 'tls'>) {
    this.trust = new TlsTrust(tls);
    this.passive = new PassiveMode(rules.passive);
  }
}
