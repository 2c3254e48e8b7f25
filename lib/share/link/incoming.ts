import type { Socket } from 'node:net';
import { showText } from '../../base/show-text.ts';
import { encodeMessage } from '../wire/encode-message.ts';
import type { Hello } from '../wire/message.ts';
import { type Contact, contactsAt } from './contact.ts';
import type { Visitor } from './entrance.ts';
import { farewell } from './farewell.ts';
import { type Greeting, readGreeting } from './greeting.ts';
import type { Meeting } from './meeting.ts';
import { encryptionDiffers, type Objection, objectionTo } from './objection.ts';
import type { Private } from './privacy.ts';

/** Gets to know who comes in. */
export class Incoming {
  readonly #meeting: Meeting;

  constructor(meeting: Meeting) {
    this.#meeting = meeting;
  }

  /** Fulfilled when the visitor is known, or is sent away. */
  async receive(visitor: Visitor): Promise<void> {
    const { notices, privacy } = this.#meeting;
    const secured = await privacy.accept(visitor.socket);
    switch (secured.kind) {
      case 'unencrypted':
        return this.#refuseUnlike(visitor, visitor.socket, true);
      case 'failed':
        visitor.socket.destroy();
        if (visitor.signal.aborted) return;
        return notices.tellRarely(`handshake ${visitor.address}`, 'warn', `${visitor.address}: ${secured.why}`);
      case 'open':
        return await this.#hear(visitor, secured);
    }
  }

  async #hear(visitor: Visitor, { socket, device }: Extract<Private, { kind: 'open' }>): Promise<void> {
    const { contacts, trust, notices, shun } = this.#meeting;
    const candidates = contactsAt(contacts, visitor.address);
    const distrust = device === undefined ? undefined : await trust?.objectionTo(device, candidates);
    if (distrust !== undefined) return this.#refuse(visitor, socket, distrust);
    const greeting = await readGreeting(socket, this.#meeting.clock);
    switch (greeting.kind) {
      case 'hello':
        return await this.#consider(visitor, { socket, device, candidates, greeting });
      case 'encrypted':
        return this.#refuseUnlike(visitor, socket, false);
      case 'foreign':
        void farewell(socket, 'protocol', greeting.why, this.#meeting.clock);
        shun(visitor.address, greeting.why);
        return;
      case 'bye':
        // It has connected, and did not like what it found: of another device id, it tells its own user.
        notices.tellRarely(`bye ${visitor.address}`, 'warn', `${visitor.address} says: ${showText(greeting.bye.text)}`);
        socket.destroy();
        return;
      case 'closed':
        return;
    }
  }

  async #consider(visitor: Visitor, guest: Guest): Promise<void> {
    const { own, trust, met } = this.#meeting;
    const { socket, device, greeting } = guest;
    const { hello } = greeting;
    const contact = await this.#contactOf(hello, guest);
    if (contact === undefined) return void socket.destroy();
    const objection =
      objectionTo(hello, own) ??
      (device === undefined ? undefined : await trust?.admit(device, contact)) ??
      (await untilEnd(socket, this.#meeting.rivals.objectionToArrived(hello.replica, contact)));
    if (visitor.signal.aborted || socket.destroyed) return;
    if (objection !== undefined) return this.#refuse(visitor, socket, objection);
    visitor.stay();
    for (const part of encodeMessage(own)) socket.write(part);
    met({ ...greeting, contact, socket, isDialled: false, ...(device === undefined ? {} : { device }) });
  }

  /** The address of the list that it listens at; or, since others may reach it by another port, one at the same IP address. */
  async #contactOf(hello: Hello, { candidates, device }: Guest): Promise<Contact | undefined> {
    const named = candidates.find(({ at }) => at.port === hello.port);
    if (named !== undefined || device === undefined) return named ?? candidates[0];
    return await this.#meeting.trust?.likeliest(device, candidates);
  }

  #refuse({ address }: Visitor, socket: Socket, { reason, text, own }: Objection): void {
    const told = own ?? (reason === 'protocol' ? text : undefined);
    if (told !== undefined) this.#meeting.notices.tellRarely(`${reason} ${address}`, 'error', told);
    void farewell(socket, reason, text, this.#meeting.clock);
  }

  #refuseUnlike({ address }: Visitor, socket: Socket, encrypts: boolean): void {
    const { notices, own } = this.#meeting;
    notices.tellRarely(`encryption ${address}`, 'error', encryptionDiffers(address, encrypts));
    void farewell(socket, 'refused', encryptionDiffers(showText(own.name), !encrypts), this.#meeting.clock);
  }
}

/** Before it has an answer, a peer says nothing but goodbye: it has found another way, and is not to be taken for there. */
async function untilEnd<Result>(socket: Socket, work: Promise<Result>): Promise<Result> {
  const end = () => socket.destroy();
  socket.on('data', end).resume();
  const result = await work;
  socket.off('data', end).pause();
  return result;
}

/** Somebody who has said hello. */
interface Guest {
  readonly socket: Socket;
  readonly device: string | undefined;
  /** Who it may be. */
  readonly candidates: readonly Contact[];
  readonly greeting: Extract<Greeting, { kind: 'hello' }>;
}
