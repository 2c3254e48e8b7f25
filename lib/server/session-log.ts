import type { EventEmitter } from 'node:events';
import type { Clock } from '../base/clock.ts';
import type { LogFacts, Logger } from '../base/logger.ts';
import { showText } from '../base/show-text.ts';
import type { FtpServerEvents, SessionInfo, TransferEnd } from './session-events.ts';

// As long as a path can be on the systems we know: one that was changed must be found again by its line.
const LONGEST = 4096;
/** Of what comes before the login so much: enough to see what somebody is after, too little to fill the disk with. */
const LONGEST_OF_STRANGERS = 120;
/** Lines that anybody can cause come at most once a second: a flood of them must not fill the disk. */
const STRANGERS_EVERY_MS = 1000;

/** Commands that move files, as against listings. */
const transfers: ReadonlySet<string> = new Set(['RETR', 'STOR', 'APPE', 'STOU']);
/** Commands that change what is there; those with the data connection are told of when it is over. */
const changes: ReadonlySet<string> = new Set('DELE RMD XRMD MKD XMKD RNTO MFMT MFF MFCT SITE RMDA MDTM'.split(' '));

interface Request {
  readonly verb: string;
  readonly argument: string;
}

/** Write what happens in the sessions to the log; every text of a client stands between quotes, escaped. */
export function logSessions(events: EventEmitter<FtpServerEvents>, logger: Logger, clock: Pick<Clock, 'now'>): void {
  logArrivals(events, logger, clock);
  const known = new Set<number>();
  logLogins(events, logger, known);
  logCommands(events, logger, known);
  logHandshakes(events, logger, clock);
  logFaults(events, logger);
}

/**
 * For lines that would come in floods.
 *
 * @returns to be called for each of them; tells how many there were since the last one, when it is time for another
 */
function seldom(clock: Pick<Clock, 'now'>): () => number | undefined {
  let toldAt = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return () => {
    untold += 1;
    if (clock.now() - toldAt < STRANGERS_EVERY_MS) return undefined;
    const count = untold;
    toldAt = clock.now();
    untold = 0;
    return count;
  };
}

function andMore(count: number): string {
  return count > 1 ? `, and ${count - 1} more since the last line like this` : '';
}

function logArrivals(events: EventEmitter<FtpServerEvents>, logger: Logger, clock: Pick<Clock, 'now'>): void {
  const next = seldom(clock);
  events.on('sessionOpened', ({ session }) => {
    const { remoteAddress: address, remotePort: port } = session;
    logger.info(`Session opened : ${nameOf(session)}, from ${address} port ${port}`, {
      session: session.id,
      address,
      port,
    });
  });
  events.on('sessionClosed', ({ session }) => {
    logger.info(`Session closed : ${nameOf(session)}`, { session: session.id });
  });
  events.on('connectionRefused', ({ remoteAddress: address, reason }) => {
    const count = next();
    if (count === undefined) return;
    logger.warn(`Connection refused : from ${address}, ${reason}${andMore(count)}`, { address, reason, count });
  });
}

function logHandshakes(events: EventEmitter<FtpServerEvents>, logger: Logger, clock: Pick<Clock, 'now'>): void {
  const next = seldom(clock);
  events.on('tlsFailed', ({ session, connection, reason: whole }) => {
    const count = next();
    if (count === undefined) return;
    const { id, remoteAddress: address } = session;
    const reason = showText(shortened(whole), LONGEST);
    const what = `${nameOf(session)}, from ${address}, ${connection} connection, ${reason}`;
    logger.warn(`TLS failed : ${what}${andMore(count)}`, { session: id, address, connection, reason, count });
  });
}

/** @param known gets the sessions in which somebody has logged in */
function logLogins(events: EventEmitter<FtpServerEvents>, logger: Logger, known: Set<number>): void {
  events.on('sessionClosed', ({ session }) => known.delete(session.id));
  events.on('loggedIn', ({ session, user }) => {
    known.add(session.id);
    logger.info(`Logged in : ${nameOf(session)}, user ${quoted(user)}`, { session: session.id, user });
  });
  events.on('loginRefused', ({ session, user: tried, code, text }) => {
    const user = shortened(tried);
    const facts = { session: session.id, user, address: session.remoteAddress, code };
    logger.warn(
      `Login refused : ${nameOf(session)}, user ${quoted(user)}, from ${session.remoteAddress}, ${code} ${text}`,
      facts,
    );
  });
  events.on('banned', ({ kind, name, untilMs, failures }) => {
    const until = new Date(untilMs).toISOString();
    logger.warn(`Banned : ${kind} ${quoted(name)} until ${until}, after ${failures} wrong logins`, {
      kind,
      name,
      until,
      failures,
    });
  });
}

