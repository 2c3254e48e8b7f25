import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { CodedError, codeOf, type PlainError } from '../../base/coded-error.ts';
import { ControlError } from '../../control/control-error.ts';
import { lineOf, readRequest } from '../../control/messages.ts';
import { listenPrivately } from '../../control/private-socket.ts';
import { readLines } from '../../control/read-lines.ts';
import { ANSWER_WITHIN_MS } from './answer-time.ts';
import { doCall } from './desk-calls.ts';
import type { ShareDesk } from './share-desk.ts';

/** Where a desk is asked, and who hears of faults. */
export interface DeskServerOptions {
  /** Absolute path of the socket. */
  readonly path: string;
  readonly desk: ShareDesk;
  readonly clock: Clock;
  /** A fault of the program under a call. */
  readonly onFault: (error: unknown) => void;
}

// A user has a terminal or two, and maybe something that looks every few seconds.
const MOST_CONNECTIONS = 16;

// The longest path, with every letter of it escaped, and its call.
const MOST_BYTES = 64 * 1024;

// Whoever connects knows what he wants to ask, and takes the answer at once. How long that may take is another matter.
const PATIENCE_MS = 30_000;

/** The Unix socket on which a running peer is asked, by the same user on the same machine: one request, one answer. */
export class DeskServer {
  readonly #options: DeskServerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #remove: () => void = () => undefined;

  constructor(options: DeskServerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = MOST_CONNECTIONS;
  }

  /** @throws ControlError E_CONTROL */
  async listen(): Promise<void> {
    this.#remove = await listenPrivately(this.#server, this.#options.path);
  }

  /** Take the socket away, and hang up on everybody. Closing twice is harmless. */
  close(): void {
    this.#remove();
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    void this.#serve(socket, new Asker(socket, this.#options.clock));
  }

  async #serve(socket: Socket, asker: Asker): Promise<void> {
    try {
      for await (const line of readLines(socket, () => MOST_BYTES)) {
        asker.asked();
        asker.answer(await this.#answerTo(line));
        return;
      }
      socket.destroy();
    } catch (error) {
      // The connection broke, or it was no line.
      if (error instanceof ControlError) asker.answer(refusal(null, error));
      else socket.destroy();
    }
  }

  async #answerTo(line: string): Promise<string> {
    let id: number | null = null;
    try {
      const request = readRequest(line);
      id = request.id;
      return lineOf({ id, ok: true, value: await doCall(this.#options.desk, request.call, request.arguments) });
    } catch (error) {
      return refusal(id, error instanceof CodedError ? error : this.#fault(error));
    }
  }

  #fault(error: unknown): CodedError {
    this.#options.onFault(error);
    const what = codeOf(error) ?? 'a fault of the program';
    return new ControlError('E_CONTROL_FAULT', `It could not be done: ${what}; the log tells more`);
  }
}

/** Somebody who asks, and is waited for no longer than is good for others. */
class Asker {
  readonly #socket: Socket;
  readonly #clock: Clock;
  #forget: () => void = () => undefined;

  constructor(socket: Socket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#forget());
    this.#within(PATIENCE_MS, () => socket.destroy());
  }

  /** It has said what it wants: now it waits. */
  asked(): void {
    this.#within(ANSWER_WITHIN_MS, () => this.answer(refusal(null, tooLate())));
  }

  /** The second answer is lost: that there is none yet may have been told already. */
  answer(line: string): void {
    if (this.#socket.writableEnded || this.#socket.destroyed) return;
    this.#within(PATIENCE_MS, () => this.#socket.destroy());
    this.#socket.end(line);
  }

  #within(ms: number, otherwise: () => void): void {
    this.#forget();
    this.#forget = this.#clock.after(ms, otherwise);
  }
}

function refusal(id: number | null, { code, message, retry }: PlainError): string {
  return lineOf({ id, ok: false, error: { code, message, retry } });
}

function tooLate(): ControlError {
  const message = `The running share has no answer after ${ANSWER_WITHIN_MS / 1000} seconds; what was asked for may still be done`;
  return new ControlError('E_CONTROL', message, { retry: true });
}
