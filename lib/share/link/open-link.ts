import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/coded-error.ts';
import { receivingSocket } from '../../base/receiving-socket.ts';
import { showText } from '../../base/show-text.ts';
import { Allowance } from '../allowance.ts';
import { wireLimits } from '../wire/limits.ts';
import type { ByeReason, Hello, Message } from '../wire/message.ts';
import type { MessageReader } from '../wire/message-reader.ts';
import { WireError } from '../wire/wire-error.ts';
import { farewell } from './farewell.ts';
import { KeepAlive } from './keep-alive.ts';
import type { Link, LinkPeer } from './link.ts';
import { Outbox } from './outbox.ts';

/** Why a link is down. */
export interface LinkEnd {
  readonly why: string;
  /** The other side said something that is not allowed. */
  readonly isHostile: boolean;
  /** How long it was up. */
  readonly lastedMs: number;
}

/** Who hears of a link. */
export interface LinkUser {
  readonly message: (message: Exclude<Message, Hello>) => void;
  readonly drain: () => void;
  readonly down: (end: LinkEnd) => void;
}

/** What a link is made of. */
export interface LinkParts {
  /** After the hello of both sides; nothing is being read. */
  readonly socket: Socket;
  readonly reader: MessageReader;
  readonly peer: LinkPeer;
  /** Did we connect, or the peer? */
  readonly isDialled: boolean;
  readonly clock: Clock;
}

/** A connection to a peer after the hello of both sides, until its end. */
export class OpenLink implements Link {
  readonly peer: LinkPeer;
  readonly isDialled: boolean;
  readonly #socket: Socket;
  /** The one that was there before, where {@link #socket} has taken its place. */
  readonly #received: Socket;
  readonly #reader: MessageReader;
  readonly #clock: Clock;
  readonly #user: LinkUser;
  readonly #outbox: Outbox;
  readonly #keepAlive: KeepAlive;
  /** Of the peer, for pings and pongs. */
  readonly #signs: Allowance;
  #unheard: Message[] = [];
  #isPaused = true;
  readonly #since: number;
  #isOver = false;
  #pings = 0;
  /** Who waits for a sign of life. */
  #waiting: ((isAlive: boolean) => void)[] = [];

