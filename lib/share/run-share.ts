import { join } from 'node:path';
import { systemClock } from '../base/clock.ts';
import { codeOf, messageOf } from '../base/coded-error.ts';
import { exitStatus } from '../base/exit-status.ts';
import { type Logger, openLogger } from '../base/logger.ts';
import { hasNoRoom } from '../base/no-room.ts';
import { spareMemory } from '../base/spare-memory.ts';
import { listenForStop } from '../base/stop-signals.ts';
import { withLog } from '../base/with-log.ts';
import { printable } from '../files/printable.ts';
import { ShareDiskError } from './disk/share-disk-error.ts';
import { Peer, type PeerEnd } from './peer.ts';
import { beginPeer, type PeerBeginning } from './peer-beginning.ts';
import { Rarely } from './rarely.ts';
import { assertPlaces, makeStateFolder } from './share-folder.ts';
import type { ShareParameters } from './share-parameters.ts';

/**
 * Keep the folder equal until a signal asks for the end.
 *
 * @returns the exit status
 * @throws CodedError when it cannot begin, or has to stop
 */
export async function runShare(parameters: ShareParameters): Promise<number> {
  spareMemory();
  const { values, shareFolder, stateFolder } = parameters;
  assertPlaces(shareFolder, stateFolder);
  const logs = join(stateFolder, 'log');
  makeStateFolder(logs);
  return withLog(
    (writeLine) =>
      openLog({
        level: values['log-level'],
        format: values['log-format'],
        keepDays: values['log-keep'],
        writeLine,
        file: join(logs, 'share.log'),
      }),
    (logger) => keepEqual(parameters, logger),
  );
}

/** @throws ShareDiskError */
function openLog(options: Parameters<typeof openLogger>[0] & { readonly file: string }): Logger {
  try {
    return openLogger(options);
  } catch (cause) {
    const message = `${printable(options.file)}: it cannot be written (${codeOf(cause) ?? messageOf(cause)})`;
    throw new ShareDiskError('E_SHARE_FOLDER', message, { cause, retry: hasNoRoom(cause) });
  }
}

async function keepEqual(parameters: ShareParameters, logger: Logger): Promise<number> {
  const stop = listenForStop((name) => logger.info(`Stopping on ${name}`));
  const surroundings = { logger, clock: systemClock, rarely: new Rarely() };
  try {
    let end: PeerEnd;
    do end = await shareOnce(parameters, surroundings, stop.signal);
    while (end === 'renewed');
    return exitStatus.done;
  } finally {
    stop.release();
  }
}

async function shareOnce(
  parameters: ShareParameters,
  surroundings: PeerBeginning['surroundings'],
  signal: AbortSignal,
): Promise<PeerEnd> {
  const { logger } = surroundings;
  const peer = new Peer(await beginPeer(parameters, surroundings));
  const faults: unknown[] = [];
  const note = (error: unknown) => {
    logger.error(messageOf(error));
    faults.push(error);
    return undefined;
  };
  const end = await peer.run(signal).catch(note);
  await peer.close().catch(note);
  logger.info('Stopped');
  // What it was ended for: what goes wrong with the closing is often of the same cause, and says less.
  if (end === undefined || faults.length > 0) throw faults[0];
  return end;
}
