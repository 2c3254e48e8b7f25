import type { ChunkList } from '../chunks/chunk-list.ts';
import type { EntryPath, FileContent } from '../model/entry.ts';

/** What a fetch needs of the disk. */
export interface FetchDisk {
  /** The whole content where it lies on this disk already, or comes with these bytes. @returns the finished file */
  whole(content: FileContent, inline: Uint8Array | undefined): Promise<string | undefined>;
  /**
   * Begin a content, or go on with one that was begun, with what of it lies on this disk: in a part, or in what is at the path
   * now.
   *
   * @throws CodedError when the disk does not take it
   */
  begin(content: FileContent, list: ChunkList, path: EntryPath): Promise<OpenPart>;
  /** Another finished file of the same content. */
  copy(file: string): Promise<string>;
}

/** A content on its way to this disk. */
export interface OpenPart {
  /** Has some of it come before, from peers? */
  readonly isResumed: boolean;
  /** The chunks that were here. */
  readonly here: Iterable<number>;
  /** Write whole chunks, which were checked. */
  write(first: number, data: Uint8Array): Promise<void>;
  /** All chunks are written. @returns the finished file */
  finish(): Promise<string>;
  /** Nobody writes to it for now; what is in it stays. */
  leave(): Promise<void>;
}
