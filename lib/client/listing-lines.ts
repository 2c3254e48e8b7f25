import type { DetailedEntry } from '../ftp/listing-details.ts';
import { bytes } from '../sync/messages.ts';
import { shownName } from './output.ts';

/** How a listing is shown. */
export interface ListOrder {
  readonly by: 'name' | 'time' | 'size';
  readonly reverse: boolean;
  readonly namesOnly: boolean;
  readonly human: boolean;
  readonly long: boolean;
  readonly all: boolean;
}

/** What the options of `ls` mean. */
export function orderOf(options: ReadonlyMap<string, string>): ListOrder {
  return {
    by: options.has('time') ? 'time' : options.has('size') ? 'size' : 'name',
    reverse: options.has('reverse'),
    namesOnly: options.has('names'),
    human: options.has('human'),
    long: options.has('long'),
    all: options.has('all'),
  };
}

/** One line for each entry: size, time and name; folders end with a slash. */
export function listingLines(entries: readonly DetailedEntry[], order: ListOrder): readonly string[] {
  if (order.namesOnly) return entries.map(nameOf);
  const rows = entries.map((entry) => ({
    details: order.long ? detailsOf(entry) : '',
    size: sizeOf(entry, order.human),
    time: entry.mtimeMs === undefined ? shownName(entry.shownTime ?? '') : shownTime(entry.mtimeMs),
    name: nameOf(entry),
  }));
  const detailWidth = widest(rows.map(({ details }) => details));
  const sizeWidth = widest(rows.map(({ size }) => size));
  const timeWidth = widest(rows.map(({ time }) => time));
  return rows.map(({ details, size, time, name }) => {
    const columns = [details.padEnd(detailWidth), size.padStart(sizeWidth), time.padEnd(timeWidth), name];
    return columns.slice(order.long ? 0 : 1).join('  ');
  });
}

/** All that is known of an entry, one fact a line. */
export function shownEntry(path: string, entry: DetailedEntry): readonly string[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['path', path],
    ['kind', entry.kind],
    ['size', entry.kind === 'file' ? `${entry.size} (${bytes(entry.size)})` : undefined],
    ['changed', entry.mtimeMs === undefined ? entry.shownTime : new Date(entry.mtimeMs).toISOString()],
    ['rights', entry.rights],
    ['owner', entry.owner],
    ['group', entry.group],
    ['leads to', entry.target],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(9)}${shownName(value)}`]));
}

/** In the time zone of this machine, to the minute: `2026-11-21 17:05`. */
function shownTime(ms: number): string {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16).replace('T', ' ');
}

function nameOf({ name, kind, target }: DetailedEntry): string {
  if (kind === 'directory') return `${shownName(name)}/`;
  return target === undefined ? shownName(name) : `${shownName(name)} -> ${shownName(target)}`;
}

function sizeOf({ kind, size }: DetailedEntry, isHuman: boolean): string {
  if (kind !== 'file') return '-';
  return isHuman ? bytes(size) : String(size);
}

function detailsOf({ kind, rights = '?????????', owner = '?', group = '?' }: DetailedEntry): string {
  const letters = { file: '-', directory: 'd', link: 'l', other: '?' } as const;
  return `${letters[kind]}${shownName(rights)} ${shownName(owner)} ${shownName(group)}`;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0);
}
