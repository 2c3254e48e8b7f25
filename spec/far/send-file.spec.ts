import type { Script, ScriptedCommand } from '../support/scripted-server.ts';
import { refusalOf } from '../support/transport-probe.ts';
import { contents, OLD, once, removed, talks, withOld } from './talk-rig.ts';

describe('sendFile', () => {
  const start = talks();

  const startWithOld = (script: Script, attempts?: number) => withOld(start, script, attempts);

  it('compares the size and sets the time before the file has its name', async () => {
    const talk = await startWithOld({});
    const upload = talk.source('new');
    await talk.talk.upload(upload);
    const [stor = '', ...rest] = talk.server.commands.slice(talk.server.verbs.indexOf('STOR'));
    const temporary = stor.slice('STOR '.length);
    expect(temporary).toMatch(/^\/\.filesmirror-0123456789abcdef-[0-9a-f]{16}\.part$/);
    expect(temporary).toBe(`/${talk.talk.temporaryOf(upload)}`);
    expect(rest).toEqual([`SIZE ${temporary}`, `MFMT 20200913122640 ${temporary}`, `RNFR ${temporary}`, 'RNTO /file']);
    expect(contents(talk)).toEqual({ '/file': 'new' });
  });

  for (const [reply, code, retry] of [
    ['550 no', 'E_REFUSED', false],
    ['552 no space', 'E_REFUSED', false],
    ['553 no such name', 'E_REFUSED', false],
    ['452 no space now', 'E_BUSY', true],
    ['426 broken', 'E_BUSY', true],
  ] as const) {
    it(`leaves the old file and no temporary one when STOR is refused with ${reply}`, async () => {
      const talk = await startWithOld({ STOR: reply });
      const error = await refusalOf(talk.talk.upload(talk.source('new')));
      expect([error.code, error.retry, `${error.reply}`]).toEqual([code, retry, reply.slice(0, 3)]);
      expect(contents(talk)).toEqual({ '/file': OLD });
      await expectAsync(talk.talk.mkdir('a')).toBeResolved();
    });

    it(`leaves the old file and no temporary one when the transfer ends with ${reply}`, async () => {
      const talk = await startWithOld({
        STOR: async ({ ordinary }) => {
          await ordinary();
          return reply;
        },
      });
      expect((await refusalOf(talk.talk.upload(talk.source('new')))).code).toBe(code);
      expect(contents(talk)).toEqual({ '/file': OLD });
    });
  }

  it('removes what an earlier try left where nothing may be written over', async () => {
    const talk = await startWithOld({
      STOR: ({ files, argument, ordinary }) => (files.has(argument) ? '550 it is there' : ordinary()),
    });
    const upload = talk.source('new');
    talk.server.files.set(`/${talk.talk.temporaryOf(upload)}`, Buffer.from('a part'));
    await talk.talk.upload(upload);
    expect(contents(talk)).toEqual({ '/file': 'new' });
  });

  it('makes the file anew in another try, whoever made the one before: a lost connection may still write to it', async () => {
    const { talk, source, server } = await startWithOld({});
    const upload = source('new');
    server.files.set(`/${talk.temporaryOf(upload)}`, Buffer.from('a part'));
    await talk.perform({ kind: 'upload', path: 'file', upload, job: 1, attempt: 2 });
    expect(server.commands.find((line) => /^(DELE|STOR)/.test(line))).toBe(`DELE /${talk.temporaryOf(upload)}`);
  });

  it('reports a refusal as such though the data connection is reset before it', async () => {
    const talk = await startWithOld({
      STOR: async ({ data }) => {
        const socket = await data();
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.resetAndDestroy();
        await closed;
        return '550 not this one';
      },
    });
    expect((await refusalOf(talk.talk.upload(talk.source('new')))).message).toContain('550 not this one');
    expect(talk.server.sessions).toBe(1);
  });

  it('tells what the server says of a transfer that it breaks off, not that the data connection was reset', async () => {
    const { talk, source, server } = await startWithOld({
      STOR: async ({ control, data }) => {
        control.write('150 send\r\n');
        const socket = await data();
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.once('data', () => socket.resetAndDestroy()).resume();
        await closed;
        // The reset gets there first.
        for (let turns = 0; turns < 20; turns += 1) await new Promise(setImmediate);
        return '552 no room';
      },
    });
    const upload = source('x'.repeat(1_000_000));
    expect((await refusalOf(talk.upload(upload))).message).toContain('552 no room');
    expect(server.sessions).toBe(1);
  });

  it('gives up with E_TIMEOUT when the 226 never comes, and does not rename', async () => {
    const talk = await startWithOld({
      STOR: async ({ ordinary }) => {
        await ordinary();
        return undefined;
      },
    });
    expect((await refusalOf(talk.talk.upload(talk.source('new')))).code).toBe('E_TIMEOUT');
    expect(contents(talk)['/file']).toBe(OLD);
  });

  const cuts: readonly (readonly [string, Script])[] = [
    [
      'in the middle of the content',
      {
        STOR: once(async ({ control, data }) => {
          control.write('150 send\r\n');
          const socket = await data();
          socket.once('data', () => {
            socket.resetAndDestroy();
            control.resetAndDestroy();
          });
          socket.resume();
          return undefined;
        }),
      },
    ],
    [
      'before the 226',
      {
        STOR: once(async ({ control, ordinary }) => {
          await ordinary();
          control.end();
          return undefined;
        }),
      },
    ],
    ['before the size is told', { SIZE: once(({ control }) => void control.resetAndDestroy()) }],
    ['between 226 and RNFR', { RNFR: once(({ control }) => void control.end()) }],
    ['with 421 between 226 and RNFR', { RNFR: once(({ control }) => void control.end('421 bye\r\n')) }],
    [
      'after the rename, before its reply',
      {
        RNTO: once(async ({ control, ordinary }) => {
          await ordinary();
          control.resetAndDestroy();
          return undefined;
        }),
      },
    ],
    ['at the greeting of the next connection', { greeting: ({ session }) => (session === 1 ? '421 full' : '220 hi') }],
  ];
  for (const [when, script] of cuts) {
    it(`sends the file again after a cut ${when}`, async () => {
      const talk = await startWithOld(script, 3);
      const content = Buffer.alloc(1024 * 1024, 'new');
      expect((await talk.talk.upload(talk.source(content))).size).toBe(content.length);
      expect([...talk.server.files.keys()]).toEqual(['/file']);
      expect(talk.server.files.get('/file')?.equals(content)).toBeTrue();
      expect(talk.server.sessions).toBe(2);
      expect(talk.clock.waits).toEqual([500]);
    });
  }

  it('waits longer from try to try, and tells the last failure', async () => {
    const talk = await startWithOld({ STOR: '451 not now' }, 9);
    expect((await refusalOf(talk.talk.upload(talk.source('new')))).message).toContain('451 not now');
    expect(talk.server.verbs.filter((verb) => verb === 'STOR').length).toBe(9);
    expect(talk.clock.waits).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  });

  it('does not try again what is refused for good', async () => {
    const talk = await startWithOld({ STOR: '553 never' }, 9);
    await refusalOf(talk.talk.upload(talk.source('new')));
    expect(talk.clock.waits).toEqual([]);
  });

  describe('where the size', () => {
    for (const script of [
      { SIZE: '500 what?' },
      { SIZE: '502 no' },
      { SIZE: '550 not you', MDTM: '213 20200913122640' },
    ]) {
      it(`is not told (${JSON.stringify(script)}) goes without, and says so`, async () => {
        const talk = await startWithOld(script);
        const notes: string[] = [];
        talk.talk.events.on('note', (note) => notes.push(note));
        await talk.talk.upload(talk.source('new'));
        expect(contents(talk)).toEqual({ '/file': 'new' });
        expect(notes).toEqual(['no-size']);
      });
    }

    it('is not told of a folder that others have put there fails, and does not rename it', async () => {
      const talk = await startWithOld({ SIZE: '550 no file', MDTM: '213 20200913122640', CWD: '250 there' });
      expect((await refusalOf(talk.talk.upload(talk.source('new')))).message).toContain(
        'there is a folder of that name',
      );
      expect(talk.server.verbs).not.toContain('RNFR');
    });

    it('is not told since others have removed the file sends it again', async () => {
      const talk = await startWithOld({ SIZE: once(removed) }, 2);
      await talk.talk.upload(talk.source('new'));
      expect(contents(talk)).toEqual({ '/file': 'new' });
    });

    it('is wrong sends the file again', async () => {
      const talk = await startWithOld({ SIZE: once(() => '213 2') }, 2);
      await talk.talk.upload(talk.source('new'));
      expect(talk.server.verbs.filter((verb) => verb === 'STOR').length).toBe(2);
      expect(contents(talk)).toEqual({ '/file': 'new' });
    });

    it('stays wrong fails with E_TRUNCATED, the old file still there and nothing beside it', async () => {
      const talk = await startWithOld({ SIZE: '213 2' }, 2);
      const error = await refusalOf(talk.talk.upload(talk.source('new')));
      expect([error.code, error.retry]).toEqual(['E_TRUNCATED', true]);
      expect(contents(talk)).toEqual({ '/file': OLD });
    });

    it('is never told fails, the old file still there and nothing beside it', async () => {
      const talk = await startWithOld({ SIZE: '550 gone', MDTM: '550 gone' });
      expect((await refusalOf(talk.talk.upload(talk.source('new')))).code).toBe('E_TRUNCATED');
      expect(contents(talk)).toEqual({ '/file': OLD });
    });
  });

  describe('sets the time', () => {
    const UTIME = (command: ScriptedCommand) => command.argument.startsWith('UTIME 2');
    const ways: readonly (readonly [string, Script, RegExp])[] = [
      ['MFMT', {}, /^MFMT 20200913122640 \//],
      ['MDTM', { MFMT: '500 what?', MDTM: '213 set' }, /^MDTM 20200913122640 \//],
      [
        'SITE UTIME with the time first',
        { MFMT: '550 no', SITE: (command) => (UTIME(command) ? '200 set' : '500 what?') },
        /^SITE UTIME 20200913122640 \//,
      ],
      [
        'SITE UTIME with the time last',
        { MFMT: '550 no', SITE: (command) => (UTIME(command) ? '501 what?' : '200 set') },
        /^SITE UTIME \/\S+ 20200913122640 20200913122640 20200913122640 UTC$/,
      ],
    ];
    for (const features of ['211-I can\n MFMT\n SIZE\n211 that', '500 what?']) {
      for (const [way, script, command] of ways) {
        it(`by ${way}, remembered, when FEAT says ${features.replaceAll('\n', ' ')}`, async () => {
          const talk = await startWithOld({ ...script, FEAT: features });
          await talk.talk.upload(talk.source('new', 'a'));
          const before = talk.server.commands.length;
          await talk.talk.upload(talk.source('new', 'b'));
          const timing = talk.server.commands.slice(before).filter((line) => /^(MFMT|MDTM|SITE)/.test(line));
          expect(timing.length).toBe(1);
          expect(timing[0]).toMatch(command);
          expect(await talk.talk.keepsTimes('a', 1_600_000_000_000)).toBeTrue();
        });
      }
    }

    it('also where it was refused for one file', async () => {
      const talk = await startWithOld({ MFMT: once(() => '550 not this one'), MDTM: '550 no', SITE: '500 what?' });
      for (const name of ['a', 'b']) await talk.talk.upload(talk.source('new', name));
      expect(talk.server.commands.at(-3)).toMatch(/^MFMT /);
      const before = talk.server.commands.length;
      await talk.talk.upload(talk.source('new', 'c'));
      expect(talk.server.verbs.slice(before).filter((verb) => verb === 'MFMT')).toHaveSize(1);
    });

    it('not at all where no way is taken, and asks for two files only', async () => {
      const talk = await startWithOld({ MFMT: '500 what?' });
      for (const name of ['a', 'b']) await talk.talk.upload(talk.source('new', name));
      const before = talk.server.commands.length;
      await talk.talk.upload(talk.source('new', 'b'));
      expect(talk.server.verbs.slice(before)).toEqual(['EPSV', 'STOR', 'SIZE', 'RNFR', 'RNTO']);
      expect(await talk.talk.keepsTimes('a', 0)).toBeFalse();
    });
  });
});
