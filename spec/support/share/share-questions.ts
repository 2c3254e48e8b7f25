import { join } from 'node:path';
import type { ShareStatus } from '../../../lib/share/desk/share-desk.ts';
import { type Ended, programs } from '../run-program.ts';
import type { SharePeer } from './share-peer.ts';
import { until } from './until.ts';

const SCRIPT = join(process.cwd(), 'bin/share.js');
const SOON_MS = 20_000;

/** Asks peers by the commands of the program; for the specs of the enclosing `describe`. */
export interface ShareQuestions {
  /** Run a command where a peer is; what runs there goes on. */
  readonly ask: (peer: SharePeer, ...args: readonly string[]) => Promise<Ended>;
  /** The same in JSON; it has to say nothing else. */
  readonly value: <Value>(peer: SharePeer, ...args: readonly string[]) => Promise<Value>;
  /** Wait until the status is so. */
  readonly statusWhen: (peer: SharePeer, isSo: (status: ShareStatus) => boolean) => Promise<ShareStatus>;
}

export function shareQuestions(): ShareQuestions {
  const run = programs();
  const ask: ShareQuestions['ask'] = (peer, ...args) => run(SCRIPT, { cwd: peer.place.folder, args, stdin: '' }).ended;
  const value = async <Value>(peer: SharePeer, ...args: readonly string[]): Promise<Value> => {
    const { stdout, stderr } = await ask(peer, ...args, '--json');
    expect(stderr).toBe('');
    return JSON.parse(stdout) as Value;
  };
  const statusWhen: ShareQuestions['statusWhen'] = (peer, isSo) => {
    let last: ShareStatus | undefined;
    return until(
      async () => {
        last = await value<ShareStatus>(peer, 'status');
        return isSo(last) ? last : undefined;
      },
      SOON_MS,
      () => JSON.stringify(last),
    );
  };
  return { ask, value, statusWhen };
}