  constructor({ socket, reader, peer, isDialled, clock }: LinkParts, user: LinkUser) {
    this.peer = peer;
    this.isDialled = isDialled;
    const callback = (bytes: number, buffer: Uint8Array) => this.#filled(buffer.subarray(0, bytes));
    const onread = { buffer: () => reader.space, callback };
    this.#received = socket;
    this.#socket = receivingSocket(socket, { onread, pauseOnCreate: true }) ?? socket;
    this.#reader = reader;
    this.#clock = clock;
    this.#since = clock.now();
    this.#signs = new Allowance(wireLimits.signsPerSecond, clock.now());
    this.#user = user;
    this.#outbox = new Outbox(this.#socket, () => user.drain());
    this.#keepAlive = new KeepAlive(
      clock,
      () => this.#keepAwake(),
      () => this.#fail('it gave no sign of life for 15 seconds'),
    );
    let failure = 'it closed the connection';
    this.#socket.on('error', (error: Error) => (failure = error.message));
    this.#socket.on('close', () => this.#fail(failure));
  }

  get backlog(): number {
    return this.#outbox.backlog;
  }

  /** Is it down, or on its way there? */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Begin to tell what comes. @param messages came already */
  begin(messages: readonly Message[]): void {
    this.#unheard.push(...messages);
    if (this.#received === this.#socket) this.#socket.on('data', (bytes: Buffer) => this.#take(bytes));
    // What it had received and not told yet.
    else for (let rest = this.#received.read(); rest !== null; rest = this.#received.read()) this.#take(rest);
    this.resume();
    // It may have closed before anybody listened.
    if (this.#socket.destroyed) this.#fail('it closed the connection');
  }

  send(message: Message): void {
    this.#outbox.add(message);
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (this.#isOver || !this.#isPaused) return;
    this.#isPaused = false;
    this.#tell();
    // What was told may have paused it again.
    if (!this.#isPaused) this.#socket.resume();
  }

  close(reason: ByeReason, text: string): void {
    void this.end(reason, text);
  }

  /** As {@link close}. @returns when the connection is closed */
  async end(reason: ByeReason, text: string): Promise<void> {
    if (this.#isOver) return;
    // Behind a backlog it would come too late.
    const isGone = farewell(this.#socket, reason, text, this.#clock);
    this.#down(text);
    await isGone;
  }

  /** Is there anybody at the other end? Whatever comes within so many milliseconds proves it. */
  isAlive(withinMs: number): Promise<boolean> {
    // What is not read proves nothing; it is not paused for long.
    if (this.#isOver || this.#isPaused) return Promise.resolve(!this.#isOver);
    this.#sendPing();
    return new Promise((resolve) => {
      const cancel = this.#clock.after(withinMs, () => resolve(false));
      this.#waiting.push((isAlive) => {
        cancel();
        resolve(isAlive);
      });
    });
  }

  #take(bytes: Buffer): void {
    this.#hear(() => this.#reader.push(bytes));
  }

  /** @returns true: who is to wait is paused */
  #filled(bytes: Uint8Array): boolean {
    // What still comes then is thrown away.
    if (!this.#isOver) this.#hear(() => this.#reader.filled(bytes));
    return true;
  }

  #hear(read: () => readonly Message[]): void {
    this.#heard();
    try {
      this.#unheard.push(...read());
    } catch (error) {
      // Also where the reader is at fault: nobody knows where in what comes the next message begins.
      this.#forbid(error instanceof WireError ? error.message : `It could not be read: ${messageOf(error)}`);
    }
    this.#tell();
  }

  #tell(): void {
    while (!this.#isPaused && !this.#isOver) {
      const message = this.#unheard.shift();
      if (message === undefined) return;
      this.#dispatch(message);
    }
  }

  #dispatch(message: Message): void {
    switch (message.kind) {
      case 'ping':
        if (this.#maySign()) this.send({ kind: 'pong', token: message.token });
        break;
      // That something came is what counts.
      case 'pong':
        this.#maySign();
        break;
      // A second one does not get through the reader.
      case 'hello':
        break;
      case 'bye':
        this.#socket.destroy();
        this.#down(`it says: ${showText(message.text)}`);
        break;
      default:
        this.#user.message(message);
    }
  }

  /** Who asks without end, and does not read the answers, would fill our memory with them. */
  #maySign(): boolean {
    const isAllowed = this.#signs.take(1, wireLimits.signsAtOnce, this.#clock.now()) === 0;
    if (!isAllowed) this.#forbid('A peer asks for signs of life, or gives them, without end');
    return isAllowed;
  }

  #forbid(why: string): void {
    void farewell(this.#socket, 'protocol', why, this.#clock);
    this.#down(`it said something that is not allowed: ${why}`, true);
  }

  #keepAwake(): void {
    // What is not read says nothing about who sends it.
    if (this.#isPaused) this.#keepAlive.heard();
    this.#sendPing();
  }

  #sendPing(): void {
    this.#pings += 1;
    this.send({ kind: 'ping', token: this.#pings });
  }

  #heard(): void {
    this.#keepAlive.heard();
    this.#settleWaiting(true);
  }

  #settleWaiting(isAlive: boolean): void {
    for (const settle of this.#waiting.splice(0)) settle(isAlive);
  }

  #fail(why: string): void {
    this.#socket.destroy();
    this.#down(why);
  }

  #down(why: string, isHostile = false): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#unheard = [];
    this.#outbox.end();
    this.#keepAlive.stop();
    this.#settleWaiting(false);
    this.#user.down({ why, isHostile, lastedMs: this.#clock.now() - this.#since });
  }
}
