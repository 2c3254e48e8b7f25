import type { EventEmitter } from 'node:events';
import type { AccountStore } from '../accounts/account-store.ts';
import type { Clock } from '../base/clock.ts';
import type { AdmissionRules } from './admission/admission-rules.ts';
import type { Disk } from './disk/disk.ts';
import type { Expectations } from './expectations.ts';
import type { FileHashes } from './file-hashes.ts';
import type { SessionLimits } from './limits.ts';
import type { PassivePlaces } from './passive-places.ts';
import type { PortRange } from './passive-ports.ts';
import type { Spaces } from './quota/spaces.ts';
import type { Rates } from './rates.ts';
import type { TlsSettings } from './security.ts';
import type { FtpServerEvents } from './session-events.ts';

/** What all sessions of a server share. Some of it may become another while they last: they look each time. */
export interface SessionSettings {
  readonly accounts: AccountStore;
  readonly spaces: Spaces;
  /** How disks of this machine are asked, whoever does it: they make everybody wait. */
  readonly localDisk: Disk;
  readonly clock: Clock;
  readonly limits: SessionLimits;
  readonly admission: AdmissionRules;
  readonly rates: Rates;
  readonly greeting: string;
  readonly passivePorts: PortRange | undefined;
  readonly passivePlaces: PassivePlaces;
  /** What clients from outside reach the server by, where addresses are translated on the way to it. */
  readonly externalAddress: string | undefined;
  /** May clients ask to be called at a port of theirs (PORT, EPRT)? */
  readonly allowsActive: boolean;
  /** Missing where the server has no certificate. */
  readonly tls: TlsSettings | undefined;
  readonly events: EventEmitter<FtpServerEvents>;
  readonly hashes: FileHashes;
  readonly expectations: Expectations;
}
