import { isSameAddress } from '../../base/plain-address.ts';
import type { Dialler } from './dialler.ts';
import type { OpenLink } from './open-link.ts';
import { type PeerAddress, showAddress } from './peer-address.ts';

/** An address of the list, and how things stand with it. */
export class Contact {
  readonly at: PeerAddress;
  /** As people write it. */
  readonly shown: string;
  readonly dialler: Dialler;
  link: OpenLink | undefined;
  /** Who answered last is this peer itself, or has a copy of its state. */
  isSelf = false;
  /** The user knows that nobody answers there. */
  isOffline = false;

  /** @param dialler makes who connects to it */
  constructor(at: PeerAddress, dialler: (contact: Contact) => Dialler) {
    this.at = at;
    this.shown = showAddress(at);
    this.dialler = dialler(this);
  }

  get isWanted(): boolean {
    return this.link === undefined;
  }
}

/** Those of the list at one IP address. */
export function contactsAt(contacts: readonly Contact[], address: string): readonly Contact[] {
  return contacts.filter((contact) => isSameAddress(contact.at.address, address));
}
