import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFarProgram } from '../far-program.ts';
import { startForeignServer } from '../foreign-server.ts';
import { descendantsOf } from '../processes.ts';
import { RunningProgram } from '../run-program.ts';
import type { SeededRandom } from '../seeded-random.ts';

/** A server that can be hit by kill -9, and is there again at once. */
export interface MortalServer {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly dataFolder: string;
  /** Kill it, or what it is for one client. @returns what was killed, in words; `undefined` when there was nothing */
  kill(random: SeededRandom): Promise<string | undefined>;
  /** The paths under which a file was stored to its end, once for each time. */
  stored(): readonly string[];
  stop(): Promise<void>;
}

const PROGRAM = 'dist/spec/support/workers/served-folder.js';

/** Our own server: as a whole it dies, and is started again on the same port and folder. */
export async function startMortalEmbedded(): Promise<MortalServer> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'filesmirror-mortal-'));
  const start = (port: number) => new RunningProgram(PROGRAM, { args: [String(port), dataFolder] });
  let server = start(0);
  let before = '';
  const [, port = ''] = await server.waitForLine(/^listening (\d+)$/);
  return {
    ...{ port: Number(port), user: 'someone', password: 'a secret', dataFolder },
    kill: async () => {
      before += (await server.stop()).stdout;
      server = start(Number(port));
      await server.waitForLine(/^listening /);
      return 'the server';
    },
    stored: () => pathsIn(`${before}${server.output.stdout}`, /^stored (.*)$/gm),
    stop: async () => {
      await server.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** The same as users start it: with accounts, a data folder and a log that a kill may leave half done. */
export async function startMortalProgram(): Promise<MortalServer> {
  const server = await startFarProgram(['--verbose', '--log-format', 'json']);
  return {
    ...server,
    kill: async () => {
      await server.killAndStart();
      return 'the server';
    },
    stored: () => pathsIn(server.output(), /"verb":"(?:STOR|APPE)","argument":"([^"]*)".*"code":226\b/g),
  };
}

/** Vsftpd: one of the processes that it has for each client dies. */
export async function startMortalVsftpd(): Promise<MortalServer> {
  const server = await startForeignServer('vsftpd');
  return {
    ...server,
    kill: async (random) => {
      const sessions = descendantsOf(server.pid);
      if (sessions.length === 0) return undefined;
      process.kill(random.pick(sessions).pid, 'SIGKILL');
      return 'a session of the server';
    },
    stored: () => pathsIn(server.log(), / OK UPLOAD: Client "[^"]*", "([^"]*)"/g),
  };
}

function pathsIn(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, path = '']) => path);
}
