import { once } from 'node:events';
import type { FtpServerEvents } from '../../lib/server/session-events.ts';
import { servedFolder } from '../support/ftp-server.ts';

/** The first thing that a session tells by each, and what has to be asked for that. */
const places: readonly (readonly [keyof FtpServerEvents, readonly string[]])[] = [
  ['sessionOpened', []],
  ['requestReceived', ['NOOP']],
  ['replySent', ['NOOP']],
  ['loggedIn', ['USER steve', 'PASS secret']],
  ['loginRefused', ['USER steve', 'PASS wrong']],
  ['transferEnded', ['USER steve', 'PASS secret', 'RETR a']],
];

describe('A fault in a session', () => {
  const served = servedFolder();

  for (const [event, commands] of places) {
    it(`threat 43: ends it and no other, where it comes from ${event}`, async () => {
      const { server } = served();
      const other = await served().session();
      const line = await served().line();
      for (const command of commands.slice(0, -1)) await line.ask(command);
      const failed = once(server.events, 'sessionFailed');
      const closed = once(server.events, 'sessionClosed');
      server.events.once(event, () => {
        throw new Error('injected');
      });
      if (event === 'sessionOpened')
        void served()
          .line()
          .catch(() => undefined);
      else line.send(`${commands.at(-1)}\r\n`);
      expect((await failed)[0]).toEqual(jasmine.objectContaining({ reason: 'injected' }));
      await closed;
      if (event !== 'sessionOpened') await line.closed();
      expect(await other.code('NOOP')).toBe(200);
      expect(await (await served().session()).code('NOOP')).toBe(200);
    });
  }
});
