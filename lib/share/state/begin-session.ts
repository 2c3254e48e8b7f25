import type { Session } from './kept.ts';

/** Something that the user of the program has to know. */
export interface StateNotice {
  readonly level: 'info' | 'warn';
  readonly text: string;
}

/** In which circumstances a session begins. */
export interface Circumstances {
  /** The one before did not end in order. */
  readonly isCutOff: boolean;
  /** Why what was there could not be used. */
  readonly doubt?: string;
  readonly folderIno: bigint;
  readonly bootId?: string | undefined;
  readonly random: (bytes: number) => Buffer;
}

/** What follows from that. */
export interface BegunSession {
  readonly session: Session;
  /** The machine was started anew since the session before, or nobody can tell. */
  readonly isOtherBoot: boolean;
  readonly notices: readonly StateNotice[];
}

/**
 * Under which id a peer goes on.
 *
 * Under a new one when something may be lost that others were told: they would take what is counted anew for what they know. A
 * process that dies loses nothing of what it wrote, the machine may. And under a new one in a copy of the state, whose original
 * goes on under the old one.
 *
 * @param before the session before; `undefined` when there was none
 */
export function beginSession(before: Session | undefined, circumstances: Circumstances): BegunSession {
  const { bootId = '', folderIno } = circumstances;
  const isOtherBoot = bootId === '' || before?.bootId !== bootId;
  const notice = noticeOf(before, circumstances, isOtherBoot);
  const replica = before !== undefined && notice === undefined ? before.replica : newId(circumstances.random);
  return {
    session: { replica, bootId, folderIno },
    isOtherBoot,
    notices: notice === undefined ? [] : [notice],
  };
}

/** Why this peer goes on under a new id; `undefined` when it does not. */
function noticeOf(
  before: Session | undefined,
  { doubt, isCutOff, folderIno }: Circumstances,
  isOtherBoot: boolean,
): StateNotice | undefined {
  if (doubt !== undefined)
    return { level: 'warn', text: `the database of the share cannot be used: ${doubt}; a new one was begun` };
  if (before === undefined) return { level: 'info', text: 'a new database of the share was begun' };
  if (before.folderIno !== folderIno)
    return { level: 'info', text: 'this is a copy of the state of another peer: it goes on as a new peer' };
  if (isCutOff && isOtherBoot)
    return {
      level: 'info',
      text: 'the machine stopped without a warning: this peer compares all with the others anew',
    };
  return undefined;
}

/** The id of a new peer. @param random bytes */
export function newId(random: Circumstances['random']): string {
  return random(8).toString('hex');
}
