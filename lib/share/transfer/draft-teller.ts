import type { Clock } from '../../base/clock.ts';
import { GrowingList } from '../chunks/growing-list.ts';
import type { Link } from '../link/link.ts';
import type { ContentId, EntryPath, FileContent, Seen } from '../model/entry.ts';
import { CHUNK_RECORD_BYTES } from '../wire/chunk-lists.ts';
import type { Source } from './giver.ts';

/** What is needed to tell of drafts. */
export interface DraftTellerOptions {
  readonly clock: Clock;
  /** Random: 64 hexadecimal digits. */
  readonly freshId: () => ContentId;
  /** Those who are told. */
  readonly links: () => readonly Link[];
  /** Does what was seen still lie there? */
  readonly isCurrent: (path: EntryPath, seen: Pick<Seen, 'type' | 'stamp'>) => boolean;
}

/** A file that is going to be read. */
export interface DraftFile {
  readonly path: EntryPath;
  /** On this machine. */
  readonly where: string;
  readonly stamp: string;
  /** Bytes. */
  readonly size: number;
}

/** A draft that is being told. */
export interface ToldDraft {
  /** More chunks of it are known, packed as in a list. */
  add(packed: Uint8Array): void;
  /** It was read, and is this; or it is nothing any more. Saying so twice is harmless. */
  end(content?: FileContent): void;
}

// Below it the entry comes nearly as soon.
const LEAST_BYTES = 8 * 1024 ** 2;

// What was asked for before the other side heard of the end is still given: over the slowest of lines it comes within that.
const GIVEN_AFTER_MS = 60_000;

/** Tells peers of large files while they are being read, and finds them when somebody asks for some of one. */
export class DraftTeller {
  readonly #options: DraftTellerOptions;
  readonly #sources = new Map<ContentId, Source>();
  readonly #ended = new Set<() => void>();

  constructor(options: DraftTellerOptions) {
    this.#options = options;
  }

  /**
   * A file is going to be read, now or when those before it are. Peers are told when its first chunks are there: each draft takes
   * room at those who hear of it.
   *
   * @returns `undefined` where nobody is to be told
   */
  begin(file: DraftFile): ToldDraft | undefined {
    if (file.size < LEAST_BYTES) return undefined;
    return new Told(
      () => this.#tell(file),
      ({ draft }) => this.#forgetLater(draft),
    );
  }

  /** The file of a draft, with as many of its chunks as are known. */
  sourceOf(draft: ContentId): Source | undefined {
    return this.#sources.get(draft);
  }

  /** Else the process would wait. */
  close(): void {
    for (const cancel of this.#ended) cancel();
  }

  #tell({ path, where, stamp, size }: DraftFile): Telling | undefined {
    const links = [...this.#options.links()];
    if (links.length === 0) return undefined;
    const draft = this.#options.freshId();
    const list = new GrowingList(size);
    this.#sources.set(draft, {
      file: where,
      list,
      isCurrent: () => this.#options.isCurrent(path, { type: 'file', stamp }),
      tellStale: () => undefined,
    });
    for (const link of links) link.send({ kind: 'draft', draft, path, size });
    return { draft, links, list };
  }

  #forgetLater(draft: ContentId): void {
    const cancel = this.#options.clock.after(GIVEN_AFTER_MS, () => {
      this.#ended.delete(cancel);
      this.#sources.delete(draft);
    });
    this.#ended.add(cancel);
  }
}

/** Who has been told of a draft, and how much of it. */
interface Telling {
  readonly draft: ContentId;
  readonly links: readonly Link[];
  readonly list: GrowingList;
}

class Told implements ToldDraft {
  readonly #tell: () => Telling | undefined;
  readonly #onEnd: (telling: Telling) => void;
  #telling: Telling | undefined;
  #isEnded = false;

  /** @param tell is called when its first chunks are known; `undefined` where there is nobody to be told */
  constructor(tell: () => Telling | undefined, onEnd: (telling: Telling) => void) {
    this.#tell = tell;
    this.#onEnd = onEnd;
  }

  add(chunks: Uint8Array): void {
    if (this.#isEnded || chunks.length === 0) return;
    this.#telling ??= this.#tell();
    if (this.#telling === undefined) {
      // Whoever comes now would hear of the rest only.
      this.#isEnded = true;
      return;
    }
    const { draft, links, list } = this.#telling;
    try {
      list.add(chunks);
    } catch {
      // It has become larger since somebody looked at it.
      this.#close(undefined);
      return;
    }
    for (const link of links) link.send({ kind: 'draft-chunks', draft, chunks });
  }

  end(content?: FileContent): void {
    // Of what nobody has heard of, the entry tells all.
    if (this.#telling === undefined) {
      this.#isEnded = true;
      return;
    }
    const { list } = this.#telling;
    this.add(content?.chunks?.subarray(list.count * CHUNK_RECORD_BYTES) ?? NO_CHUNKS);
    // It may have become smaller as well.
    this.#close(list.isWhole ? content : undefined);
  }

  #close(content: FileContent | undefined): void {
    if (this.#isEnded || this.#telling === undefined) return;
    this.#isEnded = true;
    const { draft, links } = this.#telling;
    for (const link of links) link.send({ kind: 'draft-end', draft, ...(content && { id: content.id }) });
    this.#onEnd(this.#telling);
  }
}

const NO_CHUNKS = new Uint8Array();
