import { join } from 'node:path';
import { ControlLine } from './control-line.ts';
import { type Ended, programs, type RunningProgram, type RunOptions } from './run-program.ts';
import { temporaryFolder } from './temporary-folder.ts';

const SCRIPT = 'bin/ftp-server.js';

/** A server that listens, as a process of its own. */
export interface ListeningServer {
  readonly program: RunningProgram;
  readonly address: string;
  readonly port: number;
  /** A fresh control connection, greeted only. */
  line(localAddress?: string): Promise<ControlLine>;
  /** A fresh control connection, logged in, TYPE I. */
  session(user?: string, password?: string): Promise<ControlLine>;
}

/** A data folder, and the programs of the server that work on it. */
export interface ServerScene {
  /** It is not there before `init`. */
  readonly data: string;
  /** A file or folder in it. */
  at(...names: readonly string[]): string;
  /** Any call of the program; the words are all its own. */
  run(words: readonly string[], options?: RunOptions): RunningProgram;
  /** Make a data folder with the accounts of the demo. */
  init(...more: readonly string[]): Promise<Ended>;
  /** Start a server on a free port, and wait until it listens. */
  start(more?: readonly string[], options?: RunOptions): Promise<ListeningServer>;
}

/** Servers of their own for the specs of the enclosing `describe`; what still runs after a spec is ended then. */
export function serverPrograms(): () => ServerScene {
  const folder = temporaryFolder();
  const start = programs();
  const lines: ControlLine[] = [];
  afterEach(() => {
    for (const line of lines.splice(0)) line.close();
  });

  const run = (words: readonly string[], options: RunOptions = {}) => start(SCRIPT, { ...options, args: words });
  const data = () => join(folder(), 'data');
  const init = (...more: readonly string[]) => run(['init', '--data', data(), '--demo', ...more]).ended;
  const listening = async (more: readonly string[] = [], options: RunOptions = {}): Promise<ListeningServer> => {
    const program = run(['--data', data(), '--port', '0', ...more], options);
    const [, address = '', port = ''] = await program.waitForLine(/^MiniFTP listens on (.+):(\d+)$/);
    const line = async (localAddress?: string) => {
      const opened = await ControlLine.to(Number(port), address.replace(/^\[|\]$/g, ''), localAddress);
      lines.push(opened);
      return opened;
    };
    const session = async (user = 'zhangsan', password = '123') => {
      const opened = await line();
      await opened.logIn(user, password);
      return opened;
    };
    return { program, address, port: Number(port), line, session };
  };
  return () => ({ data: data(), at: (...names) => join(data(), ...names), run, init, start: listening });
}
