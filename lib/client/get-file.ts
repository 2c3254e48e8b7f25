import { rmSync, statSync } from 'node:fs';
import { codeOf } from '../base/coded-error.ts';
import { nameIn } from '../far/far-path.ts';
import type { FarDigest } from '../far/far-prefix-hash.ts';
import type { FarShell } from '../far/far-shell.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { ClientError } from './client-error.ts';
import type { CommandContext } from './command-context.ts';
import { farFileAt, type Version } from './far-file.ts';
import { giveName } from './give-name.ts';
import { LocalFile } from './local-file.ts';
import { localError } from './local-folder.ts';
import { unseenName } from './names.ts';
import { shownName } from './output.ts';
import { lockPart, PART_SUFFIX, PartFile, type PartLock } from './part-file.ts';
import { judge, otherFile, type Verdict } from './resume-guard.ts';
import type { TransferOrder, Transferred } from './transfer-order.ts';

/**
 * Fetch a file: under another name until it is whole, so that nobody takes a part of it for the file.
 *
 * What an earlier call left has to be how the far file begins, by its hash; what a try before of the same call left may be
 * gone on with when nothing has changed since. A local file with other content stays.
 *
 * @throws ClientError, TransferError; what had arrived stays in the `.part` file for the next time
 */
export async function getFile(order: TransferOrder, context: CommandContext): Promise<Transferred> {
  const { session, signal } = context;
  const get = new Get(order, session.far, context);
  try {
    return await session.do(signal, () => get.run());
  } finally {
    get.close();
  }
}

/** The fetching of a file, in as many tries as it takes. */
class Get {
  readonly #order: TransferOrder;
  readonly #far: FarShell;
  readonly #context: CommandContext;
  readonly #part: string;
  #lock: PartLock | undefined;
  /** Was what is there compared by its hash? */
  #hasCompared = false;
  /** What the try before has left, and of which far file. */
  #left: { readonly part: Version | undefined; readonly of: Version } | undefined;

  constructor(order: TransferOrder, far: FarShell, context: CommandContext) {
    this.#order = order;
    this.#far = far;
    this.#context = context;
    this.#part = `${order.local}${PART_SUFFIX}`;
  }

