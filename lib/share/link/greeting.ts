import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/coded-error.ts';
import type { Bye, Hello, Message } from '../wire/message.ts';
import { MessageReader } from '../wire/message-reader.ts';
import { WireError } from '../wire/wire-error.ts';

/**
 * What came first over a connection: the hello of a peer, with what came behind it; its bye; the begin of an encrypted
 * connection where none is expected; something else; or nothing.
 */
export type Greeting =
  | { readonly kind: 'hello'; readonly hello: Hello; readonly rest: readonly Message[]; readonly reader: MessageReader }
  | { readonly kind: 'bye'; readonly bye: Bye }
  | { readonly kind: 'encrypted' }
  | { readonly kind: 'foreign'; readonly why: string }
  | { readonly kind: 'closed' };

/** The first byte of an encrypted connection: a handshake record (RFC 8446 section 5.1). No message begins with it. */
export const TLS_HANDSHAKE = 0x16;

/** Read the first message, which has few bytes or is foreign; nothing is read after it for the time being. */
export function readGreeting(socket: Socket, clock: Clock): Promise<Greeting> {
  return new Promise((resolve) => {
    const reader = new MessageReader({ clock });
    let isFirst = true;
    const settle = (greeting: Greeting) => {
      socket.off('data', take).off('close', settleClosed);
      socket.pause();
      resolve(greeting);
    };
    const settleClosed = () => settle({ kind: 'closed' });
    const take = (bytes: Buffer) => {
      if (isFirst && bytes[0] === TLS_HANDSHAKE) return settle({ kind: 'encrypted' });
      isFirst = false;
      const greeting = greetingIn(reader, bytes);
      if (greeting !== undefined) settle(greeting);
    };
    if (socket.destroyed) return settleClosed();
    socket.on('data', take).on('close', settleClosed);
    socket.resume();
  });
}

function greetingIn(reader: MessageReader, bytes: Buffer): Greeting | undefined {
  try {
    const [message, ...rest] = reader.push(bytes);
    if (message?.kind === 'hello') return { kind: 'hello', hello: message, rest, reader };
    if (message?.kind === 'bye') return { kind: 'bye', bye: message };
    return message && { kind: 'foreign', why: `Its first message is no hello, but ${message.kind}` };
  } catch (error) {
    return {
      kind: 'foreign',
      why: error instanceof WireError ? error.message : `It could not be read: ${messageOf(error)}`,
    };
  }
}
