import type { Clock } from '../base/clock.ts';
import { codeOf, messageOf } from '../base/coded-error.ts';
import type { Logger } from '../base/logger.ts';
import type { Office } from './actions/action.ts';
import { Administration } from './administration.ts';
import { type AuditEntry, AuditLog } from './audit-log.ts';
import { ControlServer } from './control-server.ts';
import type { LiveServer } from './live-server.ts';

/** What a running server gives to its administrator. */
export interface ControlOptions extends Omit<Office, 'live' | 'clock'> {
  readonly live: LiveServer;
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * Listen to the administrator on the control socket of a data folder, whose lock the caller holds.
 *
 * @returns what is to be closed before the accounts are
 * @throws ControlError E_CONTROL
 */
export async function openControl({ logger, clock, ...office }: ControlOptions): Promise<ControlServer> {
  const audit = new AuditLog(office.folder.auditFile, clock, {
    onEntry: (entry) => logEntry(logger, entry),
    onFault: (error) => logger.error(`Audit not written : ${codeOf(error) ?? messageOf(error)}`),
  });
  const administration = new Administration({ ...office, clock }, audit);
  const server = new ControlServer({
    path: office.folder.controlSocket,
    logIn: (name, password) => administration.logIn(name, password),
    onFault: (error) => {
      logger.error(`Administration failed : ${messageOf(error)}`);
      logger.debug(error instanceof Error ? (error.stack ?? '') : '');
    },
    clock,
  });
  await server.listen();
  return server;
}

function logEntry(logger: Logger, { administrator, action, outcome, asked }: AuditEntry): void {
  const { name, user, id } = asked ?? {};
  const whom = [name, user, id].filter((part) => part !== undefined).join(' ');
  const message = `Administration : ${administrator} ${action} ${whom}, ${outcome}`.replace(' ,', ',');
  if (action === 'login') logger.warn(message);
  else logger.info(message);
}
