import { randomBytes } from 'node:crypto';
import { type BigIntStats, constants, mkdirSync } from 'node:fs';
import { copyFile, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setAttributes } from './attributes.ts';
import { isExecutable, mtimeMsOf } from './glance.ts';
import { TO_READ } from './read-flags.ts';
import { isSameFile } from './same-file.ts';

const FRESH_COPY = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;

// Reads of that size take turns with others that read.
const COMPARED_AT_ONCE = 1024 * 1024;

// Nobody guesses it; to ask for randomness for each of many small files takes longer than to write them.
const RUN = randomBytes(12).toString('hex');
let names = 0;

/** A name that nobody else has chosen. */
export function freshName(folder: string): string {
  names += 1;
  return join(folder, `${RUN}-${names}.copy`);
}

/**
 * Copy a file with its time and its rights, as far as they count among peers; links are followed.
 *
 * @param to where nothing is
 * @returns what was copied; `undefined` when it was changed meanwhile: then there is no copy
 */
export async function copyWhole(from: string, to: string): Promise<BigIntStats | undefined> {
  const before = await stat(from, { bigint: true });
  // Who opens a pipe waits for whoever writes to it.
  if (!before.isFile()) return undefined;
  await copyFile(from, to, FRESH_COPY);
  const after = await stat(from, { bigint: true });
  if (isSameFile(before, after)) {
    const attributes = { mtimeMs: mtimeMsOf(before), isExecutable: isExecutable(before) };
    setAttributes(to, attributes, Number(before.mode & 0o777n));
    return before;
  }
  await rm(to);
  return undefined;
}

/** An empty folder of this process. */
export function freshFolder(folder: string): string {
  const made = freshName(folder);
  mkdirSync(made);
  return made;
}

/** Do two files have the same bytes? Links are followed. */
export async function haveSameBytes(one: string, other: string): Promise<boolean> {
  const a = await open(one, TO_READ);
  try {
    const b = await open(other, TO_READ);
    try {
      if ((await a.stat()).size !== (await b.stat()).size) return false;
      const left = Buffer.alloc(COMPARED_AT_ONCE);
      const right = Buffer.alloc(COMPARED_AT_ONCE);
      for (let at = 0; ; ) {
        const { bytesRead } = await a.read(left, 0, left.length, at);
        if (bytesRead === 0) return true;
        if ((await b.read(right, 0, bytesRead, at)).bytesRead !== bytesRead) return false;
        if (left.compare(right, 0, bytesRead, 0, bytesRead) !== 0) return false;
        at += bytesRead;
      }
    } finally {
      await b.close();
    }
  } finally {
    await a.close();
  }
}
