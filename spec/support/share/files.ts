import { randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

export const KiB = 2 ** 10;
export const MiB = 2 ** 20;

const BLOCK = 8 * MiB;

/** A file of bytes that nobody can compress. */
export function writeRandom(path: string, size: number): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'w');
  try {
    for (let at = 0; at < size; at += BLOCK) writeSync(file, randomBytes(Math.min(BLOCK, size - at)));
  } finally {
    closeSync(file);
  }
}

/** What was written of a file is on the disk: nobody is kept waiting for it from here. */
export function bring(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A file of nothing but zeros, which take no room on the disk; with one other byte at its end. */
export function writeSparse(path: string, size: number): void {
  const file = openSync(path, 'w');
  try {
    ftruncateSync(file, size - 1);
    writeSync(file, '!', size - 1);
  } finally {
    closeSync(file);
  }
}

/** A file of words, as people write them. */
export function writeWords(path: string, size: number): void {
  const words = 'the of and to in a is that for it as was with be by on not he his but at are this have from'.split(
    ' ',
  );
  const file = openSync(path, 'w');
  try {
    for (let at = 0; at < size; at += BLOCK) writeSync(file, wordsOf(words, Math.min(BLOCK, size - at)));
  } finally {
    closeSync(file);
  }
}

function wordsOf(words: readonly string[], size: number): string {
  const numbers = randomBytes(Math.ceil(size / 3));
  const text = Array.from(numbers, (number, at) =>
    number < 16 ? `${at}${number}` : words[number % words.length],
  ).join(' ');
  return text.slice(0, size);
}

/** Put other bytes into a file without changing the rest of it. */
export function overwrite(path: string, offset: number, bytes: Buffer): void {
  const file = openSync(path, 'r+');
  try {
    writeSync(file, bytes, 0, bytes.length, offset);
  } finally {
    closeSync(file);
  }
}

/** Put bytes in between: what is behind moves. */
export function insert(path: string, offset: number, bytes: Buffer): void {
  const before = readFileSync(path);
  writeFileSync(path, Buffer.concat([before.subarray(0, offset), bytes, before.subarray(offset)]));
}

/** The folder of the course: fifty files of 1 KiB. */
export function writeFolder(path: string): void {
  for (let number = 1; number <= 50; number += 1) writeRandom(join(path, `${number}`), KiB);
}

/** A program, with its right to be executed. */
export function copyProgram(path: string): void {
  copyFileSync('/bin/true', path);
}
