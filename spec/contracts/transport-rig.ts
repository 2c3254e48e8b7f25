import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Transport, Upload } from '../../lib/transfer/transport.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type Heard, listenTo } from '../support/transport-probe.ts';

/** A far side that a transport was connected to for specs. */
export interface Opened {
  readonly transport: Transport;
  /** The far root on this machine: it is looked at, and filled, behind the transport's back. */
  readonly far: string;
  /** Every line of a command that the server got so far; missing where the server does not tell. */
  readonly commands?: readonly string[];
  /** End the server; the transport was disconnected before. */
  stop(): Promise<void>;
}

/** The time of the last change of every source, if nothing else is said. */
export const TIME = Date.UTC(2021, 2, 4, 5, 6, 7);

// Servers and children are started within it, on a machine that may be busy.
const LONG_WAIT_MS = 60_000;

/** What the specs of the contract work with. */
export class TransportRig {
  readonly near = temporaryFolder();
  #opened: Opened | undefined;
  #heard: Heard | undefined;

  /** Use a transport from now on, and listen to it. */
  use(opened: Opened): void {
    this.#opened = opened;
    this.#heard = listenTo(opened.transport);
  }

  get transport(): Transport {
    return this.#get().transport;
  }

  get far(): string {
    return this.#get().far;
  }

  get commands(): readonly string[] | undefined {
    return this.#get().commands;
  }

  get heard(): Heard {
    return this.#heard ?? { starts: [], progress: [], ends: [] };
  }

  /** A fresh near file, as a scan sees it. */
  source(content: string | Buffer, mtimeMs = TIME): Omit<Upload, 'path'> {
    const path = join(this.near(), `source-${readdirSync(this.near()).length}`);
    writeFileSync(path, content);
    utimesSync(path, mtimeMs / 1000, mtimeMs / 1000);
    return { source: path, size: Buffer.byteLength(content), mtimeMs };
  }

  /** What a far file holds. */
  read(path: string): string {
    return readFileSync(join(this.far, path), 'utf8');
  }

  #get(): Opened {
    if (this.#opened === undefined) throw new Error('the transport could not be opened');
    return this.#opened;
  }
}

/** One transport for all specs of the enclosing `describe`; the far folder is emptied after each. */
export function sharedRig(open: () => Promise<Opened>): TransportRig {
  const rig = new TransportRig();
  let opened: Opened | undefined;
  patience();
  // With the first spec, not before all: only a spec can be pending for want of a server.
  beforeEach(async () => {
    opened ??= await open();
    rig.use(opened);
  }, LONG_WAIT_MS);
  afterAll(() => close(opened));
  afterEach(() => {
    if (!opened) return;
    rig.transport.events.removeAllListeners();
    for (const name of readdirSync(rig.far)) rmSync(join(rig.far, name), { recursive: true });
  });
  return rig;
}

/** A transport of its own for each spec of the enclosing `describe`. */
export function ownRig(open: () => Promise<Opened>): TransportRig {
  const rig = new TransportRig();
  let opened: Opened | undefined;
  patience();
  beforeEach(async () => {
    opened = await open();
    rig.use(opened);
  });
  afterEach(async () => {
    await close(opened);
    opened = undefined;
  });
  return rig;
}

function patience(): void {
  const usual = jasmine.DEFAULT_TIMEOUT_INTERVAL;
  beforeAll(() => {
    jasmine.DEFAULT_TIMEOUT_INTERVAL = LONG_WAIT_MS;
  });
  afterAll(() => {
    jasmine.DEFAULT_TIMEOUT_INTERVAL = usual;
  });
}

async function close(opened: Opened | undefined): Promise<void> {
  await opened?.transport.disconnect();
  await opened?.stop();
}
