import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { codeOf } from '../../base/coded-error.ts';
import { readProblem } from '../../base/read-problem.ts';
import type { Office } from '../actions/action.ts';
import type { Finding } from '../calls.ts';
import { isObject } from '../messages.ts';

/** Can the server listen where the settings say? */
export async function checkPlace({ folder, live }: Office): Promise<readonly Finding[]> {
  const settings = await readSettings(folder.configFile);
  if (typeof settings === 'string') return [{ check: 'settings', isWell: false, message: settings }];
  const check = 'address and port';
  if (live) return [{ check, isWell: true, message: 'the server listens' }];
  return [{ check, ...(await tryToListen(settings)) }];
}

interface Place {
  readonly host: string;
  readonly port: number;
}

/** @returns what is wrong, when it is a text */
async function readSettings(file: string): Promise<Place | string> {
  try {
    const settings: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!isObject(settings)) return `${file} must be a JSON object`;
    const { listen = '127.0.0.1', port = 8808 } = settings;
    return { host: String(listen), port: Number(port) };
  } catch (error) {
    return error instanceof SyntaxError ? `${file} is no JSON` : `${file} cannot be read: ${readProblem(error)}`;
  }
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
