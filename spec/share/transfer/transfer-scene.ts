import { ChunkList, type Chunks, packChunk } from '../../../lib/share/chunks/chunk-list.ts';
import type { Link } from '../../../lib/share/link/link.ts';
import { hashOfChunk } from '../../../lib/share/model/content-id.ts';
import type { FileContent } from '../../../lib/share/model/entry.ts';
import type { OpenPart } from '../../../lib/share/transfer/fetch-disk.ts';
import { Fetcher } from '../../../lib/share/transfer/fetcher.ts';
import type { Ask, Message } from '../../../lib/share/wire/message.ts';
import { ManualClock } from '../../support/manual-clock.ts';

/** A link to nobody that keeps what it is given. */
export class SilentLink implements Link {
  readonly peer: Link['peer'];
  readonly sent: Message[] = [];
  backlog = 0;
  closed: string | undefined;

  constructor(replica: string) {
    this.peer = { replica, name: replica, address: '127.0.0.1', port: 1, codecs: [] };
  }

  get asks(): readonly Ask[] {
    return this.sent.filter((message) => message.kind === 'ask');
  }

  send(message: Message): void {
    this.sent.push(message);
  }

  close(_reason: string, text: string): void {
    this.closed = text;
  }

  pause(): void {}

  resume(): void {}
}

/** A file of chunks that can be told from those of any other. */
export class MadeFile {
  readonly chunks: readonly Buffer[];
  readonly content: FileContent;

  constructor(name: string, count: number, chunkBytes = 64 * 1024) {
    this.chunks = Array.from({ length: count }, (_, index) => Buffer.alloc(chunkBytes, `${name} ${index};`));
    const packed = Buffer.alloc(35 * count);
    for (const [index, chunk] of this.chunks.entries()) {
      packChunk(packed, index, { size: chunk.length, hash: hashOfChunk(chunk) });
    }
    const { id, size } = new ChunkList(packed);
    this.content = { type: 'file', size, id, mtimeMs: 0, isExecutable: false, ...(count > 1 && { chunks: packed }) };
  }

  /** What answers an ask; `damage` may change it. */
  answer({ request, first, count }: Ask, damage: (data: Buffer) => void = () => undefined) {
    const data = Buffer.concat(this.chunks.slice(first, first + count));
    damage(data);
    return { kind: 'bytes', request, first, codec: 'none', size: data.length, data } as const;
  }
}

/** A fetcher on a disk that takes all and has nothing. */
export class FetchScene {
  readonly clock = new ManualClock();
  readonly links = new Map<string, SilentLink>();
  readonly fetched: string[] = [];
  readonly missing: string[] = [];
  readonly gone: string[] = [];
  readonly failed: string[] = [];
  readonly cutOff: string[] = [];
  /** The chunks of what is held. */
  readonly held = new Map<string, Chunks>();
  /** Why the disk takes nothing. */
  problem: Error | undefined;
  /** Parts that were thrown away. */
  discarded = 0;
  /** Why the disk does not finish what has come. */
  endProblem: Error | undefined;
  /** What parts were begun as. */
  readonly begun: string[] = [];
  /** What drafts have become. */
  readonly became: string[] = [];
  /** What has come, by the paths it is for. */
  readonly files = new Map<string, string>();
  /** Finished files that nobody needed. */
  readonly unneeded: string[] = [];
  /** How whoever looks for a whole content, or copies one, is held up. */
  beforeWhole: Promise<string | undefined> = Promise.resolve(undefined);
  beforeCopy: Promise<void> = Promise.resolve();
  beforeGather: Promise<void> = Promise.resolve();
  beforeWrite: Promise<void> = Promise.resolve();
  /** Chunks that are said to have come before, and which of them are seen to have. */
  unseen: readonly number[] = [];
  seen: Promise<ReadonlySet<number>> = Promise.resolve(new Set());
  #copies = 0;
  /** From how many copies on the disk takes no more. */
  mostCopies = Number.POSITIVE_INFINITY;
  /** How many parts are open. */
  open = 0;
  mostOpen = 0;
  readonly fetcher = new Fetcher({
    disk: {
      whole: () => this.beforeWhole,
      begin: async ({ id }) => {
        this.begun.push(id);
        return this.#openPart();
      },
      copy: async (file) => {
        this.#copies += 1;
        const copy = `${file}, copy ${this.#copies}`;
        const isOneTooMany = this.#copies > this.mostCopies;
        await this.beforeCopy;
        if (isOneTooMany) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
        return copy;
      },
      leave: async (file) => void this.unneeded.push(file),
    },
    clock: this.clock,
    linkTo: (peer) => this.links.get(peer),
    onFetched: (path, _, file) => {
      this.fetched.push(path);
      this.files.set(path, file);
    },
    onGone: (path, _, peer) => this.gone.push(`${path} ${peer}`),
    onMissing: (path, _, peer) => this.missing.push(`${path} ${peer}`),
    onFailed: (path, reason) => this.failed.push(`${path} ${reason}`),
    chunksAt: (path) => this.held.get(path),
    onDraft: () => undefined,
    onBecame: () => undefined,
    isWelcome: () => true,
    onWrongBytes: ({ peer }) => this.cutOff.push(peer.replica),
  });

  link(replica: string): SilentLink {
    const link = new SilentLink(replica);
    this.links.set(replica, link);
    return link;
  }

  want(path: string, file: MadeFile, ...peers: readonly string[]): void {
    this.fetcher.want({ path, content: file.content, peers });
  }

  #openPart(): OpenPart {
    if (this.problem !== undefined) throw this.problem;
    this.open += 1;
    this.mostOpen = Math.max(this.open, this.mostOpen);
    const leave = async () => {
      this.open -= 1;
    };
    const { unseen, seen, beforeGather } = this;
    return {
      isResumed: unseen.length > 0,
      gather: async (first, end) => {
        await beforeGather;
        return { here: new Set(), unseen: unseen.filter((chunk) => chunk >= first && chunk < end) };
      },
      look: () => seen,
      repeat: async () => undefined,
      become: (id) => this.became.push(id),
      write: () => this.beforeWrite,
      finish: async () => {
        await leave();
        if (this.endProblem !== undefined) throw this.endProblem;
        return 'a file';
      },
      discard: async () => {
        this.discarded += 1;
        await leave();
      },
      leave,
    };
  }
}

/** Let everything happen that was begun. */
export async function allDone(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
