import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../base/coded-error.ts';

/** What is looked for in the log. */
export interface LogQuestion {
  /** So many lines at most, the last ones. */
  readonly lines: number;
  /** Only lines in which this name stands as a word. */
  readonly user?: string;
}

// Of each day one, named by it: the last name is the youngest.
const DAY = /^\d{8}\.log$/;

const PIECE_BYTES = 64 * 1024;
// A name that stands nowhere must not have years of logs read.
const MOST_BYTES = 64 * 1024 * 1024;
// No line of ours is as long; what is longer is no log.
const LONGEST_LINE = 1024 * 1024;

/**
 * The last lines of the daily log files of a folder, oldest first.
 *
 * At most 64 MiB are looked through. No folder, no lines.
 *
 * @throws the system's error when a file cannot be read
 */
export async function logTail(folder: string, { lines, user }: LogQuestion): Promise<readonly string[]> {
  const isWanted = user === undefined ? () => true : namesUser(user);
  const found: string[] = [];
  let left = MOST_BYTES;
  for (const name of await daysOf(folder)) {
    const file = await open(join(folder, name), 'r');
    try {
      for await (const line of linesFromTheEnd(file)) {
        left -= Buffer.byteLength(line) + 1;
        if (isWanted(line)) found.push(line);
        if (found.length >= lines || left <= 0) return found.reverse();
      }
    } finally {
      await file.close();
    }
  }
  return found.reverse();
}

async function daysOf(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder))
      .filter((name) => DAY.test(name))
      .sort()
      .reverse();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

// The letters of a name, with none of its other letters beside it: `anna` is not in `joanna` nor in `anna.b`.
function namesUser(user: string): (line: string) => boolean {
  const name = user.replaceAll(/[.+]/g, '\\$&');
  const word = new RegExp(`(?<![\\w.@+-])${name}(?![\\w@+-]|\\.\\w)`);
  return (line) => word.test(line);
}

async function* linesFromTheEnd(file: FileHandle): AsyncGenerator<string, void, undefined> {
  let at = (await file.stat()).size;
  let rest: Buffer = Buffer.alloc(0);
  while (at > 0) {
    const length = Math.min(PIECE_BYTES, at);
    at -= length;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
    const piece = Buffer.concat([buffer.subarray(0, bytesRead), rest]);
    const first = at === 0 ? -1 : piece.indexOf(0x0a);
    if (at > 0 && first < 0) {
      rest = piece.length > LONGEST_LINE ? Buffer.alloc(0) : piece;
      continue;
    }
    rest = piece.subarray(0, first + 1);
    const whole = piece
      .subarray(first + 1)
      .toString('utf8')
      .split('\n');
    for (const line of whole.reverse()) if (line !== '') yield line;
  }
}
