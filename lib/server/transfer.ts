import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { codeOf } from '../base/coded-error.ts';
import type { Answer, CommandContext } from './command.ts';
import { ServerError } from './server-error.ts';

/** Moves the data of one transfer; fulfilled when all of it has arrived where it goes. */
export type Mover = (socket: Socket, signal: AbortSignal) => Promise<void>;

/**
 * A transfer from 150 to 226 (RFC 959 section 5.4). All that can be refused must have been by now.
 *
 * 150 is sent before the data connection is waited for: some clients connect only then.
 */
export async function transfer(context: CommandContext, note: string, move: Mover): Promise<Answer> {
  context.data.mustBePrepared();
  context.tell(150, note);
  const socket = await context.data.take(context.signal);
  const { stallMs } = context.limits;
  socket.setTimeout(stallMs, () => socket.destroy(new ServerError('E_ABORTED', 'The data connection stands still')));
  try {
    await move(socket, context.signal);
    return { code: 226, text: 'Transfer complete' };
  } catch (error) {
    if (!isOfConnection(error)) throw error;
    throw new ServerError('E_ABORTED', 'Transfer aborted', { cause: error });
  } finally {
    // What was sent completely closes by itself when the client has it; an unsent rest must not look like an end.
    if (!socket.writableFinished) socket.destroy();
  }
}

/** A mover that sends. */
export function sending(source: AsyncIterable<Buffer | string>): Mover {
  return async (socket, signal) => {
    // Whatever the client says meanwhile is dropped: unread, it would turn our end of the connection into a reset.
    socket.resume();
    await pipeline(source, socket, { signal });
    socket.unref();
  };
}

const connectionCodes = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR']);

function isOfConnection(error: unknown): boolean {
  return connectionCodes.has(codeOf(error) ?? '');
}
