import { join } from 'node:path';
import { messageOf } from '../../base/coded-error.ts';
import type { Logger } from '../../base/logger.ts';
import { DeskServer } from './desk-server.ts';
import { LiveDesk, type LiveDeskOptions } from './live-desk.ts';

/** What a running peer opens and closes. */
export interface OpenedDesk {
  /** Answer from now on. Never refused: a folder is shared all the same where nobody can be answered. */
  readonly open: () => Promise<void>;
  readonly close: () => void;
}

/** A desk for a peer whose links are not started yet. */
export function makeDesk(options: LiveDeskOptions, logger: Pick<Logger, 'warn' | 'error'>): OpenedDesk {
  const server = new DeskServer({
    path: join(options.folder.folders.stateFolder, 'control'),
    desk: new LiveDesk(options),
    clock: options.clock,
    onFault: (error) => logger.error(`Not answered : ${messageOf(error)}`),
  });
  return {
    open: async () => {
      try {
        await server.listen();
      } catch (error) {
        // Not all file systems know sockets.
        logger.warn(`Cannot be asked : ${messageOf(error)}`);
      }
    },
    close: () => server.close(),
  };
}
