import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AccountFile } from '../../lib/accounts/account-file.ts';
import { makeDataFolder } from './administrator.ts';
import { RunningProgram } from './run-program.ts';

/** Our own server as users start it, with one account that may do all in its home folder. */
export interface FarProgram {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** What the user sees as `/`. */
  readonly dataFolder: string;
  readonly pid: number;
  /** What all processes of it wrote to their output so far. */
  output(): string;
  /** Kill -9, and start it again on the same port. */
  killAndStart(): Promise<void>;
  /**
   * Ask it to end, and remove its folders. Stopping twice is harmless.
   *
   * @throws Error when it had ended already, does not end, or complains: whatever its clients did, it must not
   */
  stop(): Promise<void>;
}

const SCRIPT = 'bin/ftp-server.js';
const [host, user, password] = ['127.0.0.1', 'someone', 'a secret'];
// Transfers that are under way are broken off at once; ten times as long as the rest takes on a busy machine.
const NO_WAIT = ['--stop-timeout', '0'];
const LONGEST_END_MS = 20_000;

/** Start `bin/ftp-server.js` on a free port and a data folder of its own. */
export async function startFarProgram(more: readonly string[] = []): Promise<FarProgram> {
  const root = mkdtempSync(join(tmpdir(), 'filesmirror-program-'));
  const folder = await makeDataFolder(join(root, 'data'));
  writeFileSync(folder.configFile, '{}', { mode: 0o600 });
  await addUser(folder);
  let before = '';
  let program: RunningProgram | undefined;
  let isStopped = false;
  const listen = async (port: number): Promise<number> => {
    program = new RunningProgram(SCRIPT, {
      args: ['--data', folder.root, '--port', String(port), ...NO_WAIT, ...more],
    });
    const [, bound] = await program.waitForLine(/^MiniFTP listens on 127\.0\.0\.1:(\d+)$/);
    return Number(bound);
  };
  const port = await listen(0).catch((error: unknown) => {
    rmSync(root, { recursive: true });
    throw error;
  });
  return {
    ...{ host, port, user, password },
    dataFolder: join(folder.docs, user),
    get pid() {
      return program?.pid ?? 0;
    },
    output: () => `${before}${program?.output.stdout}`,
    killAndStart: async () => {
      before += (await program?.stop())?.stdout ?? '';
      await listen(port);
    },
    stop: async () => {
      if (isStopped) return;
      isStopped = true;
      await endOf(program).finally(() => rmSync(root, { recursive: true }));
    },
  };
}

async function addUser(folder: Parameters<typeof AccountFile.open>[0]): Promise<void> {
  const accounts = await AccountFile.open(folder);
  await accounts.add(user, password);
  await accounts.close();
}

async function endOf(program: RunningProgram | undefined): Promise<void> {
  program?.signal('SIGTERM');
  const ended = await Promise.race([program?.ended, setTimeout(LONGEST_END_MS, undefined, { ref: false })]);
  if (ended === undefined) await program?.stop();
  if (ended?.status === 0 && ended.stderr === '') return;
  throw new Error(`the server ended with ${ended?.status ?? ended?.signal ?? 'kill -9 only'}: ${ended?.stderr}`);
}
