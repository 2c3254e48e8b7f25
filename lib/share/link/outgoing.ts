import { connect, type Socket } from 'node:net';
import { codeOf } from '../../base/coded-error.ts';
import { showText } from '../../base/show-text.ts';
import { encodeMessage } from '../wire/encode-message.ts';
import type { Bye, ByeReason } from '../wire/message.ts';
import type { Contact } from './contact.ts';
import type { Dial, Redial } from './dialler.ts';
import { farewell } from './farewell.ts';
import { type Greeting, readGreeting } from './greeting.ts';
import type { Meeting } from './meeting.ts';
import { encryptionDiffers, type Objection, objectionTo } from './objection.ts';
import type { Private } from './privacy.ts';

/** From the first packet to the hello of the other side. It may let us wait for five seconds while it looks after others. */
const PATIENCE_MS = 8000;

/** The waits of the dialler alone. */
const SOON: Redial = { afterMs: 0 };

/** There is a connection by another way. */
const SELDOM: Redial = { afterMs: 15_000 };

/** The address is most likely our own; but another machine may get it, or the copy of our state be removed. */
const RARELY: Redial = { afterMs: 60_000 };

type Open = Extract<Private, { kind: 'open' }>;

/** Connects to peers. */
export class Outgoing {
  readonly #meeting: Meeting;
  readonly #localAddress: string | undefined;

  /** @param localAddress what the connections come from; the system chooses where none is given */
  constructor(meeting: Meeting, localAddress: string | undefined) {
    this.#meeting = meeting;
    this.#localAddress = localAddress;
  }

  /** Try once. */
  async connect(contact: Contact, dial: Dial): Promise<Redial> {
    const { address: host, port } = contact.at;
    const socket = connect({
      host,
      port,
      noDelay: true,
      ...(this.#localAddress && { localAddress: this.#localAddress }),
    });
    const giveUp = () => socket.destroy();
    const cancel = this.#meeting.clock.after(PATIENCE_MS, giveUp);
    dial.signal.addEventListener('abort', giveUp);
    try {
      const failure = await connected(socket);
      if (failure !== undefined) return this.#offline(contact, dial, failure);
      dial.isConnected = true;
      return await this.#secure(contact, dial, socket);
    } catch (error) {
      // Nobody else has it.
      socket.destroy();
      throw error;
    } finally {
      cancel();
      dial.signal.removeEventListener('abort', giveUp);
    }
  }

  async #secure(contact: Contact, dial: Dial, raw: Socket): Promise<Redial> {
    const { trust, privacy } = this.#meeting;
    const secured = await privacy.dial(raw);
    switch (secured.kind) {
      case 'unencrypted':
        return this.#blame(contact, 'refused', encryptionDiffers(contact.shown, true));
      case 'failed':
        raw.destroy();
        return this.#offline(contact, dial, secured.why);
      case 'open': {
        const { device } = secured;
        const distrust = device === undefined ? undefined : await trust?.objectionTo(device, [contact]);
        if (distrust === undefined) return await this.#greet(contact, dial, secured);
        return this.#leave(contact, secured.socket, distrust);
      }
    }
  }

  async #greet(contact: Contact, dial: Dial, open: Open): Promise<Redial> {
    const { socket } = open;
    for (const part of encodeMessage(this.#meeting.own)) socket.write(part);
    const greeting = await readGreeting(socket, this.#meeting.clock);
    switch (greeting.kind) {
      case 'hello':
        return await this.#consider(contact, open, greeting);
      case 'bye':
        socket.destroy();
        return this.#sentAway(contact, greeting.bye);
      case 'encrypted':
        socket.destroy();
        return this.#blame(contact, 'refused', encryptionDiffers(contact.shown, false));
      case 'foreign':
        void farewell(socket, 'protocol', greeting.why, this.#meeting.clock);
        return this.#meeting.shun(contact.at.address, greeting.why);
      case 'closed':
        return this.#offline(contact, dial, 'it closed the connection; is this machine among the peers it was given?');
    }
  }

  async #consider(contact: Contact, open: Open, greeting: Extract<Greeting, { kind: 'hello' }>): Promise<Redial> {
    const { own, rivals, trust, met } = this.#meeting;
    const { hello } = greeting;
    const objection =
      objectionTo(hello, own) ??
      (open.device === undefined ? undefined : await trust?.admit(open.device, contact)) ??
      (await rivals.objectionToDialled(hello.replica));
    if (objection !== undefined) return this.#leave(contact, open.socket, objection);
    if (open.socket.destroyed) return SOON;
    met({ ...greeting, ...open, contact, isDialled: true });
    return SOON;
  }

  /** Say why we go. */
  #leave(contact: Contact, socket: Socket, objection: Objection): Redial {
    void farewell(socket, objection.reason, objection.text, this.#meeting.clock);
    return this.#parted(contact, objection);
  }

  /** The other side has said why we have to go. */
  #sentAway(contact: Contact, { reason, text }: Bye): Redial {
    return this.#parted(contact, { reason, text: `${contact.shown} says: ${showText(text)}` });
  }

  #parted(contact: Contact, { reason, text, own }: Objection): Redial {
    switch (reason) {
      case 'self':
        if (!contact.isSelf)
          this.#meeting.notices.tell('info', `${contact.shown} is this peer itself, or one with a copy of its state`);
        contact.isSelf = true;
        return RARELY;
      case 'duplicate':
        return SELDOM;
      case 'stopping':
        return SOON;
      case 'protocol':
      case 'refused':
        return this.#blame(contact, reason, own ?? text);
    }
  }

  #blame({ shown }: Contact, reason: ByeReason, text: string): Redial {
    this.#meeting.notices.tellRarely(`${reason} ${shown}`, 'error', text);
    return SOON;
  }

  #offline(contact: Contact, { signal }: Dial, why: string): Redial {
    if (signal.aborted || contact.isOffline) return SOON;
    contact.isOffline = true;
    this.#meeting.notices.tell('info', `${contact.shown} is offline (${why}); it is tried again and again`);
    return SOON;
  }
}

/** @returns what kept it from connecting */
function connected(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let failure = 'no answer';
    // From now on to its end: a reset without a listener for it would end the process.
    socket.on('error', (error) => (failure = codeOf(error) ?? error.message));
    socket.once('connect', () => resolve(undefined)).once('close', () => resolve(failure));
  });
}
