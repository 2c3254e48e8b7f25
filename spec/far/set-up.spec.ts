import { once } from 'node:events';
import { type AddressInfo, createServer, connect as open, type Server } from 'node:net';
import { TalkToFtpMulti } from '../../lib/far/talk-to-ftp-multi.ts';
import type { TalkRules } from '../../lib/far/transfer-jobs.ts';
import { openTransferPool } from '../../lib/far/transfer-pool.ts';
import { type Script, ScriptedServer } from '../support/scripted-server.ts';
import { talkRules } from '../support/talk-rules.ts';
import { refusalOf } from '../support/transport-probe.ts';

describe('the setting up of a connection', () => {
  let server: ScriptedServer;
  let gate: Server | undefined;
  let talk: TalkToFtpMulti;
  let flights: string[];

  afterEach(async () => {
    await talk.disconnect();
    gate?.close();
    gate = undefined;
    await server.stop();
  });

  /** What the client writes is told, one text for each write; a server behind a narrow gate gets the first line of each. */
  async function start(script: Script, rules: Partial<TalkRules> = {}, isNarrow = false): Promise<void> {
    server = await ScriptedServer.start(script);
    // Of this server only: the goodbye to the one before may still be on its way.
    const told: string[] = [];
    flights = told;
    gate = createServer((client) => {
      const control = open(server.site.port, server.site.host);
      client.on('data', (chunk: Buffer) => {
        told.push(chunk.toString());
        control.write(isNarrow ? `${chunk}`.slice(0, `${chunk}`.indexOf('\n') + 1) : chunk);
      });
      for (const [one, other] of [
        [client, control],
        [control, client],
      ] as const) {
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
      }
      control.pipe(client);
    }).listen(0, '127.0.0.1');
    await once(gate, 'listening');
    const { port } = gate.address() as AddressInfo;
    const site = { ...server.site, port };
    const errand = { site, rules: { ...talkRules, attempts: 3, ...rules } };
    talk = new TalkToFtpMulti(errand, openTransferPool('A', 1), { random: () => 0 });
  }

  const verbs = () => flights.map((flight) => flight.trim().replaceAll(/ .*$/gm, '').replaceAll('\r\n', ' '));

  it('takes two round trips behind the password', async () => {
    await start({ FEAT: '211-I can\n MLST\n211 that' });
    await talk.mkdir('a');
    expect(verbs()).toEqual(['USER', 'PASS', 'FEAT TYPE STRU OPTS PWD', 'OPTS CWD', 'MKD']);
  });

  it('asks one thing at a time where nothing may be sent ahead', async () => {
    await start({}, { pipeline: false });
    await talk.connect();
    await Promise.all([talk.mkdir('a'), talk.mkdir('b')]);
    expect(verbs().filter((flight) => flight.includes(' '))).toEqual([]);
  });

  it('asks one thing at a time at once where the server has lost what was sent ahead, and later on', async () => {
    await start({}, { timeoutMs: 300, attempts: 1 }, true);
    const notes: string[] = [];
    talk.events.on('note', (note) => notes.push(note));
    await talk.connect();
    await Promise.all([talk.mkdir('a'), talk.mkdir('b')]);
    expect(server.sessions).toBe(2);
    expect(verbs().filter((flight) => flight.includes(' '))).toEqual(['FEAT TYPE STRU OPTS PWD']);
    expect([...server.folders]).toEqual(jasmine.arrayContaining(['/a', '/b']));
    expect(notes).toEqual(['no-pipeline']);
  });

  it('asks one thing at a time where the server answers one thing twice', async () => {
    await start({ STRU: ({ session }) => (session === 1 ? '200 yes\r\n200 yes' : '200 yes') });
    await talk.connect();
    expect(verbs().filter((flight) => flight.includes(' '))).toEqual(['FEAT TYPE STRU OPTS PWD']);
  });

  for (const [what, script] of [
    ['is full', { FEAT: ({ session }) => (session === 1 ? '421 too many users' : '500 what?') }],
    [
      'ends the connection',
      {
        FEAT: ({ session, control }) => {
          if (session > 1) return '500 what?';
          control.destroy();
          return undefined;
        },
      },
    ],
  ] as const satisfies readonly (readonly [string, Script])[]) {
    it(`sends ahead again where the server ${what} in between`, async () => {
      await start(script);
      await talk.connect();
      expect(verbs().filter((flight) => flight.startsWith('FEAT'))).toEqual(Array(2).fill('FEAT TYPE STRU OPTS PWD'));
    });
  }

  it('takes the folder after the login also from a server that has another code for it', async () => {
    await start({ PWD: '250 "/home" it is' });
    const relative = { ...server.site, directory: 'below' };
    const other = new TalkToFtpMulti(
      { site: relative, rules: { ...talkRules, attempts: 1 } },
      openTransferPool('A', 1),
    );
    await other.mkdir('a');
    await other.disconnect();
    expect(server.commands).toContain('MKD /home/below/a');
  });

  it('takes a server for full that says so when it is asked one thing at a time', async () => {
    await start({ FEAT: '421 too many users' }, { pipeline: false, attempts: 1 });
    expect((await refusalOf(talk.connect())).code).toBe('E_CAPACITY');
  });

  it('says before the login that names are in UTF-8 where one of them is not plain', async () => {
    await start({});
    const site = { ...server.site, user: 'zoë' };
    const other = new TalkToFtpMulti({ site, rules: talkRules }, openTransferPool('A', 1));
    await other.connect();
    await other.disconnect();
    expect(server.verbs.slice(0, 2)).toEqual(['OPTS', 'USER']);
  });

  for (const [what, script, code] of [
    ['does not know binary transfers', { TYPE: '504 no such type' }, 'E_REFUSED'],
    ['does not tell where it is', { PWD: '550 nowhere' }, 'E_REFUSED'],
    ['has no time for it', { TYPE: '450 not now' }, 'E_BUSY'],
  ] as const) {
    it(`fails when the server ${what}`, async () => {
      await start(script, { attempts: 1 });
      const relative = { ...server.site, directory: 'below' };
      const other = new TalkToFtpMulti(
        { site: relative, rules: { ...talkRules, attempts: 1 } },
        openTransferPool('A', 1),
      );
      const { code: told } = await refusalOf(other.connect());
      await other.disconnect();
      expect(told).toBe(code);
    });
  }
});
