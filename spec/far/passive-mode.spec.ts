import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { freePort } from '../support/foreign/free-port.ts';
import { requireServer, serverKinds, startForeignServer } from '../support/foreign-server.ts';
import type { ScriptedCommand } from '../support/scripted-server.ts';
import { SilentPort } from '../support/silent-port.ts';
import { refusalOf } from '../support/transport-probe.ts';
import { talks } from './talk-rig.ts';

type Answer = (command: ScriptedCommand) => Promise<string>;

/** An ordinary answer the first `times`, then another one; or the other way round. */
const first =
  (times: number, early: Answer, late: Answer): Answer =>
  (command) =>
    command.before < times ? early(command) : late(command);
const ordinary: Answer = (command) => command.ordinary();
const says =
  (text: string): Answer =>
  async () =>
    text;

describe('PassiveMode', () => {
  const start = talks();
  const asked = (verbs: readonly string[]) => verbs.filter((verb) => verb === 'EPSV' || verb === 'PASV').join(' ');

  it('asks by EPSV', async () => {
    const { talk, server, source } = await start();
    await talk.upload(source('1', 'a'));
    await talk.upload(source('2', 'b'));
    expect(asked(server.verbs)).toBe('EPSV EPSV');
  });

  for (const [what, reply] of [
    ['is refused', '500 what?'],
    ['is refused since the server has no IPv6', '522 use (1)'],
    ['is answered with nonsense', '229 come in'],
    ['is answered as if it were PASV', '227 come (127,0,0,1,4,1)'],
  ] as const) {
    it(`asks by PASV where EPSV ${what}, and remembers it, on other connections of the worker, too`, async () => {
      const { talk, server, source } = await start({
        script: {
          EPSV: reply,
          // The first connection ends behind the first file.
          MFMT: first(
            1,
            async ({ control, ordinary: answer }) => {
              control.end(`${await answer()}\r\n`);
              return new Promise(() => undefined);
            },
            ordinary,
          ),
        },
        rules: { attempts: 3 },
      });
      await talk.upload(source('1', 'a'));
      await talk.upload(source('2', 'b'));
      expect(server.sessions).toBe(2);
      expect(asked(server.verbs)).toMatch(/^EPSV( PASV)+$/);
      expect(server.files.get('/b')?.toString()).toBe('2');
    });
  }

  it('asks by PASV where the port of EPSV is refused, on the same control connection', async () => {
    const port = await freePort();
    const { talk, server, source } = await start({ script: { EPSV: `229 come (|||${port}|)` } });
    await talk.upload(source('1', 'a'));
    await talk.upload(source('2', 'b'));
    expect([asked(server.verbs), server.sessions]).toEqual(['EPSV PASV PASV', 1]);
    expect([...server.files.keys()]).toEqual(['/a', '/b']);
  });

  it('asks by PASV where a firewall swallows the port of EPSV', async () => {
    const silent = await SilentPort.open();
    try {
      const { talk, server, source } = await start({
        script: { EPSV: `229 come (|||${silent.port}|)` },
        rules: { timeoutMs: 300 },
      });
      await talk.upload(source('1', 'a'));
      expect([asked(server.verbs), server.sessions]).toEqual(['EPSV PASV', 1]);
      expect(server.files.get('/a')?.toString()).toBe('1');
    } finally {
      await silent.close();
    }
  });

  it('takes an EPSV that is refused for now as no reason to ask by PASV for ever', async () => {
    const { talk, server, source } = await start({
      script: { EPSV: first(1, says('425 Address already in use'), ordinary) },
    });
    for (const name of ['a', 'b']) await talk.upload(source('1', name));
    expect(asked(server.verbs)).toBe('EPSV PASV EPSV');
  });

  it('goes on with EPSV where that had worked before', async () => {
    const port = await freePort();
    const { talk, server, source } = await start({
      script: { EPSV: (command) => (command.before === 1 ? `229 come (|||${port}|)` : ordinary(command)) },
    });
    for (const name of ['a', 'b', 'c']) await talk.upload(source('1', name));
    expect(asked(server.verbs)).toBe('EPSV EPSV PASV EPSV');
  });

  it('tries EPSV again when a PASV that had worked fails', async () => {
    const { talk, server, source } = await start({
      script: { EPSV: first(1, says('500 what?'), ordinary), PASV: first(1, ordinary, says('500 what?')) },
    });
    await talk.upload(source('1', 'a'));
    expect((await refusalOf(talk.upload(source('1', 'b')))).code).toBe('E_REFUSED');
    await talk.upload(source('1', 'c'));
    expect(asked(server.verbs)).toBe('EPSV PASV PASV EPSV');
  });

  it('keeps to PASV when only the connection broke', async () => {
    const { talk, server, source } = await start({
      script: {
        EPSV: '500 what?',
        PASV: (command) => {
          if (command.before !== 1) return ordinary(command);
          command.control.destroy();
          return undefined;
        },
      },
      rules: { attempts: 2 },
    });
    await talk.upload(source('1', 'a'));
    await talk.upload(source('1', 'b'));
    expect([asked(server.verbs), server.sessions]).toEqual(['EPSV PASV PASV PASV', 2]);
  });

  it('fails with E_DATA, to be tried again on the same control connection, when no port can be reached', async () => {
    const port = await freePort();
    const { talk, server, source } = await start({
      script: {
        EPSV: first(1, says(`229 come (|||${port}|)`), ordinary),
        PASV: `227 come (127,0,0,1,${port >> 8},${port & 255})`,
      },
      rules: { attempts: 2 },
    });
    await talk.upload(source('1', 'a'));
    expect([asked(server.verbs), server.sessions]).toEqual(['EPSV PASV EPSV', 1]);
    expect(server.files.get('/a')?.toString()).toBe('1');
  });

  it('says which port could not be reached, and why', async () => {
    const port = await freePort();
    const { talk, source } = await start({ script: { EPSV: `229 come (|||${port}|)`, PASV: '500 what?' } });
    const error = await refusalOf(talk.upload(source('1')));
    expect([error.code, error.retry]).toEqual(['E_DATA', true]);
    expect(error.message).toBe(`No data connection: 127.0.0.1:${port} cannot be reached (ECONNREFUSED)`);
  });

  it('does not ask a full server a second time', async () => {
    const { talk, server, source } = await start({ script: { EPSV: '421 too many' } });
    expect((await refusalOf(talk.upload(source('1')))).code).toBe('E_CAPACITY');
    expect(asked(server.verbs)).toBe('EPSV');
  });

  it('connects anew when the control connection breaks while it asks', async () => {
    const { talk, server, source } = await start({
      script: {
        EPSV: first(
          1,
          async ({ control }) => {
            control.destroy();
            return new Promise(() => undefined);
          },
          ordinary,
        ),
      },
      rules: { attempts: 2 },
    });
    await talk.upload(source('1', 'a'));
    expect([asked(server.verbs), server.sessions]).toEqual(['EPSV EPSV', 2]);
  });

  for (const [what, address] of [
    ['a private address', '10,11,12,13'],
    ['the address of another machine', '203,0,113,9'],
    ['no address', '0,0,0,0'],
  ] as const) {
    it(`goes to the host of the control connection when PASV tells ${what}`, async () => {
      const { talk, server, source } = await start({
        script: {
          EPSV: '500 what?',
          PASV: async (command) => (await command.ordinary()).replace('127,0,0,1', address),
        },
      });
      await talk.upload(source('content', 'a'));
      expect(server.files.get('/a')?.toString()).toBe('content');
    });
  }

  it('does not let the server send it to a port of our own network', async () => {
    // The bounce: the address told is one where somebody listens, the host of the control connection has no such port.
    const other = createServer().listen(0, '127.0.0.2');
    await once(other, 'listening');
    const knocks: unknown[] = [];
    other.on('connection', (socket) => knocks.push(socket.destroy()));
    const { port } = other.address() as { port: number };
    const { talk, source } = await start({
      script: { EPSV: '500 what?', PASV: `227 come (127,0,0,2,${port >> 8},${port & 255})` },
    });
    await refusalOf(talk.upload(source('1')));
    other.close();
    expect(knocks).toEqual([]);
  });

  it('asks by EPSV only where the user says so', async () => {
    const { talk, server, source } = await start({ script: { EPSV: '500 what?' }, rules: { passive: 'EPSV' } });
    expect((await refusalOf(talk.upload(source('1')))).message).toContain('500 what?');
    expect(asked(server.verbs)).toBe('EPSV');
  });

  it('asks by PASV only where the user says so', async () => {
    const { talk, server, source } = await start({ rules: { passive: 'PASV' } });
    await talk.upload(source('1', 'a'));
    await talk.list('');
    expect(asked(server.verbs)).toBe('PASV PASV');
  });

  it('says why PASV leads nowhere when the server was reached over IPv6', async () => {
    // The way to it is for the control connection only: its data ports are those of IPv4.
    const way = createServer((from) => {
      const on = connect(onward, '127.0.0.1').on('error', () => from.destroy());
      from
        .on('error', () => on.destroy())
        .pipe(on)
        .pipe(from);
    });
    let onward = 0;
    way.listen(0, '::1');
    await once(way, 'listening');
    const { port } = way.address() as { port: number };
    const { talk, server, source } = await start({ site: { host: '::1', port }, rules: { passive: 'PASV' } });
    onward = server.port;
    const error = await refusalOf(talk.upload(source('1')));
    way.close();
    expect([error.code, error.message]).toEqual([
      'E_DATA',
      jasmine.stringMatching(/^No data connection: \[::1\]:\d+ cannot be reached .* PASV is for IPv4, but the server/),
    ]);
  });

  for (const kind of serverKinds) {
    it(`sends and lists by PASV as well on ${kind}`, async () => {
      requireServer(kind);
      const foreign = await startForeignServer(kind);
      try {
        const { host, port, user, password } = foreign;
        const { talk, source } = await start({
          site: { host, port, user, password, directory: '' },
          rules: { passive: 'PASV' },
        });
        await talk.upload(source('content', 'a'));
        expect((await talk.list('')).map(({ name, size }) => [name, size])).toEqual([['a', 7]]);
        await talk.disconnect();
      } finally {
        await foreign.stop();
      }
    }, 60_000);
  }
});
