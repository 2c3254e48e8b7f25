import { codeOf } from './coded-error.ts';

const NO_ROOM: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Was a write refused because the disk is full, or the share of it that one may use? Later there may be room. */
export function hasNoRoom(error: unknown): boolean {
  return NO_ROOM.has(codeOf(error));
}
