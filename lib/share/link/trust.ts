import { CodedError } from '../../base/coded-error.ts';
import type { Contact } from './contact.ts';
import { showDevice } from './identity.ts';
import type { Objection } from './objection.ts';
import { showAddress } from './peer-address.ts';
import type { PinnedDevices, Pins } from './pins.ts';

/** Decides which device is trusted at which address: the one that was met there first. */
export class Trust {
  readonly #own: string;
  readonly #pins: Pins;
  readonly #tell: (text: string) => void;

  /**
   * @param own the id of this device
   * @param tell that a device was met for the first time: the user may compare
   */
  constructor(own: string, pins: Pins, tell: (text: string) => void) {
    this.#own = own;
    this.#pins = pins;
    this.#tell = tell;
  }

  /** What there is to say against a device before it has said anything. @param contacts the addresses that it may be */
  objectionTo(device: string, contacts: readonly Contact[]): Promise<Objection | undefined> {
    if (device === this.#own) return Promise.resolve({ reason: 'self', text: 'Both ends are the same device' });
    return orRefused(async () => {
      const devices = await this.#pins.read();
      const isPossible = contacts.some((contact) => (pinnedAt(contact, devices) ?? device) === device);
      return isPossible ? undefined : this.#distrust(device, contacts, devices);
    });
  }

  /** From now on a device is the one of an address, if no other one is. @returns what there is to say against it */
  admit(device: string, contact: Contact): Promise<Objection | undefined> {
    return orRefused(async () => {
      const pinned = await this.#pins.pin(contact.at, device);
      if (pinned.device !== device) return this.#distrust(device, [contact], new Map([[contact.shown, pinned.device]]));
      if (pinned.isNew) {
        const ids = `its device id is ${showDevice(device)}, that of this one ${showDevice(this.#own)}`;
        this.#tell(
          `${contact.shown} was met for the first time: ${ids}; compare them with what is shown there. From now on only this device is trusted at that address`,
        );
      }
      return undefined;
    });
  }

  /** The address among some at which a device is known, else the first one at which none is. */
  async likeliest(device: string, contacts: readonly Contact[]): Promise<Contact | undefined> {
    const devices = await this.#pins.read().catch(() => new Map<string, string>());
    return (
      contacts.find((contact) => pinnedAt(contact, devices) === device) ??
      contacts.find((contact) => pinnedAt(contact, devices) === undefined)
    );
  }

  #distrust(device: string, contacts: readonly Contact[], devices: PinnedDevices): Objection {
    const where = contacts.map(({ shown }) => shown).join(' or ');
    const known = contacts.map((contact) => showDevice(pinnedAt(contact, devices) ?? '')).join(' or ');
    const what = `${where} was refused: its device id is ${showDevice(device)}, and ${known} is known for it`;
    const advice = `somebody may be in between, or it has a new identity; if you know that it is right, run: left trust ${where}`;
    // How it could be accepted is for the user here to know.
    const text = `Another device is known for your address here: yours is ${showDevice(device)}; it has to be trusted here first`;
    return { reason: 'refused', text, own: `${what}; ${advice}` };
  }
}

function pinnedAt(contact: Contact, devices: PinnedDevices): string | undefined {
  return devices.get(showAddress(contact.at));
}

/** Who cannot be checked is not let in. */
async function orRefused(work: () => Promise<Objection | undefined>): Promise<Objection | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { reason: 'refused', text: 'Nobody can be checked here for the time being', own: error.message };
  }
}
