import type { Entry, EntryPath, Stamp } from '../model/entry.ts';
import type { Change } from '../replica/events.ts';
import { type EntryReader, fieldsOf } from './entry-fields.ts';
import type { Fields } from './fields.ts';

/** By what a file is known again wherever it was moved to, as lstat(2) tells it. */
export interface FileIdentity {
  readonly ino: bigint;
  /** Bytes. */
  readonly size: number;
  /** Nanoseconds since 1970. */
  readonly mtimeNs: bigint;
}

/** What lies at a path, without a look at its bytes. */
export type Lying =
  | { readonly type: 'file'; readonly identity: FileIdentity; readonly stamp: Stamp }
  | { readonly type: 'directory'; readonly stamp: Stamp }
  | { readonly type: 'deleted'; readonly stamp: Stamp };

/** A change of the disk that was begun, and of which it is not known whether it was done. */
export interface BegunChange {
  /** What there is when it is done. */
  readonly entry: Entry;
  /** Where what was there before goes; missing where it goes to the trash. */
  readonly saveAs?: EntryPath;
  /** Of the file when it is done; missing where that cannot be told beforehand. */
  readonly identity?: FileIdentity;
}

/** What is kept of a change. */
export function begunOf({ entry, saveAs }: Change, identity: FileIdentity | undefined): BegunChange {
  return { entry, ...(saveAs === undefined ? {} : { saveAs }), ...(identity === undefined ? {} : { identity }) };
}

/** Its values in a record. */
export function begunFieldsOf({ entry, saveAs, identity }: BegunChange): (string | number)[] {
  const file = identity === undefined ? ['', 0, ''] : [`${identity.ino}`, identity.size, `${identity.mtimeNs}`];
  return [saveAs ?? '', ...file, ...fieldsOf(entry)];
}

/** @throws RangeError */
export function readBegun(fields: Fields, entries: EntryReader): BegunChange {
  const saveAs = fields.text();
  const identity = readIdentity(fields);
  const entry = entries.read(fields);
  return { entry, ...(saveAs === '' ? {} : { saveAs }), ...(identity === undefined ? {} : { identity }) };
}

/**
 * Was the change done, to judge from what lies there now? Of a file only where its identity was known: one of the same size and
 * time may be what somebody has put there meanwhile.
 */
export function isDone({ entry: { content }, identity }: BegunChange, there: Lying): boolean {
  if (content.type !== 'file' || there.type !== 'file') return content.type === there.type;
  const { ino, size, mtimeNs } = there.identity;
  return identity !== undefined && identity.ino === ino && identity.size === size && identity.mtimeNs === mtimeNs;
}

function readIdentity(fields: Fields): FileIdentity | undefined {
  const ino = fields.text();
  const size = fields.count();
  const mtimeNs = fields.text();
  return ino === '' ? undefined : { ino: BigInt(ino), size, mtimeNs: BigInt(mtimeNs) };
}
