import { once } from 'node:events';
import { createServer } from 'node:net';
import { codeOf } from '../../base/coded-error.ts';
import type { Office } from '../actions/action.ts';
import type { Finding } from '../calls.ts';
import { readSettings } from './settings.ts';

/** Can the server listen where the settings say? */
export async function checkPlace({ folder, live }: Office): Promise<readonly Finding[]> {
  const settings = await readSettings(folder.configFile);
  if (typeof settings === 'string') return [{ check: 'settings', isWell: false, message: settings }];
  const check = 'address and port';
  if (live) return [{ check, isWell: true, message: 'the server listens' }];
  const { listen = '127.0.0.1', port = 8808 } = settings;
  return [{ check, ...(await tryToListen({ host: String(listen), port: Number(port) })) }];
}

interface Place {
  readonly host: string;
  readonly port: number;
}

async function tryToListen({ host, port }: Place): Promise<Omit<Finding, 'check'>> {
  const place = `${host} port ${port}`;
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, 'listening');
    return { isWell: true, message: `${place} is free` };
  } catch (error) {
    const inUse = codeOf(error) === 'EADDRINUSE' ? 'another program listens there' : `the system says ${codeOf(error)}`;
    return { isWell: false, message: `the server could not listen on ${place}: ${inUse}` };
  } finally {
    server.close();
  }
}
