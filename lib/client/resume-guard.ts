import { ClientError } from './client-error.ts';

/** What is known of a file at both ends before it is sent or fetched. */
export interface BothEnds {
  /** The whole file, where it comes from. */
  readonly whole: { readonly size: number; readonly mtimeMs: number | undefined };
  /** What is there already, where it goes to. */
  readonly there: { readonly size: number; readonly mtimeMs: number | undefined };
  /** Is what is there how the file begins? `unknown` where nobody compared. */
  readonly isBeginning: 'yes' | 'no' | 'unknown';
}

/** What the user wants where things are not plain. */
export interface Wish {
  /** Write over what has other content. */
  readonly force: boolean;
  /** Go on without having compared. */
  readonly trusts: boolean;
}

/** What is to be done: nothing, or to move what lies behind so many bytes. */
export type Verdict = 'complete' | { readonly from: number };

// Servers keep and tell times in whole seconds.
const SAME_TIME_MS = 1000;

/**
 * What to do with a file of which something is there already: the one rule for both directions.
 *
 * @param name of what is there, for the message
 * @throws ClientError E_OTHER_FILE, E_OTHER_PART, E_UNSURE: nothing may be moved
 */
export function judge(name: string, { whole, there, isBeginning }: BothEnds, { force, trusts }: Wish): Verdict {
  if (there.size === 0) return whole.size === 0 ? 'complete' : { from: 0 };
  if (isBeginning === 'yes') return there.size === whole.size ? 'complete' : { from: there.size };
  if (force) return { from: 0 };
  if (there.size > whole.size) throw otherFile(name);
  if (there.size === whole.size) {
    if (isBeginning === 'no') throw otherFile(name);
    if (isSameTime(whole.mtimeMs, there.mtimeMs)) return 'complete';
    throw otherFile(name, 'the same size and another time, and nobody can tell whether it is the same');
  }
  if (isBeginning === 'no') {
    throw new ClientError(
      'E_OTHER_PART',
      `${name} is there in part, and the file has changed since: what is there is not how it begins. Nothing was changed; --force begins anew`,
    );
  }
  if (trusts) return { from: there.size };
  throw new ClientError(
    'E_UNSURE',
    `${name} is there in part, and the server tells no hash to compare it by. Nothing was changed; --continue goes on all the same, --force begins anew`,
  );
}

/** What is there has other content, and nobody said that it may be lost. */
export function otherFile(name: string, how = 'other content'): ClientError {
  return new ClientError(
    'E_OTHER_FILE',
    `${name} is there already with ${how}. Nothing was changed; --force writes over it`,
  );
}

/** There may be something, and nobody said that it may be lost. */
export function unseenFile(name: string): ClientError {
  return new ClientError(
    'E_UNSURE',
    `The server does not tell what is at ${name}, or whether there is anything. Nothing was changed; --force writes there all the same`,
  );
}

function isSameTime(one: number | undefined, other: number | undefined): boolean {
  return one !== undefined && other !== undefined && Math.abs(one - other) < SAME_TIME_MS;
}
