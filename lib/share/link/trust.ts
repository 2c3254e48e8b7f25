import type { Contact } from './contact.ts';
import type { Objection } from './objection.ts';

/** Knows which device belongs to which address. */
export interface Trust {
  /** What there is to say against a device that shows itself at one of some addresses. */
  objectionTo(device: string | undefined, contacts: readonly Contact[]): Promise<Objection | undefined>;
  /** The address among some that a device is known at. */
  pinnedOf(device: string | undefined, contacts: readonly Contact[]): Promise<Contact | undefined>;
  /** From now on only this device is trusted at this address. */
  pin(contact: Contact, device: string): Promise<void>;
}
