import { codeOf } from '../base/coded-error.ts';
import { type Answer, type CommandContext, loginOf } from './command.ts';
import { DataConnection } from './data-connection.ts';
import { mustBeProtected, secureAsWanted } from './secure-data.ts';
import { ServerError } from './server-error.ts';

/** Moves the data of one transfer; fulfilled when all of it has arrived where it goes. */
export type Mover = (data: DataConnection) => Promise<void>;

/**
 * A transfer from 150 to 226 (RFC 959 section 5.4). All that can be refused must have been by now.
 *
 * 150 is sent before the data connection is waited for: some clients connect only then.
 */
export async function transfer(context: CommandContext, note: string, move: Mover): Promise<Answer> {
  const { data: channel, limits, rates, clock } = context;
  const { name } = loginOf(context);
  mustBeProtected(context);
  channel.mustBePrepared();
  context.tell(150, note);
  const socket = await secureAsWanted(await channel.take(), context);
  const data = new DataConnection(socket, {
    stallMs: limits.stallMs,
    pace: (direction) => rates.pace(name, direction, () => context.signal),
    clock,
  });
  channel.begin(data);
  try {
    await move(data);
    return { code: 226, text: 'Transfer complete' };
  } catch (error) {
    if (!isOfConnection(error)) throw error;
    throw new ServerError('E_ABORTED', 'Transfer aborted', { cause: error });
  } finally {
    data.close();
  }
}

/** A mover that sends. */
export function sending(content: AsyncIterable<Buffer | string>): Mover {
  return (data) => data.send(content);
}

const connectionCodes = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR']);

function isOfConnection(error: unknown): boolean {
  const code = codeOf(error) ?? '';
  return connectionCodes.has(code) || code.startsWith('ERR_SSL');
}
