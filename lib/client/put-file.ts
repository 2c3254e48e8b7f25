import { Readable } from 'node:stream';
import type { FarDigest } from '../far/far-prefix-hash.ts';
import type { FarShell } from '../far/far-shell.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { ClientError } from './client-error.ts';
import type { CommandContext } from './command-context.ts';
import { isFarBeginning } from './far-beginning.ts';
import { type FarFile, farFileAt, type Version } from './far-file.ts';
import { LocalFile } from './local-file.ts';
import { localName } from './local-folder.ts';
import { shownName } from './output.ts';
import { isExpecting, promise } from './promise.ts';
import { judge, unseenFile, type Verdict } from './resume-guard.ts';
import type { TransferOrder, Transferred } from './transfer-order.ts';

/**
 * Send a file under its own name, or what is missing of it (docs/decisions/0055-files-are-sent-under-their-own-name.md).
 *
 * What is there already has to be how the file begins, by its hash, or behind a try of the same call that broke off by its
 * bytes; what is there whole with other content stays. A server that keeps what it was promised (SITE EXPECT) refuses a changed
 * file, too, and logs it.
 *
 * @throws ClientError, TransferError; what had arrived stays for the next time
 */
export async function putFile(order: TransferOrder, context: CommandContext): Promise<Transferred> {
  const { session, signal } = context;
  const file = await LocalFile.open(order.local);
  try {
    const put = new Put(order, file, session.far, context);
    return await session.do(signal, () => put.run());
  } finally {
    await file.close();
    session.forgetListings();
  }
}

function isBrokenPromise(error: unknown): boolean {
  return error instanceof TransferError && error.reply === 553;
}

/** The sending of a file, in as many tries as it takes. */
class Put {
  readonly #order: TransferOrder;
  readonly #file: LocalFile;
  readonly #far: FarShell;
  readonly #context: CommandContext;
  readonly #name: string;
  /** Was what is there compared by its hash? */
  #hasCompared = false;
  /** Has a try begun to send? */
  #hasSent = false;

  constructor(order: TransferOrder, file: LocalFile, far: FarShell, context: CommandContext) {
    this.#order = order;
    this.#file = file;
    this.#far = far;
    this.#context = context;
    this.#name = shownName(order.far);
  }

  /** One try. */
  async run(): Promise<Transferred> {
    this.#hasCompared = false;
    const there = await farFileAt(this.#order.far, this.#far);
    const verdict = await this.#verdictOn(there);
    if (verdict === 'complete') {
      const { size, mtimeMs } = this.#file;
      // All of it had arrived, and only the answer to that got lost.
      if (this.#hasSent) await this.#far.setTime(this.#order.far, mtimeMs);
      return { state: 'complete', size, resumedAt: size, tookMs: 0, verified: this.#hasCompared };
    }
    return this.#sendAsPromised(verdict.from);
  }

  get #verifies(): boolean {
    return this.#context.settings.values.verify;
  }

  async #verdictOn(there: FarFile): Promise<Verdict> {
    if (typeof there === 'object') return this.#judge(there);
    if (there === 'folder') throw new ClientError('E_OTHER_FILE', `${this.#name} is a folder on the site`);
    if (there === 'unseen' && !this.#order.force) throw unseenFile(this.#name);
    return { from: 0 };
  }

  async #judge(there: Version): Promise<Verdict> {
    try {
      return judge(this.#name, { whole: this.#file, there, isBeginning: await this.#compare(there) }, this.#order);
    } catch (error) {
      if (error instanceof ClientError && error.code === 'E_OTHER_PART') await this.#haveItRefused(there.size);
      throw error;
    }
  }

  async #compare({ size }: Version): Promise<'yes' | 'no' | 'unknown'> {
    const { far, trusts } = this.#order;
    if (size > this.#file.size) return 'unknown';
    const known = this.#verifies ? await this.#far.hash(far) : undefined;
    if (known) return this.#isBeginning(known, size);
    // What was begun is to be ended without a question. But somebody else may have stored a file there meanwhile.
    if (!this.#hasSent || trusts || size === 0) return 'unknown';
    return isFarBeginning({ far, local: this.#file, length: size }, this.#far, this.#context.signal);
  }

  async #isBeginning({ kind, digits }: FarDigest, length: number): Promise<'yes' | 'no'> {
    this.#hasCompared = true;
    const [hash] = await this.#file.hashes([kind], length, this.#context.signal);
    return hash?.soFar() === digits ? 'yes' : 'no';
  }

  /** A server that keeps promises refuses by itself what was promised to become another file. */
  async #sendAsPromised(from: number): Promise<Transferred> {
    await this.#promise();
    try {
      return await this.#send(from);
    } catch (error) {
      if (from === 0 || !isBrokenPromise(error)) throw error;
      if (this.#order.force) return this.#send(0);
      const why = 'the server was promised another file when it was begun. Nothing was changed; --force begins anew';
      throw new ClientError('E_OTHER_PART', `${this.#name} is there in part, and ${why}`, { cause: error });
    }
  }

  /** Tell the server what the whole file will be, where it keeps such promises; who wants no hashes waits for none. */
  async #promise(): Promise<void> {
    if (!this.#verifies || !isExpecting(this.#far.features)) return;
    const [md5] = await this.#file.hashes(['md5'], this.#file.size, this.#context.signal);
    await promise(this.#far, { path: this.#order.far, md5: md5?.soFar() ?? '', size: this.#file.size });
  }

  /** So that the server's log has the refusal, too. Nothing is sent behind what is there: should it agree, nothing is changed. */
  async #haveItRefused(size: number): Promise<void> {
    if (!isExpecting(this.#far.features)) return;
    const nothing = Readable.from([]);
    await this.#promise()
      .then(() => this.#far.put(nothing, this.#order.far, size))
      .catch(() => undefined);
  }

  async #send(from: number): Promise<Transferred> {
    const { show, signal } = this.#context;
    const { far } = this.#order;
    const showing = show.begin(localName(this.#order.local), this.#file.size, from);
    try {
      this.#hasSent = true;
      await this.#far.put(this.#file.content(from), far, from === 0 ? 'begin' : from, {
        signal,
        onBytes: (bytes) => showing.moved(bytes),
      });
    } finally {
      showing.end();
    }
    const tookMs = showing.tookMs();
    await this.#check();
    await this.#far.setTime(far, this.#file.mtimeMs);
    return { state: 'moved', size: this.#file.size, resumedAt: from, tookMs, verified: await this.#verify() };
  }

  /** Is there as much as there shall be, of a file that is still the same? */
  async #check(): Promise<void> {
    const { size } = await this.#far.version(this.#order.far);
    if (size !== undefined && size !== this.#file.size) {
      throw new TransferError(
        'E_TRUNCATED',
        `${this.#name} has ${size} bytes on the site instead of ${this.#file.size}`,
        {
          retry: true,
        },
      );
    }
    if (await this.#file.hasChanged()) {
      throw new TransferError('E_CHANGED', `${shownName(this.#order.local)} changed while it was sent: send it again`);
    }
  }

  async #verify(): Promise<boolean> {
    if (!this.#verifies) return false;
    const known = await this.#far.hash(this.#order.far);
    if (!known) return false;
    if ((await this.#isBeginning(known, this.#file.size)) === 'yes') return true;
    throw new TransferError(
      'E_MISMATCH',
      `${this.#name} has other content on the site than here, by its ${known.kind}: send it again with --force`,
    );
  }
}
