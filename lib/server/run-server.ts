import { AccountFile } from '../accounts/account-file.ts';
import { PasswordHasher } from '../accounts/password.ts';
import { endBySignal } from '../base/end-of-process.ts';
import { exitStatus } from '../base/exit-status.ts';
import { FileLock } from '../base/file-lock.ts';
import { type HangUp, listenForHangUp } from '../base/hang-up.ts';
import type { Logger } from '../base/logger.ts';
import { listenForStop } from '../base/stop-signals.ts';
import { logFaults } from './last-resort.ts';
import { type OpenServer, openServer } from './open-server.ts';
import { openServerLog } from './server-log.ts';
import type { ServerParameterResult, ServerParameters } from './server-parameters.ts';
import type { ServerSurroundings } from './server-surroundings.ts';

/** What {@link runServer} works with. */
export interface RunServer {
  readonly parameters: ServerParameters;
  readonly surroundings: Pick<ServerSurroundings, 'clock' | 'writeLine' | 'complain'>;
  /** Read the parameters again, as they are now. */
  readonly readAgain: () => Promise<ServerParameterResult>;
}

// What is left to do when nobody is served any more are two small files. Nobody shall have to kill a server that was stopped.
const END_WITHIN_MS = 5_000;

/** That of PasswordHasher. */
const USUAL_COST = undefined;

/**
 * Serve until a signal asks for the end.
 *
 * @returns the exit status
 * @throws LockError, AccountsError, OperationError when it cannot begin
 */
export async function runServer(run: RunServer): Promise<number> {
  const { folder, values } = run.parameters;
  const lock = FileLock.take(folder.lockFile);
  // From the first moment: SIGHUP would end the process.
  const hangUp = listenForHangUp();
  try {
    const log = openServerLog(folder, values, run.surroundings);
    // A second signal ends the process in the midst of things.
    const flush = () => log.flush();
    process.on('exit', flush);
    const silence = logFaults(log.logger);
    try {
      return await withAccounts(run, log.logger, hangUp);
    } finally {
      silence();
      await log.close();
      process.off('exit', flush);
    }
  } finally {
    hangUp.release();
    lock.release();
  }
}

async function withAccounts(run: RunServer, logger: Logger, hangUp: HangUp): Promise<number> {
  const { folder, values } = run.parameters;
  const hasher = new PasswordHasher(USUAL_COST, values['max-waiting-logins']);
  const accounts = await AccountFile.open(folder, { hasher });
  try {
    const server = await openServer({ ...run, logger, accounts });
    hangUp.tell(() => void server.live.reload());
    return await serve(run, logger, server);
  } finally {
    await accounts.close();
  }
}

async function serve({ parameters, surroundings }: RunServer, logger: Logger, server: OpenServer): Promise<number> {
  const { folder, values } = parameters;
  const seconds = values['stop-timeout'];
  let stoppedBy: NodeJS.Signals = 'SIGTERM';
  const stop = listenForStop((name) => {
    stoppedBy = name;
    logger.info(`Stopping on ${name} : transfers may take up to ${seconds} s to end`);
  });
  try {
    for (const where of server.where) surroundings.writeLine(`MiniFTP listens on ${where}`);
    await new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve(), { once: true }));
    await server.stop(seconds * 1000);
    const end = () => {
      // The log of before may be closed by now.
      const log = openServerLog(folder, values, surroundings);
      log.logger.error('Not ended in order : a disk does not answer, the process is ended by force');
      log.flush();
      endBySignal(stop.status(), stoppedBy);
    };
    setTimeout(end, END_WITHIN_MS).unref();
    await server.close();
    logger.info('Stopped : nobody is served any more');
    return exitStatus.done;
  } finally {
    stop.release();
  }
}
