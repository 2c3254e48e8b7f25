import { showText } from '../../base/show-text.ts';
import type { ByeReason, Hello } from '../wire/message.ts';

/** Why a connection cannot be used. */
export interface Objection {
  readonly reason: ByeReason;
  /** For the people at the other end. */
  readonly text: string;
  /** For the user here, where it is something else. */
  readonly own?: string;
}

/** What there is to say against who says that. @param own what we say */
export function objectionTo(hello: Hello, own: Hello): Objection | undefined {
  if (hello.protocol !== own.protocol) {
    const newer = hello.protocol > own.protocol ? own : hello;
    const text = `${showText(hello.name)} speaks protocol ${hello.protocol} and ${showText(own.name)} speaks ${own.protocol}: update ${showText(newer.name)}`;
    return { reason: 'protocol', text };
  }
  if (hello.replica === own.replica) return { reason: 'self', text: 'Both ends are the same peer' };
  return undefined;
}

/** What is said to a peer that does not encrypt by one that does, and the other way round. */
export function encryptionDiffers(who: string, encrypts: boolean): string {
  return encrypts
    ? `${who} does not encrypt, and this peer does: start both with the same --encryption`
    : `${who} encrypts, and this peer does not: start both with the same --encryption`;
}