  /** One try. */
  async run(): Promise<Transferred> {
    this.#hasCompared = false;
    const whole = await this.#version();
    if (await this.#isThere(whole)) {
      return { state: 'complete', size: whole.size, resumedAt: whole.size, tookMs: 0, verified: this.#hasCompared };
    }
    this.#lock ??= lockPart(this.#part);
    const part = versionOf(this.#part);
    const verdict = part ? await this.#compare(this.#part, part, whole) : { from: 0 };
    const from = verdict === 'complete' ? whole.size : verdict.from;
    const tookMs = await this.#fetch(from, whole);
    await this.#assertIsStill(whole);
    return { state: 'moved', size: whole.size, resumedAt: from, tookMs, verified: await this.#finish(whole) };
  }

  /** To be called once, behind the last try. */
  close(): void {
    this.#lock?.release();
  }

  get #verifies(): boolean {
    return this.#context.settings.values.verify;
  }

  async #version(): Promise<Version> {
    const { far } = this.#order;
    const file = await farFileAt(far, this.#far);
    if (typeof file === 'object') return file;
    if (file === 'unseen') throw unseenName(far);
    if (file === undefined) throw new TransferError('E_MISSING', `There is no file ${shownName(far)} on the site`);
    throw new ClientError('E_COMMAND', `${shownName(far)} is a folder: mirror fetches all that is in it`);
  }

  /** Is the file itself there already? @throws ClientError E_OTHER_FILE when another one is */
  async #isThere(whole: Version): Promise<boolean> {
    const { local, force } = this.#order;
    const there = versionOf(local);
    if (!there || (there.size === 0 && whole.size > 0)) return false;
    if (there.size === whole.size) return (await this.#compare(local, there, whole)) === 'complete';
    if (force) return false;
    throw otherFile(shownName(local));
  }

  async #compare(path: string, there: Version, whole: Version): Promise<Verdict> {
    const known = await this.#farHash(there.size, whole.size);
    this.#hasCompared = known !== undefined;
    if (!known && path === this.#part && this.#isLeft(there, whole)) return { from: there.size };
    const isBeginning = known ? await isHashOf(path, known, there.size, this.#context.signal) : 'unknown';
    return judge(shownName(path), { whole, there, isBeginning }, this.#order);
  }

  /** Is it what the try before has left, and the far file still the same, as far as sizes and times tell? */
  #isLeft(part: Version, whole: Version): boolean {
    const { part: left, of } = this.#left ?? {};
    return left !== undefined && of !== undefined && isSame(left, part) && isSame(of, whole);
  }

  async #farHash(length: number, size: number): Promise<FarDigest | undefined> {
    if (!this.#verifies || length > size || length === 0) return undefined;
    return this.#far.hash(this.#order.far, length);
  }

  async #fetch(from: number, whole: Version): Promise<number> {
    const { size } = whole;
    const { show, signal } = this.#context;
    const part = PartFile.open(this.#part, from);
    try {
      if (from === size && from > 0) return 0;
      const showing = show.begin(nameIn(this.#order.far), size, from);
      try {
        await this.#far.get(this.#order.far, part, from, { signal, onBytes: (bytes) => showing.moved(bytes) });
      } finally {
        showing.end();
      }
      if (versionOf(this.#order.local)) part.sync();
      return showing.tookMs();
    } finally {
      part.close();
      this.#left = { part: versionOf(this.#part), of: whole };
    }
  }

  /** What came is all of one version, as far as the server tells. */
  async #assertIsStill(whole: Version): Promise<void> {
    // The same questions as before: what MLST and MDTM tell of a time need not be the same.
    const now = this.#far.features.has('MLST') ? await this.#version() : await this.#far.version(this.#order.far);
    if (!differs(whole.size, now.size) && !differs(whole.mtimeMs, now.mtimeMs)) return;
    // A file that only grew is gone on with; what there is of two versions is of no use for anybody.
    if (!(await this.#isBeginning(now.size))) rmSync(this.#part, { force: true });
    const name = shownName(this.#order.far);
    throw new TransferError('E_CHANGED', `${name} changed on the site while it was fetched: fetch it again`, {
      retry: true,
    });
  }

  /** Is what came how the file begins that is on the site by now? */
  async #isBeginning(size: number | undefined): Promise<boolean> {
    const length = versionOf(this.#part)?.size ?? 0;
    const known = size === undefined ? undefined : await this.#farHash(length, size);
    return known !== undefined && (await isHashOf(this.#part, known, length, this.#context.signal)) === 'yes';
  }

  /** @returns was the hash compared? */
  async #finish(whole: Version): Promise<boolean> {
    const { local, far, force } = this.#order;
    const size = versionOf(this.#part)?.size;
    if (size !== whole.size) {
      throw new TransferError('E_TRUNCATED', `${shownName(far)}: ${size} bytes came instead of ${whole.size}`, {
        retry: true,
      });
    }
    const known = this.#verifies ? await this.#far.hash(far) : undefined;
    if (known && (await isHashOf(this.#part, known, whole.size, this.#context.signal)) === 'no') {
      throw new TransferError(
        'E_MISMATCH',
        `What came of ${shownName(far)} is not what is on the site, by its ${known.kind}: fetch it again with --force`,
      );
    }
    giveName({ from: this.#part, to: local, mtimeMs: whole.mtimeMs, replaces: force });
    return known !== undefined;
  }
}

async function isHashOf(
  path: string,
  { kind, digits }: FarDigest,
  length: number,
  signal: AbortSignal,
): Promise<'yes' | 'no'> {
  const file = await LocalFile.open(path);
  try {
    const [hash] = await file.hashes([kind], Math.min(length, file.size), signal);
    return hash?.soFar() === digits ? 'yes' : 'no';
  } finally {
    await file.close();
  }
}

function differs(one: number | undefined, other: number | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

/** Without a time nobody knows. */
function isSame(one: Version, other: Version): boolean {
  return one.size === other.size && one.mtimeMs !== undefined && one.mtimeMs === other.mtimeMs;
}

/** @throws ClientError E_LOCAL_FILE, also for what is there and is no file */
function versionOf(path: string): Version | undefined {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw new ClientError('E_LOCAL_FILE', `${shownName(path)} is there, and is not a file`);
    return { size: stats.size, mtimeMs: stats.mtimeMs };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw localError(`Cannot look at ${shownName(path)}`, error);
  }
}
