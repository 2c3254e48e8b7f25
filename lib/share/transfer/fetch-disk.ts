import type { Chunks } from '../chunks/chunk-list.ts';
import type { ContentId, EntryPath, FileContent } from '../model/entry.ts';

/** What a fetch needs of the disk. */
export interface FetchDisk {
  /** The whole content where it lies on this disk already, or comes with these bytes. @returns the finished file */
  whole(content: FileContent, inline: Uint8Array | undefined): Promise<string | undefined>;
  /**
   * Begin a content, or go on with one that was begun.
   *
   * @param list more chunks may become known later
   * @param path where it is to lie: what lies there now may have much in common with it
   * @throws CodedError when the disk does not take it
   */
  begin(content: Pick<FileContent, 'id' | 'size'>, list: Chunks, path: EntryPath): Promise<OpenPart>;
  /** Another finished file of the same content. @throws an error of the system; then there is none */
  copy(file: string): Promise<string>;
  /** A finished file is not needed. */
  leave(file: string): Promise<void>;
}

/** Chunks that need not come from others, by their numbers. */
export interface Gathered {
  /** In the part by now. */
  readonly here: ReadonlySet<number>;
  /** Said to be in the part since an earlier run: nobody need wait until they were looked at. */
  readonly unseen: readonly number[];
}

/** A content on its way to this disk. */
export interface OpenPart {
  /** Had some of it come before? */
  readonly isResumed: boolean;
  /**
   * Gather what of some chunks lies on this disk: in the part, or in the file that is there now.
   *
   * @throws an error of the system
   */
  gather(first: number, end: number): Promise<Gathered>;
  /**
   * Look at chunks that are said to be in the part.
   *
   * @returns those that are
   * @throws an error of the system
   */
  look(chunks: readonly number[]): Promise<ReadonlySet<number>>;
  /** Write whole chunks, which were checked. */
  write(first: number, data: Uint8Array): Promise<void>;
  /** Write a chunk that has the same bytes as one that is here. */
  repeat(here: number, chunk: number): Promise<void>;
  /** It is known now what it is: the part is kept under that name. */
  become(id: ContentId): void;
  /** All chunks are written. @returns the finished file */
  finish(): Promise<string>;
  /** It is of no use. */
  discard(): Promise<void>;
  /** Nobody writes to it for now; what is in it stays. */
  leave(): Promise<void>;
}
