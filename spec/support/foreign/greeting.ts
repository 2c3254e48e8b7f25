import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { systemClock } from '../../../lib/base/clock.ts';
import type { Setup } from './recipe.ts';

type Door = Pick<Setup, 'host' | 'port' | 'tls'>;

/**
 * Wait until an FTP server greets.
 *
 * A foreign program tells nobody that it listens, so it is asked again and again; the pause between two questions keeps
 * the machine free for it and decides nothing.
 *
 * @param signal ends the waiting, with its reason as the error
 */
export async function greeting(door: Door, signal: AbortSignal): Promise<void> {
  while (!(await greets(door, signal))) await systemClock.wait(10, signal);
}

async function greets({ host, port, tls }: Door, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted();
  const socket = tls === 'implicit' ? connectTls({ port, host, rejectUnauthorized: false }) : connect(port, host);
  try {
    const [data] = (await once(socket, 'data', { signal })) as [Buffer];
    if (!data.toString('latin1').startsWith('220')) return false;
    // Said goodbye to and waited for: a session that is still there would count when a spec limits how many may be.
    socket.resume().end('QUIT\r\n');
    await once(socket, 'close', { signal });
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  } finally {
    socket.destroy();
  }
}
