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

  /** A file is going to be read. @returns `undefined` where nobody is to be told */
  begin(file: DraftFile): ToldDraft | undefined {
    const { freshId, isCurrent } = this.#options;
    const links = this.#options.links();
    const { path, where, stamp, size } = file;
    if (size < LEAST_BYTES || links.length === 0) return undefined;
    const draft = freshId();
    const list = new GrowingList(size);
    const source = {
      file: where,
      list,
      isCurrent: () => isCurrent(path, { type: 'file', stamp }),
      tellStale: () => undefined,
    };
    this.#sources.set(draft, source);
    for (const link of links) link.send({ kind: 'draft', draft, path, size });
    return new Told({ draft, links, list, onEnd: () => this.#forgetLater(draft) });
  }

  /** The file of a draft, with as many of its chunks as are known. */
  sourceOf(draft: ContentId): Source | undefined {
    return this.#sources.get(draft);
  }

  /** Else the process would wait. */
  close(): void {
    for (const cancel of this.#ended) cancel();
  }

  #forgetLater(draft: ContentId): void {
    const cancel = this.#options.clock.after(GIVEN_AFTER_MS, () => {
      this.#ended.delete(cancel);
      this.#sources.delete(draft);
    });
    this.#ended.add(cancel);
  }
}

interface ToldOptions {
  readonly draft: ContentId;
  readonly links: readonly Link[];
  readonly list: GrowingList;
  readonly onEnd: () => void;
}

class Told implements ToldDraft {
  readonly #options: ToldOptions;
  #isEnded = false;

  constructor(options: ToldOptions) {
    this.#options = options;
  }

  add(chunks: Uint8Array): void {
    if (this.#isEnded || chunks.length === 0) return;
    const { draft, links, list } = this.#options;
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
    const { list } = this.#options;
    this.add(content?.chunks?.subarray(list.count * CHUNK_RECORD_BYTES) ?? NO_CHUNKS);
    // It may have become smaller as well.
    this.#close(list.isWhole ? content : undefined);
  }

  #close(content: FileContent | undefined): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const { draft, links, onEnd } = this.#options;
    for (const link of links) link.send({ kind: 'draft-end', draft, ...(content && { id: content.id }) });
    onEnd();
  }
}

const NO_CHUNKS = new Uint8Array();
