import { showText } from '../../base/show-text.ts';
import { printable } from '../../files/printable.ts';
import { bytes } from '../../sync/messages.ts';
import { showDevice } from '../link/identity.ts';
import { amountInWords, count, progressInWords, timeInWords } from './in-words.ts';
import type { Incoming, IncomingFile, PeerStatus, Problem, ShareStatus } from './share-desk.ts';

type Line = readonly [heading: string, text: string];

// What is more is told by --json; a screen holds no more.
const MOST_REASONS = 20;

// Enough to see which ones are meant, and few enough for a line.
const MOST_PATHS = 3;

/** The lines of the command status. */
export function statusLines(status: ShareStatus): readonly string[] {
  const { share, files, folders, bytes: size, device, peers, conflicts } = status;
  const lines: readonly Line[] = [
    ['Share', `${printable(share)}, ${count(files, 'file')} in ${count(folders, 'folder')}, ${bytes(size)}`],
    ['Running', runningInWords(status)],
    ...(device === null ? [] : [['This device', showDevice(device)] as const]),
    ...peers.map((peer) => ['Peer', peerInWords(peer, status.isRunning)] as const),
    ...(files === 0 || !status.isRunning ? [] : [['Safe copies', copiesInWords(status)] as const]),
    ...incomingLines(status.incoming),
    ...problemLines('Waiting', status.waiting),
    ...problemLines('Failed', status.failed),
    ...problemLines('Left out', status.leftOut),
    ...(conflicts === 0
      ? []
      : [['Conflicts', `${count(conflicts, 'copy', 'copies')}; the command conflicts lists them`] as const]),
  ];
  const width = Math.max(...lines.map(([heading]) => heading.length));
  return lines.map(([heading, text]) => `${heading.padEnd(width)} : ${text}`);
}

function runningInWords({ isRunning, sinceMs, isLookedThrough }: ShareStatus): string {
  if (!isRunning) return 'no; this is what was known last';
  const looked = isLookedThrough ? 'all is looked through' : 'being looked through';
  return `since ${timeInWords(sinceMs ?? 0)}, ${looked}`;
}

function peerInWords(peer: PeerStatus, isRunning: boolean): string {
  const { address, isHere, sinceMs, name, why, device } = peer;
  const called = name === null ? '' : ` (${showText(name)})`;
  const since = sinceMs === null ? '' : ` since ${timeInWords(sinceMs)}`;
  const where = isHere ? `here${since}` : `away${since}${why === null ? '' : ` (${showText(why)})`}`;
  const facts = [
    ...(isRunning ? [sinceMs === null ? 'not met yet' : where] : []),
    ...(peer.lacks === null ? [] : [lacksInWords(peer)]),
    ...(device === null ? [] : [`device ${showDevice(device)}`]),
  ];
  return `${address}${called}, ${facts.join(', ')}`.replace(/, $/, '');
}

function lacksInWords({ lacks, owes, hasToldAll }: PeerStatus): string {
  const there = lacks === null || lacks.entries === 0 ? 'lacks nothing' : `lacks ${amountInWords(lacks)}`;
  if (owes !== null && owes.entries > 0) return `${there}, has ${amountInWords(owes)} for us`;
  return hasToldAll ? `${there}, has nothing for us` : `${there}, has not told all that it has`;
}

/** `3 of 3 for 120 files, 1 of 3 for 2 files`; the best first. */
function copiesInWords({ copies }: ShareStatus): string {
  const parts = copies.map((files, index) => [index + 1, files] as const).filter(([, files]) => files > 0);
  return parts
    .reverse()
    .map(([machines, files]) => `${machines} of ${copies.length} for ${count(files, 'file')}`)
    .join(', ');
}

function incomingLines({ files, bytes: size, here, rate, first }: Incoming): readonly Line[] {
  if (files === 0) return [];
  const all = `${count(files, 'file')}, ${progressInWords({ size, here, rate })}`;
  return [['Under way', all], ...first.map((file) => ['', fileInWords(file)] as const)];
}

function fileInWords(file: IncomingFile): string {
  return `${printable(file.path)}, ${progressInWords(file)}`;
}

/** `2 entries, it cannot be read: a, b`; a line for each reason. */
function problemLines(heading: string, problems: readonly Problem[]): readonly Line[] {
  const lines = problems.slice(0, MOST_REASONS).map((problem) => [heading, problemInWords(problem)] as const);
  const more = problems.length - lines.length;
  return more > 0 ? [...lines, [heading, `and for ${count(more, 'other reason')}`]] : lines;
}

function problemInWords({ reason, entries, paths }: Problem): string {
  const shown = paths.slice(0, MOST_PATHS).map(printable);
  const more = entries - shown.length;
  const all = more > 0 ? [...shown, `and ${more} more`] : shown;
  return `${count(entries, 'entry', 'entries')}, ${printable(reason)}: ${all.join(', ')}`;
}
