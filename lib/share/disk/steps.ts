import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
} from 'node:fs';
import { codeOf } from '../../base/coded-error.ts';
import { secondsOf } from './attributes.ts';
import { mtimeMsOf, type Shareable } from './glance.ts';
import { isSameFile } from './same-file.ts';

/** `changed`: something else lies there than what was expected, and it stays as it is. */
export type StepResult = 'done' | 'changed';

// The file system knows no hard links, or not for a file of another user (protected_hardlinks), or the file has too many.
const NO_LINK: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK']);

const FRESH_COPY = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;

/** Move a file to a place where nothing is; nothing is ever overwritten. */
export function putFile(file: string, where: string): StepResult {
  try {
    linkSync(file, where);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'changed';
    if (!NO_LINK.has(codeOf(error))) throw error;
    if (lstatSync(where, { throwIfNoEntry: false }) !== undefined) return 'changed';
    renameSync(file, where);
    return 'done';
  }
  unlinkSync(file);
  return 'done';
}

/**
 * Put a file in place of another one, or of a link. At every moment the one or the other is there.
 *
 * @param found what is expected there
 * @param kept where the old one is to be kept, and nothing is; `undefined` where it need not be
 */
export function replaceWith(file: string, where: string, found: Shareable, kept: string | undefined): StepResult {
  if (kept !== undefined && keep(where, found, kept) === 'changed') return 'changed';
  try {
    renameSync(file, where);
  } catch (error) {
    if (kept !== undefined) unlinkSync(kept);
    throw error;
  }
  return 'done';
}

/**
 * Move what is expected to another place, where nothing is.
 *
 * It is looked at only there, where nobody else changes it, and put back when it is not what was expected.
 */
export function moveAway(where: string, found: Shareable, place: string): StepResult {
  renameSync(where, place);
  if (isExpected(place, found)) return 'done';
  putBack(place, where);
  return 'changed';
}

/** Put back what was moved away; when something lies there again, it stays where it is. */
export function putBack(place: string, where: string): void {
  if (!lstatSync(place).isDirectory()) putFile(place, where);
  else if (lstatSync(where, { throwIfNoEntry: false }) === undefined) renameSync(place, where);
}

/** @returns `changed` also for a folder in which something is */
export function removeFolder(where: string): StepResult {
  try {
    rmdirSync(where);
    return 'done';
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOENT' || code === 'ENOTDIR') return 'changed';
    throw error;
  }
}

export function putFolder(where: string): StepResult {
  try {
    mkdirSync(where);
    return 'done';
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'changed';
    throw error;
  }
}

/** Give what lies at a place a second name; what a link leads to stays where it is, and the link is kept. */
function keep(where: string, found: Shareable, kept: string): StepResult {
  if (found.link !== undefined) {
    symlinkSync(readlinkSync(where), kept);
    return keptIf(isExpected(where, found), kept);
  }
  try {
    linkSync(where, kept);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'EEXIST') return 'changed';
    if (!NO_LINK.has(code)) throw error;
    copyFileSync(where, kept, FRESH_COPY);
    utimesSync(kept, secondsOf(Number(found.stats.atimeMs)), secondsOf(mtimeMsOf(found.stats)));
    bring(kept);
    return keptIf(isExpected(where, found), kept);
  }
  return keptIf(isExpected(kept, found), kept);
}

/** What was kept of something else is not needed. */
function keptIf(isRight: boolean, kept: string): StepResult {
  if (isRight) return 'done';
  unlinkSync(kept);
  return 'changed';
}

/** Onto the disk: what it is a copy of is replaced next, and after a power failure it would be the only one. */
function bring(file: string): void {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A link that is another one leads elsewhere, or will. */
function isExpected(where: string, { stats, link }: Shareable): boolean {
  const now = lstatSync(where, { bigint: true, throwIfNoEntry: false });
  return now !== undefined && isSameFile(now, link ?? stats);
}