function logCommands(events: EventEmitter<FtpServerEvents>, logger: Logger, known: ReadonlySet<number>): void {
  const requests = new Map<number, Request>();
  events.on('requestReceived', ({ session, verb, argument: whole }) => {
    const argument = known.has(session.id) ? whole : shortened(whole);
    requests.set(session.id, { verb, argument });
    if (!logger.tellsDebug) return;
    logger.debug(`Asked : ${nameOf(session)}, ${commandOf(verb, argument)}`, { session: session.id, verb, argument });
  });
  events.on('replySent', ({ session, code, text }) => {
    const request = requests.get(session.id);
    if (logger.tellsDebug)
      logger.debug(`Answered : ${nameOf(session)}, ${quoted(text.trimEnd())}`, { session: session.id, code });
    // 1xx is not the last word. Logins and transfers have lines of their own.
    if (request === undefined || code < 200 || request.verb === 'PASS') return;
    requests.delete(session.id);
    logOutcome(logger, session, request, text.trimEnd());
  });
  events.on('transferEnded', (end) => {
    // Its reply is still to come, and shall not be told twice.
    requests.delete(end.session.id);
    logTransfer(logger, end);
  });
  events.on('sessionClosed', ({ session }) => requests.delete(session.id));
}

function logOutcome(logger: Logger, session: SessionInfo, { verb, argument }: Request, text: string): void {
  const code = Number(text.slice(0, 3));
  if (code < 400 && !changes.has(verb)) return;
  const facts = { session: session.id, verb, argument, code };
  const what = `${nameOf(session)}, ${commandOf(verb, argument)}`;
  if (code >= 400) logger.info(`Refused : ${what}, ${quoted(text)}`, facts);
  else logger.info(`Done : ${what}`, facts);
}

function logTransfer(
  logger: Logger,
  { session, user, verb, argument, cwd, bytes, tookMs, code, text }: TransferEnd,
): void {
  const facts: LogFacts = { session: session.id, user, verb, argument, cwd, bytes, tookMs, code };
  const what = `${nameOf(session)}, user ${quoted(user)}, ${commandOf(verb, argument)} in ${quoted(cwd)}`;
  if (code !== 226)
    logger.info(`Transfer not done : ${what}, ${quoted(`${code} ${text}`)}, ${bytes} bytes in ${tookMs} ms`, facts);
  else if (transfers.has(verb)) logger.info(`Transfer done : ${what}, ${bytes} bytes in ${tookMs} ms`, facts);
  else logger.debug(`Listed : ${what}, ${bytes} bytes in ${tookMs} ms`, facts);
}

function logFaults(events: EventEmitter<FtpServerEvents>, logger: Logger): void {
  events.on('strangerRefused', ({ session, remoteAddress }) => {
    const address = remoteAddress ?? 'somebody who is gone';
    logger.warn(`Stranger refused : ${nameOf(session)}, ${address} came to its passive port`, {
      session: session.id,
      address,
    });
  });
  events.on('commandFailed', ({ session, verb, reason }) => {
    logger.error(`Command failed : ${nameOf(session)}, ${verb}, ${reason}`, { session: session.id, verb, reason });
  });
  events.on('sessionFailed', ({ session, reason }) => {
    logger.error(`Session failed : ${nameOf(session)}, ${reason}`, { session: session.id, reason });
  });
}

function nameOf({ id }: SessionInfo): string {
  return `session ${id}`;
}

function commandOf(verb: string, argument: string): string {
  return argument === '' ? quoted(verb) : quoted(`${verb} ${argument}`);
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length > LONGEST_OF_STRANGERS ? `${characters.slice(0, LONGEST_OF_STRANGERS).join('')}...` : text;
}

function quoted(text: string): string {
  return `"${showText(text, LONGEST)}"`;
}
