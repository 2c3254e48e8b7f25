import { copyFileSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchedServer, type ServerName, starters } from './benched-server.ts';
import { Load } from './load.ts';
import { processorSeconds } from './processor-time.ts';
import type { ServerRow } from './rows.ts';

/** What one server has to do in a row. */
export interface ServerTask {
  readonly row: ServerRow;
  readonly server: ServerName;
  /** A folder of this server in this row alone; made by it. */
  readonly folder: string;
  /** A file of as many bytes as each file of the row has. */
  readonly source: string;
  /** Its SHA-256. */
  readonly check: string;
}

/** The work of a row, done once. */
export interface Turn {
  readonly seconds: number;
  /** Processor time of the server for it, that of all its processes; user and system. */
  readonly serverCpuSeconds: number;
  /** And of the clients. */
  readonly clientsCpuSeconds: number;
  /** What was wrong: one line each. */
  readonly faults: readonly string[];
}

// By then a server in JavaScript has compiled what files take: its processor time falls no further.
const WARM_FILES = 4_000;
const WARM_TURNS_OF_LARGE_FILES = 4;
const SMALL_BYTES = 1024 * 1024;

/** A server and its clients, who are logged in. */
export class MeasuredServer {
  readonly #task: ServerTask;
  readonly #server: BenchedServer;
  readonly #load: Load;

  private constructor(task: ServerTask, server: BenchedServer, load: Load) {
    this.#task = task;
    this.#server = server;
    this.#load = load;
  }

  /** Start both. @throws Error when that cannot be done; nothing is left behind then */
  static async start(task: ServerTask): Promise<MeasuredServer> {
    const { row, folder, source } = task;
    mkdirSync(folder, { mode: 0o755 });
    const server = await starters[task.server]({ folder, source });
    try {
      if (row.verb === 'RETR') offer(row, server, source);
      return new MeasuredServer(task, server, await Load.start(row, server, source));
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /**
   * Do the work untimed, small files four thousand times, large ones in four turns: servers run for weeks, and not for the seconds
   * in which a virtual machine still compiles what it runs. What is sent is compared the first time.
   *
   * @returns what was wrong
   */
  async warmUp(): Promise<readonly string[]> {
    const faults: string[] = [];
    for (let turn = 0; turn < warmTurns(this.#task.row) && faults.length === 0; turn += 1) {
      faults.push(...(await this.turn(turn === 0 ? this.#task.check : null)).faults);
    }
    return faults;
  }

  /** Do the work once, and compare what was stored: all files by size, the last one byte by byte. */
  async turn(check: string | null = null): Promise<Turn> {
    const { row, source } = this.#task;
    const { pid, dataFolder } = this.#server;
    const before = processorSeconds(pid);
    const { seconds, cpuSeconds, faults } = await this.#load.work(check);
    const serverCpuSeconds = processorSeconds(pid) - before;
    const measured = { seconds, serverCpuSeconds, clientsCpuSeconds: cpuSeconds };
    if (row.verb === 'RETR' || dataFolder === undefined) return { ...measured, faults };
    const wrong = wrongFiles(row, dataFolder, source);
    for (const name of readdirSync(dataFolder)) rmSync(join(dataFolder, name));
    return { ...measured, faults: [...faults, ...wrong] };
  }

  async stop(): Promise<void> {
    await this.#load.stop();
    await this.#server.stop();
  }
}

function warmTurns({ bytes, clients, files, login }: ServerRow): number {
  // What a login costs is spent in compiled code of others.
  if (login === 'each') return 1;
  return bytes < SMALL_BYTES ? Math.ceil(WARM_FILES / (clients * files)) : WARM_TURNS_OF_LARGE_FILES;
}

/** All files are one file, under many names. */
function offer(row: ServerRow, { dataFolder }: BenchedServer, source: string): void {
  if (dataFolder === undefined) return;
  const [first = '', ...rest] = namesOf(row).map((name) => join(dataFolder, name));
  copyFileSync(source, first);
  for (const path of rest) linkSync(first, path);
}

function wrongFiles(row: ServerRow, dataFolder: string, source: string): readonly string[] {
  const names = namesOf(row);
  const there = new Set(readdirSync(dataFolder));
  const missing = names.filter((name) => !there.has(name)).map((name) => `${name} is missing`);
  if (missing.length > 0) return missing;
  const wrong = names.filter((name) => statSync(join(dataFolder, name)).size !== row.bytes);
  const last = names.at(-1) ?? '';
  const isSame = readFileSync(join(dataFolder, last)).equals(readFileSync(source));
  return [...wrong.map((name) => `${name} has another size`), ...(isSame ? [] : [`${last} has another content`])];
}

/** As the clients name them: client and file, counted from 0. */
function namesOf({ clients, files }: ServerRow): readonly string[] {
  return Array.from({ length: clients * files }, (_, index) => `f${Math.floor(index / files)}-${index % files}`);
}
