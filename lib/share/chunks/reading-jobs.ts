// The contract between ContentReader and its threads. Types only: it is all that the two share.
import type { PlainError } from '../../base/coded-error.ts';
import type { JobPool } from '../../pool/jobs.ts';
import type { FileContent, Stamp } from '../model/entry.ts';

/** A file as it was read. */
export interface ReadContent {
  readonly content: FileContent;
  /** Of the file as it was from the beginning of the reading to its end. */
  readonly stamp: Stamp;
}

/** Errors travel as values: a thrown one would lose its class on the way. */
export type ReadOutcome =
  | ({ readonly ok: true } & ReadContent)
  | { readonly ok: false; readonly error: PlainReadError };

/** A ReadError without its class. */
export type PlainReadError = PlainError & { readonly code: 'E_CHANGED' | 'E_UNREADABLE' | 'E_VANISHED' };

/** The jobs a thread offers. */
export type ReadingJobs = {
  /** Read a file; `tells`: its chunks are news as they are found. */
  read: (file: { readonly path: string; readonly tells: boolean }) => ReadOutcome;
  /** Read files that are small, one after the other. */
  readMany: (paths: readonly string[]) => readonly ReadOutcome[];
};

/** More chunks of the file that is read, in their order, packed as in its list. */
export type ReadingNews = Uint8Array;

/** Threads that read. */
export type ReadingPool = JobPool<ReadingJobs, ReadingNews>;
