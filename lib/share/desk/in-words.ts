import { showDuration } from '../../base/show-duration.ts';
import { printable } from '../../files/printable.ts';
import { bytes } from '../../sync/messages.ts';
import type { Amount } from '../replica/standing.ts';
import type { ConflictView, IncomingFile, KeptView, TrashView } from './share-desk.ts';

/** `2026-11-22 02:04:05Z`; the world's time, as in the names of conflict copies. */
export function timeInWords(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** `3 files`, `1 file`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** `3 entries, 1.5 MiB`. */
export function amountInWords({ entries, bytes: size }: Amount): string {
  return `${count(entries, 'entry', 'entries')}, ${bytes(size)}`;
}

/** `45% of 1.0 GiB, 12.3 MiB/s, 0:46 left`; of what does not come on at the moment only how far it is. */
export function progressInWords({ size, here, rate }: Omit<IncomingFile, 'path'>): string {
  const percent = size === 0 ? 100 : Math.floor((here / size) * 100);
  const left = rate === 0 ? '' : `, ${bytes(rate)}/s, ${showDuration(((size - here) / rate) * 1000)} left`;
  return `${percent}% of ${bytes(size)}${left}`;
}

/** The lines of the command conflicts. */
export function conflictLines(conflicts: readonly ConflictView[]): readonly string[] {
  if (conflicts.length === 0) return ['No conflict copies'];
  const lines = conflicts.flatMap((conflict) => [
    `${printable(conflict.path)}, ${bytes(conflict.size)} of ${timeInWords(conflict.mtimeMs)}`,
    `  gave way to ${printable(conflict.original)}, which ${originalInWords(conflict)}`,
  ]);
  return [...lines, 'One of them stays, and the others go to the trash : conflicts keep NAME'];
}

function originalInWords({ originalSize, originalMtimeMs, isOriginalFolder }: ConflictView): string {
  if (isOriginalFolder) return 'is a folder now';
  if (originalSize === null || originalMtimeMs === null) return 'is not there any more';
  return `now has ${bytes(originalSize)} of ${timeInWords(originalMtimeMs)}`;
}

/** The lines of the command conflicts keep. */
export function keptLines({ kept, from, trashed }: KeptView): readonly string[] {
  const stays = from === null ? `Kept : ${printable(kept)}` : `Kept : ${printable(from)}, as ${printable(kept)}`;
  return [stays, ...trashed.map((name) => `To the trash : ${printable(name)}`)];
}

/** The lines of the command trash. */
export function trashLines(trash: readonly TrashView[]): readonly string[] {
  if (trash.length === 0) return ['The trash is empty'];
  const all = trash.reduce((sum, { size }) => sum + size, 0);
  const lines = trash.map(({ name, size }) => `${printable(name)}, ${bytes(size)}`);
  return [...lines, `In all : ${count(trash.length, 'file')}, ${bytes(all)}`];
}
