import { EventEmitter } from 'node:events';
import type { LogFacts } from '../../lib/base/logger.ts';
import type { FtpServerEvents } from '../../lib/server/session-events.ts';
import { logSessions } from '../../lib/server/session-log.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { type RecordingLogger, recordingLogger } from '../support/recording-logger.ts';

const session = { id: 7, remoteAddress: '192.0.2.7', remotePort: 4711 };

describe('logSessions', () => {
  let events: EventEmitter<FtpServerEvents>;
  let logger: RecordingLogger;
  let clock: ManualClock;

  beforeEach(() => {
    events = new EventEmitter();
    logger = recordingLogger();
    clock = new ManualClock();
    logSessions(events, logger, clock);
  });

  function ask(verb: string, argument: string, code: number, text: string): void {
    events.emit('requestReceived', { session, verb, argument });
    events.emit('replySent', { session, code, text: `${code} ${text}\r\n` });
  }

  const above = () => logger.lines.filter((line) => !line.startsWith('debug '));

  it('tells of a flood of refused connections once a second', () => {
    const refuse = () => events.emit('connectionRefused', { remoteAddress: '192.0.2.7', reason: 'Too many' });
    for (let count = 0; count < 1000; count += 1) refuse();
    clock.advance(1000);
    refuse();
    refuse();
    expect(logger.lines).toEqual([
      'warn Connection refused : from 192.0.2.7, Too many',
      'warn Connection refused : from 192.0.2.7, Too many, and 999 more since the last line like this',
    ]);
  });

  it('tells of a flood of TLS handshakes that failed once a second, each on one line', () => {
    const reason = `wrong version\n${'number'.repeat(100)}`;
    const fail = () => events.emit('tlsFailed', { session, connection: 'control', reason });
    for (let count = 0; count < 1000; count += 1) fail();
    clock.advance(1000);
    events.emit('tlsFailed', { session, connection: 'data', reason: 'no shared cipher' });
    fail();
    const [first = '', ...others] = logger.lines;
    expect(first).toMatch(
      /^warn TLS failed : session 7, from 192\.0\.2\.7, control connection, wrong version\\nnumber/,
    );
    expect(first.length).toBeLessThan(300);
    expect(others).toEqual([
      'warn TLS failed : session 7, from 192.0.2.7, data connection, no shared cipher, and 999 more since the last line like this',
    ]);
  });

  it('tells what was changed and what was refused, and the rest at the level debug', () => {
    ask('NOOP', '', 200, 'OK');
    ask('DELE', 'a', 250, 'File removed');
    ask('DELE', 'a', 550, 'No such file');
    ask('XYZZY', 'a', 500, 'There is no such command');
    expect(above()).toEqual([
      'info Done : session 7, "DELE a"',
      'info Refused : session 7, "DELE a", "550 No such file"',
      'info Refused : session 7, "XYZZY a", "500 There is no such command"',
    ]);
    expect(logger.lines.length).toBe(4 + 4 + 3);
  });

  it('tells a transfer once, with what it was answered', () => {
    events.emit('requestReceived', { session, verb: 'STOR', argument: 'a' });
    events.emit('replySent', { session, code: 150, text: '150 Go on\r\n' });
    const end = {
      session,
      user: 'steve',
      verb: 'STOR',
      argument: 'a',
      cwd: '/',
      type: 'I',
      bytes: 3,
      tookMs: 5,
    } as const;
    events.emit('transferEnded', { ...end, code: 552, text: 'Over quota' });
    events.emit('replySent', { session, code: 552, text: '552 Over quota\r\n' });
    expect(above()).toEqual([
      'info Transfer not done : session 7, user "steve", "STOR a" in "/", "552 Over quota", 3 bytes in 5 ms',
    ]);
  });

  it('threat 16: shows little of what comes before the login, in the facts as well', () => {
    const told: string[] = [];
    const note = (message: string, facts?: LogFacts) => void told.push(JSON.stringify({ message, facts }));
    logSessions(events, { ...logger, debug: note, info: note, warn: note, error: note }, clock);
    const text = '\u202e'.repeat(4000);
    ask('CWD', text, 530, 'Log in');
    events.emit('loginRefused', { session, user: text, code: 530, text: 'Name or password is wrong' });
    const [asked = '', , refused = '', login = ''] = told;
    expect(refused).toContain(`CWD ${'\\\\u{202e}'.repeat(120)}...`);
    expect(login).toContain(`user \\"${'\\\\u{202e}'.repeat(120)}...\\"`);
    for (const line of [asked, refused, login]) expect(line.length).toBeLessThan(1_500);
  });

  it('escapes what a client sent, and shows a path to its end', () => {
    events.emit('loggedIn', { session, user: 'steve' });
    logger.lines.splice(0);
    const path = 'a/'.repeat(2000);
    ask('MKD', path, 257, 'made');
    ask('MKD', 'b"\n\u202e', 553, 'No');
    expect(above()).toEqual([
      `info Done : session 7, "MKD ${path}"`,
      'info Refused : session 7, "MKD b\\"\\n\\u{202e}", "553 No"',
    ]);
  });

  it('tells of who is kept out, of strangers on a passive port, and of faults', () => {
    events.emit('banned', { kind: 'user', name: 'a"b', untilMs: Date.UTC(2026, 0, 2), failures: 3 });
    events.emit('strangerRefused', { session, remoteAddress: '192.0.2.8' });
    events.emit('strangerRefused', { session, remoteAddress: undefined });
    events.emit('commandFailed', { session, verb: 'STOR', reason: 'EIO: i/o error, write' });
    events.emit('sessionFailed', { session, reason: 'x is not a function' });
    expect(logger.lines).toEqual([
      'warn Banned : user "a\\"b" until 2026-01-02T00:00:00.000Z, after 3 wrong logins',
      'warn Stranger refused : session 7, 192.0.2.8 came to its passive port',
      'warn Stranger refused : session 7, somebody who is gone came to its passive port',
      'error Command failed : session 7, STOR, EIO: i/o error, write',
      'error Session failed : session 7, x is not a function',
    ]);
  });

  it('forgets a session that is closed', () => {
    events.emit('requestReceived', { session, verb: 'STOR', argument: 'a' });
    events.emit('sessionClosed', { session });
    events.emit('replySent', { session, code: 421, text: '421 The server is closing\r\n' });
    expect(above()).toEqual(['info Session closed : session 7']);
  });
});
