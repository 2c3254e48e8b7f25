import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { AccountFile } from '../accounts/account-file.ts';
import { codeOf, messageOf } from '../base/coded-error.ts';
import type { Logger } from '../base/logger.ts';
import { openControl } from '../control/open-control.ts';
import { Certificate } from './certificate.ts';
import { mustBeUsable, writeProblem } from './check-server.ts';
import { refuseDemoFromOutside } from './demo-accounts.ts';
import { Expectations } from './expectations.ts';
import { FtpServer } from './ftp-server.ts';
import { OperationError } from './operation-error.ts';
import type { Owner } from './quota/spaces.ts';
import { reloader } from './reload.ts';
import { RunningServer } from './running-server.ts';
import type { ServerParameterResult, ServerParameters } from './server-parameters.ts';
import { settingsOf } from './server-settings.ts';
import type { ServerSurroundings } from './server-surroundings.ts';
import { logSessions } from './session-log.ts';
import { TransferLog } from './transfer-log.ts';

/** What {@link openServer} works with. */
export interface OpenServerOptions {
  readonly parameters: ServerParameters;
  readonly accounts: AccountFile;
  readonly logger: Logger;
  readonly surroundings: Pick<ServerSurroundings, 'clock' | 'complain'>;
  /** Read the parameters again, as they are now. */
  readonly readAgain: () => Promise<ServerParameterResult>;
}

/** A server that listens. */
export interface OpenServer {
  readonly live: RunningServer;
  /** `127.0.0.1:8808` or `[::1]:8808`; with an implicit port that one, too. */
  readonly where: readonly string[];
  /** Serve nobody any more; transfers may take so long to end, in milliseconds. */
  readonly stop: (withinMs: number) => Promise<void>;
  /** Let go of all else, when it is stopped. */
  readonly close: () => Promise<void>;
}

/**
 * Begin to serve.
 *
 * @throws OperationError E_CERTIFICATE, E_DATA_FOLDER, E_DEMO, E_LISTEN; ControlError E_CONTROL
 */
export async function openServer(options: OpenServerOptions): Promise<OpenServer> {
  const { parameters, accounts, logger, surroundings } = options;
  const { clock } = surroundings;
  const { folder, values } = parameters;
  const certificate = new Certificate();
  const tls = await certificate.read(folder, values);
  const implicitPort = values['tls-implicit-port'];
  await refuseDemoFromOutside(values.listen, accounts);
  // A disk that is not mounted: nobody could log in.
  await mustBeUsable(folder.docs);
  const problem = await writeProblem(folder.docs);
  if (problem !== undefined) logger.warn(`Read only : ${problem}`);
  const expectations = await openExpectations(options);
  const server = new FtpServer({
    accounts,
    clock,
    address: values.listen,
    port: values.port,
    expectations,
    ...settingsWithin(options),
    ...(tls === undefined ? {} : { tls: implicitPort === undefined ? tls : { ...tls, implicitPort } }),
  });
  logSessions(server.events, logger, clock);
  logTransfers(server, options);
  server.events.on('loggedIn', ({ user }) => accounts.noteLogin(user));
  const ownerOf = (name: string) => ownerIn(accounts, name);
  const live = new RunningServer({ server, clock, ownerOf, reload: reloader({ ...options, server, certificate }) });
  const control = await openControl({ accounts, folder, live, logger, clock });
  const {
    address,
    port,
    implicitPort: second,
  } = await listen(server, values).catch(async (error: unknown) => {
    await control.close();
    throw error;
  });
  const host = isIPv6(address) ? `[${address}]` : address;
  const where = [
    `${host}:${port}`,
    ...(second === undefined ? [] : [`${host}:${second}, with TLS from the first byte`]),
  ];
  for (const place of where) logger.info(`Listening : ${place}`);
  const clearedAway = clearAway(options);
  const close = async () => {
    // To remove many files may take hours: what is left of them waits for the next start.
    accounts.homes.close();
    await expectations.settled();
    await clearedAway;
    await control.close();
  };
  return { live, where, stop: (withinMs) => server.stop(withinMs), close };
}

/** What `user del --purge` was to remove when the process was ended meanwhile. Never refused: the server can do without. */
async function clearAway({ accounts, logger }: OpenServerOptions): Promise<void> {
  try {
    const { removed, problems } = await accounts.homes.removeLeft();
    if (removed > 0) logger.info(`Cleared away : ${removed} home folders of users who were removed`);
    for (const problem of problems) logger.warn(`Not cleared away : ${messageOf(problem)}`);
  } catch (error) {
    logger.warn(`Not cleared away : ${messageOf(error)}`);
  }
}

function openExpectations({ parameters, logger }: OpenServerOptions): Promise<Expectations> {
  const file = join(parameters.folder.root, 'users', 'expectations.json');
  return Expectations.open(file, (message) => logger.warn(`Promises of uploads : ${message}`));
}

function ownerIn(accounts: AccountFile, name: string): Owner {
  const home = accounts.homeOf(name);
  const createdMs = accounts.user(name)?.createdMs;
  return createdMs === undefined ? { home } : { home, createdMs };
}

async function listen(server: FtpServer, { listen: address, port }: ServerParameters['values']) {
  try {
    return await server.listen();
  } catch (cause) {
    const why = reasons[codeOf(cause) ?? ''] ?? messageOf(cause);
    throw new OperationError('E_LISTEN', `Cannot listen on ${address} port ${port}: ${why}`, { cause });
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program does already; take another --port',
  EADDRNOTAVAIL: 'it is no address of this machine',
  EACCES: 'there is no permission; ports below 1024 need a right of their own, or take another --port',
};

function logTransfers(server: FtpServer, { parameters, surroundings }: OpenServerOptions): void {
  const { folder, values } = parameters;
  if (!values.xferlog) return;
  const { clock, complain } = surroundings;
  const file = join(folder.log, 'xferlog');
  const log = new TransferLog({ file, clock, isUtc: values['log-utc'], onProblem: complain });
  server.events.on('transferEnded', (end) => log.note(end));
}

function settingsWithin({ parameters: { values }, logger }: OpenServerOptions) {
  const settings = settingsOf(values);
  if (settings.admission.sessions < values['max-sessions']) {
    logger.warn(
      `Fewer sessions than asked for : ${settings.admission.sessions}, since the system allows too few open files`,
    );
  }
  return settings;
}
