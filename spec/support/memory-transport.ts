import { EventEmitter } from 'node:events';
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { codeOf } from '../../lib/base/coded-error.ts';
import { isTemporaryName, isTemporaryNameOfOthers, temporaryPath } from '../../lib/far/temporary-name.ts';
import { parentOf } from '../../lib/files/directory.ts';
import type { JobKind, TransferEvents } from '../../lib/transfer/progress.ts';
import { SameFile } from '../../lib/transfer/same-file.ts';
import { TransferError, type TransferErrorCode, toPlain } from '../../lib/transfer/transfer-error.ts';
import type {
  Download,
  Downloaded,
  FarEntry,
  Survey,
  Transport,
  Upload,
  Uploaded,
} from '../../lib/transfer/transport.ts';
import { type FarNode, FarTree } from './far-tree.ts';

/** One call of a {@link MemoryTransport}. */
export interface Call {
  readonly kind: JobKind | 'connect' | 'disconnect' | 'list' | 'survey' | 'keepsTimes';
  readonly path: string;
}

/** How a call fails: with a code before anything is done, or after all of it is done, as when an answer gets lost. */
export type Failure = TransferErrorCode | { readonly code: TransferErrorCode; readonly butDone: true };

/** What kind of far side it is. */
export interface MemoryTransportOptions {
  readonly ignoresCase?: boolean;
  readonly keepsTimes?: boolean;
  /** Is the far root missing until connect makes it? */
  readonly rootMissing?: boolean;
  /** Does connect leave a missing root alone, as in a dry run? */
  readonly makesRoot?: boolean;
  /** The time of files on a far side that cannot hold times. */
  readonly nowMs?: number;
}

const PAIR_ID = '0123456789abcdef';

interface HeldCall extends Call {
  readonly release: () => void;
}

/** A far side in memory, which keeps every promise of {@link Transport} and does as a spec wishes. */
export class MemoryTransport implements Transport {
  readonly events = new EventEmitter<TransferEvents>();
  readonly tree: FarTree;
  /** Every call so far, in the order of their begins. */
  readonly calls: Call[] = [];
  /** `begin upload a`, `end upload a`. */
  readonly history: string[] = [];
  /** The greatest number of calls that were under way at one time. */
  mostUnderWay = 0;
  /** How often it was told to get ready. */
  prepared = 0;
  /** Which calls fail, and how. */
  fail: (call: Call) => Failure | undefined = () => undefined;
  /** Which calls wait until they are released. */
  holds: (call: Call) => boolean = () => false;
  /** How many entries of a folder nobody can read, by its path. */
  readonly unreadable = new Map<string, number>();
  /** Happens while the content of a near file is read. */
  whileReading: (upload: Upload) => void = () => undefined;
  #held: HeldCall[] = [];
  #watchers: (() => void)[] = [];
  #underWay = 0;
  #jobs = 0;
  #connected = false;
  #rootMissing: boolean;
  readonly #options: MemoryTransportOptions;

  constructor(options: MemoryTransportOptions = {}) {
    this.#options = options;
    this.#rootMissing = options.rootMissing ?? false;
    this.tree = new FarTree({ ignoresCase: options.ignoresCase ?? false });
  }

  prepare(): void {
    this.prepared += 1;
  }

