import { messageOf } from '../base/coded-error.ts';
import type { Logger } from '../base/logger.ts';
import type { Certificate } from './certificate.ts';
import type { FtpServer } from './ftp-server.ts';
import { OperationError } from './operation-error.ts';
import type { ServerParameterResult, ServerParameters } from './server-parameters.ts';
import { settingsOf, waitingForStart } from './server-settings.ts';

/** What {@link reloader} works with. */
export interface ReloadOptions {
  readonly server: FtpServer;
  readonly certificate: Certificate;
  readonly logger: Logger;
  /** As the server was started. */
  readonly parameters: ServerParameters;
  /** Read the parameters again, as they are now. */
  readonly readAgain: () => Promise<ServerParameterResult>;
}

/**
 * A function that reads settings and certificate again, and has the server go by them.
 *
 * @returns what is wrong with them, one line each; then nothing was changed
 */
export function reloader({ server, certificate, logger, parameters, readAgain }: ReloadOptions) {
  let { values: known } = parameters;
  return async (): Promise<readonly string[]> => {
    const read = await readAgain();
    if (read.kind !== 'parameters') {
      return refused(logger, read.kind === 'faults' ? read.faults.map(({ message }) => message) : []);
    }
    const { folder, values } = read.parameters;
    try {
      server.configure({ ...settingsOf(values), tls: await certificate.read(folder, values) });
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      return refused(logger, [messageOf(error)]);
    }
    const waiting = waitingForStart(known, values);
    known = values;
    const but = waiting.length > 0 ? `, but ${waiting.join(', ')} from the next start on` : '';
    logger.info(`Read again : conf.json holds now${but}`);
    return [];
  };
}

function refused(logger: Logger, problems: readonly string[]): readonly string[] {
  for (const problem of problems) logger.error(`Not read again : ${problem}`);
  return problems;
}
