import type { JournalRecord } from '../base/journal-content.ts';
import { Directory, join, nameOf, parentOf, walk } from '../files/directory.ts';
import { File } from '../files/file.ts';
import { ownCopy } from '../files/own-copy.ts';
import type { FarJobKind } from '../transfer/progress.ts';

/** Size in bytes and time in milliseconds since 1970 of a near file, as it is on the far side now. */
export interface Version {
  readonly size: number;
  readonly mtimeMs: number;
}

/** A step that was begun and of which it is not known how it ended. */
export interface Doubt extends Version {
  readonly kind: FarJobKind;
  readonly path: string;
}

/** The size of no file: what is on the far side differs from whatever is on the near one. */
export const UNSURE: Version = { size: -1, mtimeMs: 0 };

/** Is it not known which content the file has, or whether there is one? */
export function isUnsure(version: Version | undefined): boolean {
  return version === undefined || version.size === UNSURE.size;
}

/** What the records of a journal add up to. */
export interface PairState {
  readonly far: Directory;
  /** By path, the latest last: it, and the one that counts again when it is withdrawn. */
  readonly doubts: Map<string, readonly Doubt[]>;
  farListedMs: number | undefined;
  ownOnlyMs: number | undefined;
  nearIdentity: string | undefined;
  readonly mounts: Set<string>;
  /** Folders that no listing has shown since records may have been lost. */
  readonly unseen: Set<string>;
}

/** What is known at first. */
export function emptyState(): PairState {
  return {
    far: new Directory(''),
    doubts: new Map(),
    farListedMs: undefined,
    ownOnlyMs: undefined,
    nearIdentity: undefined,
    mounts: new Set(),
    unseen: new Set(),
  };
}

/** What the records of a journal add up to, while they are read. */
export class Replay {
  #state: PairState | undefined = emptyState();
  #length = 0;

  /** How many were taken. */
  get length(): number {
    return this.#length;
  }

  /** `undefined` when one of the records cannot be understood. */
  get state(): PairState | undefined {
    return this.#state;
  }

  take(record: JournalRecord): void {
    this.#length += 1;
    if (this.#state && !apply(record, this.#state)) this.#state = undefined;
  }
}

/**
 * Add one record.
 *
 * @returns whether it could be understood
 */
export function apply([kind, path = '', ...values]: JournalRecord, state: PairState): boolean {
  if (kind === 'k') {
    // Journals once did not say when: so long ago, then, that it is due again.
    state.farListedMs = typeof path === 'number' ? path : 0;
    return true;
  }
  if (kind === 'e' && typeof path === 'number') {
    state.ownOnlyMs = path;
    return true;
  }
  if (typeof path !== 'string') return false;
  if (kind === 'n') {
    state.nearIdentity = path;
    return true;
  }
  if (!isPath(path)) return false;
  if (kind === 'b') return applyBegin(path, values, state);
  if (kind === 'w') return applyWithdraw(path, state);
  if (kind === 'm' || kind === 'u') return applyMember(kind === 'm', path, state.mounts);
  if (kind === 'g' || kind === 's') return applyMember(kind === 'g', path, state.unseen);
  // Every other record says how the step ended.
  state.doubts.delete(path);
  return applyEnd(kind, path, values, state);
}

function applyBegin(path: string, [kind, size, mtimeMs]: readonly (string | number)[], { doubts }: PairState): boolean {
  if (!isJobKind(kind) || typeof size !== 'number' || typeof mtimeMs !== 'number') return false;
  const doubt = { kind, path, size, mtimeMs };
  const older = doubts.get(path);
  // Those before are of no use: what cannot be settled for weeks would pile up.
  doubts.set(path, older ? [...older.slice(-1), doubt] : [doubt]);
  return true;
}

function applyWithdraw(path: string, { doubts }: PairState): boolean {
  const older = doubts.get(path)?.slice(0, -1) ?? [];
  if (older.length > 0) doubts.set(path, older);
  else doubts.delete(path);
  return true;
}

function applyMember(isIn: boolean, path: string, paths: Set<string>): boolean {
  if (isIn) paths.add(path);
  else paths.delete(path);
  return true;
}

function applyEnd(
  kind: string,
  path: string,
  [size, mtimeMs]: readonly (string | number)[],
  { far }: PairState,
): boolean {
  switch (kind) {
    case 'd':
      far.makeDirectoryAt(path);
      return true;
    case 'x':
      far.directoryAt(parentOf(path))?.deleteFile(nameOf(path));
      return true;
    case 'r':
      far.directoryAt(parentOf(path))?.deleteDirectory(nameOf(path));
      return true;
    case 'f':
      if (typeof size !== 'number' || typeof mtimeMs !== 'number') return false;
      far.makeDirectoryAt(parentOf(path)).setFile(new File(ownCopy(nameOf(path)), size, mtimeMs));
      return true;
    default:
      return false;
  }
}

function isJobKind(kind: unknown): kind is FarJobKind {
  return kind === 'mkdir' || kind === 'rmdir' || kind === 'upload' || kind === 'remove';
}

// A name that is missing, `.` or `..`.
const NO_NAME = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** A path of the journal may end in a removal: one that leaves the far root is never believed. */
function isPath(path: string): boolean {
  return !NO_NAME.test(path);
}

/** The fewest records that add up to a state. */
export function* recordsOf({
  far,
  doubts,
  farListedMs,
  ownOnlyMs,
  nearIdentity,
  mounts,
  unseen,
}: PairState): Generator<JournalRecord> {
  for (const { path, directory } of walk(far)) {
    if (path !== '') yield ['d', path];
    for (const { name, size, mtimeMs } of directory.files()) yield ['f', join(path, name), size, mtimeMs];
  }
  if (farListedMs !== undefined) yield ['k', farListedMs];
  if (ownOnlyMs !== undefined) yield ['e', ownOnlyMs];
  if (nearIdentity !== undefined) yield ['n', nearIdentity];
  for (const path of mounts) yield ['m', path];
  for (const path of unseen) yield ['g', path];
  for (const { path, kind, size, mtimeMs } of [...doubts.values()].flat()) yield ['b', path, kind, size, mtimeMs];
}
