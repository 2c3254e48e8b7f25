import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { thisBoot } from '../base/process-identity.ts';
import { statShare } from './disk/guard.ts';
import { openIdentity } from './link/identity.ts';
import type { LinksOptions } from './link/links.ts';
import { Pins } from './link/pins.ts';
import { exists } from './model/entry.ts';
import type { Rarely } from './rarely.ts';
import { makeShare, prepareFolders, ShareFolder } from './share-folder.ts';
import type { ShareParameters } from './share-parameters.ts';
import { ShareState } from './state/share-state.ts';

export type Encryption = NonNullable<LinksOptions['encryption']>;

/** What a peer begins with: all that has to be there before anything can be shared. */
export interface PeerBeginning {
  readonly parameters: ShareParameters;
  readonly surroundings: { readonly logger: Logger; readonly clock: Clock; readonly rarely: Rarely };
  readonly folder: ShareFolder;
  /** Open, and its lock held: the peer's to close from then on. */
  readonly state: ShareState;
  readonly encryption: Encryption | undefined;
}

/**
 * Open the folder and what is known of it.
 *
 * @throws LockError, JournalError, ShareDiskError, LinkError: then nothing is held open
 */
export async function beginPeer(
  parameters: ShareParameters,
  surroundings: PeerBeginning['surroundings'],
): Promise<PeerBeginning> {
  const { stateFolder, values } = parameters;
  const bootId = thisBoot();
  const { clock, logger } = surroundings;
  const state = ShareState.open(stateFolder, {
    random: randomBytes,
    clock,
    ...(bootId === undefined ? {} : { bootId }),
  });
  try {
    for (const { level, text } of state.notices) logger[level](text);
    const folder = openFolder(parameters, state, clock);
    await state.recover((path) => folder.lying(path));
    const encryption = values.encryption === 'yes' ? await openEncryption(stateFolder) : undefined;
    return { parameters, surroundings, folder, state, encryption };
  } catch (error) {
    state.close();
    throw error;
  }
}

function openFolder(
  { shareFolder, stateFolder, values }: ShareParameters,
  state: ShareState,
  clock: Clock,
): ShareFolder {
  const kept = state.root;
  // One that was there before is not made anew: its disk may not be there.
  if (kept === undefined) makeShare(shareFolder);
  else statShare(shareFolder);
  const folders = { ...prepareFolders(shareFolder, stateFolder, values.symlinks), leavesDots: !values.hidden };
  const identity = kept === undefined ? undefined : `${kept.dev}:${kept.ino}`;
  const folder = new ShareFolder(folders, clock, {
    kept: identity,
    known: namesIn(state),
    keeper: state,
  });
  const [dev = '', ino = ''] = folder.identity.split(':');
  if (folder.identity !== identity) state.rootIs({ dev: BigInt(dev), ino: BigInt(ino) });
  return folder;
}

/** Names directly in the share that were known last. */
function namesIn(state: ShareState): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { entry } of state.beginning.saved ?? []) {
    if (exists(entry.content) && !entry.path.includes('/')) names.add(entry.path);
  }
  return names;
}

async function openEncryption(stateFolder: string): Promise<Encryption> {
  return { identity: await openIdentity(stateFolder), pins: new Pins(join(stateFolder, 'peers.json')) };
}