  connect(): Promise<boolean> {
    return this.#call({ kind: 'connect', path: '' }, () => {
      this.#connected = true;
      const makes = this.#rootMissing && (this.#options.makesRoot ?? true);
      if (makes) this.#rootMissing = false;
      return makes;
    });
  }

  /** Others remove the far root, with all that is in it. */
  loseRoot(): void {
    for (const path of Object.keys(this.tree.all())) this.tree.take(path);
    this.#rootMissing = true;
  }

  disconnect(): Promise<void> {
    return this.#call({ kind: 'disconnect', path: '' }, () => {
      this.#connected = false;
    });
  }

  mkdir(path: string): Promise<void> {
    return this.#job({ kind: 'mkdir', path }, () => {
      if (!this.#folder(parentOf(path))) throw this.#error('E_REFUSED', `No parent for ${path}`);
      const there = this.tree.at(path);
      if (there?.kind === 'file') throw this.#error('E_REFUSED', `A file is in the way of ${path}`);
      this.tree.putFolder(path);
    });
  }

  rmdir(path: string): Promise<void> {
    return this.#job({ kind: 'rmdir', path }, () => {
      const there = this.tree.at(path);
      if (!there) return;
      if (there.kind === 'file') throw this.#error('E_REFUSED', `${path} is no folder`);
      if (there.entries.size > 0) throw this.#error('E_NOT_EMPTY', `${path} holds entries`);
      this.tree.take(path);
    });
  }

  remove(path: string, known?: Uploaded): Promise<void> {
    return this.#job({ kind: 'remove', path }, () => {
      const there = this.tree.at(path);
      if (there && known && !new SameFile(this.#keepsTimes).isStill(known, entryOf(there))) {
        throw this.#error('E_OTHER_CONTENT', `${path} is not what was sent`);
      }
      if (there?.kind === 'directory') throw this.#error('E_REFUSED', `${path} is a folder`);
      if (there) this.tree.take(path);
    });
  }

  upload(upload: Upload): Promise<Uploaded> {
    return this.#job({ kind: 'upload', path: upload.path }, () => this.#receive(upload));
  }

  download({ path, target }: Download): Promise<Downloaded> {
    return this.#job({ kind: 'download', path }, () => {
      const file = this.tree.at(path);
      if (file?.kind !== 'file') throw this.#error('E_REFUSED', `No file ${path}`);
      writeFileSync(target, file.content, 'latin1');
      if (file.mtimeMs !== undefined) utimesSync(target, file.mtimeMs / 1000, file.mtimeMs / 1000);
      return { size: file.content.length, mtimeMs: file.mtimeMs };
    });
  }

  resumes(_size: number): boolean {
    return true;
  }

  temporaryOf({ path, ...version }: Pick<Upload, 'path' | 'size' | 'mtimeMs'>): string {
    return temporaryPath(PAIR_ID, path, version);
  }

  list(path: string): Promise<readonly FarEntry[]> {
    return this.#call({ kind: 'list', path }, () => {
      const folder = this.#folder(path);
      if (!folder) throw this.#error('E_MISSING', `No folder ${path}`);
      return [...folder.entries.values()].map(entryOf);
    });
  }

  survey(path: string): Promise<Survey> {
    return this.#call({ kind: 'survey', path }, () => {
      const folder = this.#folder(path);
      if (!folder) throw this.#error('E_MISSING', `No folder ${path}`);
      return { entries: [...folder.entries.values()].map(entryOf), unreadable: this.unreadable.get(path) ?? 0 };
    });
  }

  keepsTimes(path: string): Promise<boolean> {
    return this.#call({ kind: 'keepsTimes', path }, () => {
      if (this.tree.at(path)?.kind !== 'file') throw this.#error('E_MISSING', `No file ${path}`);
      return this.#keepsTimes;
    });
  }

  /** Fulfilled as soon as so many calls are held. */
  async someHeld(count = 1): Promise<void> {
    while (this.#held.length < count) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  /** Let held calls go on: all, or those of one path. */
  release(path?: string): void {
    const free = this.#held.filter((call) => path === undefined || call.path === path);
    this.#held = this.#held.filter((call) => !free.includes(call));
    for (const call of free) call.release();
  }

  /** The calls of some kinds, as `kind path`. */
  callsOf(...kinds: readonly Call['kind'][]): readonly string[] {
    return this.calls.filter(({ kind }) => kinds.includes(kind)).map(({ kind, path }) => `${kind} ${path}`);
  }

  get #keepsTimes(): boolean {
    return this.#options.keepsTimes ?? true;
  }

  #folder(path: string) {
    return this.#rootMissing ? undefined : this.tree.folderAt(path);
  }

  #receive({ path, source, ...seen }: Upload): Uploaded {
    const sent = this.#read({ path, source, ...seen });
    if (!this.#folder(parentOf(path))) throw this.#error('E_REFUSED', `No folder for ${path}`);
    if (this.tree.at(path)?.kind === 'directory') throw this.#error('E_REFUSED', `A folder is in the way of ${path}`);
    // FTP carries whole seconds.
    const mtimeMs = this.#keepsTimes ? Math.floor(sent.mtimeMs / 1000) * 1000 : this.#options.nowMs;
    // Renamed, in truth.
    this.tree.take(this.temporaryOf({ path, ...sent }));
    this.tree.putFile(path, sent.content, mtimeMs);
    return { size: sent.size, mtimeMs: sent.mtimeMs };
  }

  #read(upload: Upload): Uploaded & { readonly content: string } {
    try {
      const before = statSync(upload.source);
      const content = readFileSync(upload.source, 'latin1');
      this.whileReading(upload);
      const now = statSync(upload.source);
      if (now.size !== before.size || now.mtimeMs !== before.mtimeMs) {
        throw this.#error('E_CHANGED', `${upload.source} changed while it was sent`);
      }
      return { content, size: content.length, mtimeMs: Math.floor(before.mtimeMs) };
    } catch (error) {
      if (error instanceof TransferError) throw error;
      throw this.#error(codeOf(error) === 'ENOENT' ? 'E_CHANGED' : 'E_SOURCE', `Cannot read ${upload.source}`);
    }
  }

  async #job<Result>(call: Call & { readonly kind: JobKind }, work: () => Result): Promise<Result> {
    this.#jobs += 1;
    const begun = { ...call, job: this.#jobs, worker: 'memory', attempt: 1, at: 0 };
    this.events.emit('start', begun);
    try {
      const result = await this.#call(call, work);
      this.events.emit('end', { ...begun, bytes: 0, tookMs: 0 });
      return result;
    } catch (error) {
      this.events.emit('end', { ...begun, bytes: 0, tookMs: 0, error: toPlain(error) });
      throw error;
    }
  }

  async #call<Result>(call: Call, work: () => Result): Promise<Result> {
    this.calls.push(call);
    this.history.push(`begin ${call.kind} ${call.path}`);
    this.#underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.#underWay);
    try {
      await this.#untilReleased(call);
      return this.#doOrFail(call, work);
    } finally {
      this.#underWay -= 1;
      this.history.push(`end ${call.kind} ${call.path}`);
    }
  }

  async #untilReleased(call: Call): Promise<void> {
    if (!this.holds(call)) return;
    await new Promise<void>((release) => {
      this.#held.push({ ...call, release });
      for (const watch of this.#watchers.splice(0)) watch();
    });
  }

  #doOrFail<Result>(call: Call, work: () => Result): Result {
    const failure = this.fail(call);
    if (typeof failure === 'string') throw this.#error(failure, `${call.kind} ${call.path} is made to fail`);
    if (!this.#connected && call.kind !== 'connect' && call.kind !== 'disconnect') {
      throw this.#error('E_CLOSED', `${call.kind} ${call.path} without a connection`);
    }
    const result = work();
    if (failure) throw this.#error(failure.code, `The answer to ${call.kind} ${call.path} got lost`);
    return result;
  }

  #error(code: TransferErrorCode, message: string): TransferError {
    return new TransferError(code, message);
  }
}

function entryOf(node: FarNode): FarEntry {
  if (node.kind === 'directory') return { name: node.name, kind: 'directory', size: 0 };
  const kind = isTemporaryName(PAIR_ID, node.name) ? ('temporary' as const) : ('file' as const);
  const entry = { name: node.name, kind, size: node.content.length };
  const timed = node.mtimeMs === undefined ? entry : { ...entry, mtimeMs: node.mtimeMs };
  return isTemporaryNameOfOthers(PAIR_ID, node.name) ? { ...timed, isBeingSent: true as const } : timed;
}
