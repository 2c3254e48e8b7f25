import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { programs, type RunningProgram, type RunOptions } from './run-program.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Who logs in where. */
export interface ClientSite {
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
  readonly scheme?: string;
}

/** What a spec of the client works with. */
export interface ClientScene {
  /** The local folder that the client works in. */
  readonly near: string;
  /** Where it keeps what it remembers. */
  readonly state: string;
  /** Start the client with commands on a site. */
  start(site: ClientSite, commands: string, ...options: readonly string[]): RunningProgram;
  /** Start it with these arguments and nothing else. */
  bare(args: readonly string[], options?: Omit<RunOptions, 'args'>): RunningProgram;
}

/** The client as a process, in a folder of its own for each spec of the enclosing `describe`. */
export function clientScene(): () => ClientScene {
  const folder = temporaryFolder();
  const run = programs();
  beforeEach(() => mkdirSync(join(folder(), 'near')));
  return () => {
    const near = join(folder(), 'near');
    const bare: ClientScene['bare'] = (args, options = {}) =>
      run(join(process.cwd(), 'bin/ftp-client.js'), {
        cwd: near,
        ...options,
        args,
        env: { HOME: folder(), XDG_STATE_HOME: join(folder(), 'state'), ...options.env },
      });
    return {
      near,
      state: join(folder(), 'state', 'filesmirror', 'client'),
      bare,
      start: ({ port, user = 'steve', password = 'secret', scheme = 'ftp' }, commands, ...options) =>
        bare([`${scheme}://${user}@127.0.0.1:${port}/`, '-c', commands, ...options], {
          env: { FTP_PASSWORD: password },
        }),
    };
  };
}

/** The objects that the client wrote with `--json`, but for that of the login. */
export function factsIn(stdout: string): readonly Record<string, unknown>[] {
  const all = stdout
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '');
  return all.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ command }) => command !== 'open');
}
