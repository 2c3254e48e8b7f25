import { createHash } from 'node:crypto';
import { utimesSync, writeFileSync } from 'node:fs';
import type { Upload } from '../../lib/transfer/transport.ts';
import type { Script, ScriptedCommand } from '../support/scripted-server.ts';
import { refusalOf } from '../support/transport-probe.ts';
import { OLD, type Talk, talks } from './talk-rig.ts';

const MIB = 1024 * 1024;
const CONTENT = Buffer.alloc(3 * MIB);
for (let at = 0; at < CONTENT.length; at += 32) createHash('sha256').update(`${at}`).digest().copy(CONTENT, at);

const PLAIN = '211-I can\n MLST type*;size*;modify*;\n SIZE\n MFMT\n REST STREAM\n211 that';
const HASHING = PLAIN.replace(' SIZE', ' SIZE\n HASH SHA-1*;SHA-256');
const APPENDING = PLAIN.replace(' REST STREAM\n', '');

describe('sendFile after a try that broke off', () => {
  const start = talks();

  async function startWith(script: Script = {}, rules: { attempts?: number } = {}): Promise<Talk> {
    const started = await start({
      script: { FEAT: PLAIN, ...script },
      rules: { attempts: 3, timeoutMs: 3000, resumeAbove: 2 * MIB, ...rules },
    });
    started.server.files.set('/file', Buffer.from(OLD));
    return started;
  }

  /** As if a mirror that is gone had sent so much of it. */
  function leave({ server, talk }: Talk, upload: Upload, content: Buffer): string {
    const temporary = `/${talk.temporaryOf(upload)}`;
    server.files.set(temporary, content);
    return temporary;
  }

  function endOf({ talk }: Talk): Promise<{ bytes: number; resumedAt?: number; error?: unknown }> {
    return new Promise((resolve) => talk.events.once('end', resolve));
  }

  function expectWhole({ server }: Talk, content = CONTENT): void {
    expect([...server.files.keys()]).toEqual(['/file']);
    expect(server.files.get('/file')?.equals(content)).toBeTrue();
  }

  function sent({ server }: Talk): readonly string[] {
    return server.commands
      .filter((line) => /^(REST|STOR|APPE|DELE)/.test(line))
      .map((line) => line.replace(/ \/.*/, ''));
  }

  /** Break both connections when so much of the file is there; `only` for the first time. */
  const cutAt = (bytes: number) => async (command: ScriptedCommand) => {
    const { before, control, data, files, argument, ordinary } = command;
    if (before > 0) return ordinary();
    void data().then((socket) =>
      socket.on('data', () => {
        if ((files.get(argument)?.length ?? 0) < bytes) return;
        socket.resetAndDestroy();
        control.resetAndDestroy();
      }),
    );
    await ordinary();
    return undefined;
  };

  it('goes on from there, a little before the end of what is there', async () => {
    const talk = await startWith({ STOR: cutAt(2 * MIB) });
    const ended = endOf(talk);
    const progress: number[] = [];
    talk.talk.events.on('progress', ({ bytes }) => progress.push(bytes));
    await talk.talk.upload(talk.source(CONTENT));
    const [first, rest = '', second] = sent(talk);
    const at = Number(rest.slice('REST '.length));
    expect([first, second, sent(talk).length]).toEqual(['STOR', 'STOR', 3]);
    expect(at).toBeGreaterThanOrEqual(MIB);
    expect(await ended).toEqual(jasmine.objectContaining({ bytes: CONTENT.length - at, resumedAt: at }));
    expect(progress.at(-1)).toBe(CONTENT.length);
    expectWhole(talk);
  });

  it('goes on where another run broke off', async () => {
    const talk = await startWith();
    const upload = talk.source(CONTENT);
    leave(talk, upload, CONTENT.subarray(0, 2 * MIB));
    await talk.talk.upload(upload);
    expect(sent(talk)).toEqual([`REST ${MIB}`, 'STOR']);
    expectWhole(talk);
  });

  for (const size of [2 * MIB, CONTENT.length]) {
    it(`puts right what a server wrote wrongly at the end of ${size} bytes when it lost its power`, async () => {
      const talk = await startWith();
      const upload = talk.source(CONTENT);
      leave(talk, upload, Buffer.from(CONTENT.subarray(0, size)).fill(0, size - 4096));
      await talk.talk.upload(upload);
      expect(sent(talk)).toEqual([`REST ${size - MIB}`, 'STOR']);
      expectWhole(talk);
    });
  }

  it('appends where REST is not offered', async () => {
    const talk = await startWith({ FEAT: APPENDING });
    const upload = talk.source(CONTENT);
    leave(talk, upload, CONTENT.subarray(0, 2 * MIB));
    await talk.talk.upload(upload);
    expect(sent(talk)).toEqual(['APPE']);
    expectWhole(talk);
  });

  it('sends nothing again when all is there, by its hash', async () => {
    const talk = await startWith({ FEAT: HASHING });
    const upload = talk.source(CONTENT);
    leave(talk, upload, CONTENT);
    const ended = endOf(talk);
    await talk.talk.upload(upload);
    expect(sent(talk)).toEqual([]);
    expect(await ended).toEqual(jasmine.objectContaining({ bytes: 0, resumedAt: CONTENT.length }));
    expectWhole(talk);
  });

  for (const [what, left] of [
    ['too much', Buffer.concat([CONTENT, CONTENT.subarray(0, 1)])],
    ['nothing', Buffer.alloc(0)],
    ['too little to be worth it', CONTENT.subarray(0, MIB)],
  ] as const) {
    it(`begins anew, in a file made anew, when there is ${what}`, async () => {
      const talk = await startWith();
      const upload = talk.source(CONTENT);
      leave(talk, upload, left);
      await talk.talk.upload(upload);
      expect(sent(talk)).toEqual(['DELE', 'STOR']);
      expectWhole(talk);
    });
  }

  it('leaves what is there of another version of the file', async () => {
    const talk = await startWith();
    const upload = talk.source(CONTENT);
    const other = leave(talk, { ...upload, mtimeMs: 1 }, CONTENT.subarray(0, 2 * MIB));
    await talk.talk.upload(upload);
    expect(sent(talk)).toEqual(['STOR']);
    expect([...talk.server.files.keys()].sort()).toEqual([other, '/file'].sort());
  });

  describe('where the server tells the hash', () => {
    it('goes on at the very end of what is there, and compares all of it before the renaming', async () => {
      const talk = await startWith({ FEAT: HASHING });
      const upload = talk.source(CONTENT);
      leave(talk, upload, CONTENT.subarray(0, 2 * MIB));
      await talk.talk.upload(upload);
      expect(sent(talk)).toEqual([`REST ${2 * MIB}`, 'STOR']);
      const verbs = talk.server.verbs.filter((verb) => /HASH|STOR|RNFR/.test(verb));
      expect(verbs).toEqual(['HASH', 'STOR', 'HASH', 'RNFR']);
      expectWhole(talk);
    });

    for (const [what, length] of [
      ['a part', 2 * MIB],
      ['all', CONTENT.length],
    ] as const) {
      it(`begins anew when ${what} of it is there with another content`, async () => {
        const talk = await startWith({ FEAT: HASHING });
        const upload = talk.source(CONTENT);
        leave(talk, upload, Buffer.from(CONTENT.subarray(0, length)).fill('x', 5, 6));
        await talk.talk.upload(upload);
        expect(sent(talk)).toEqual(['DELE', 'STOR']);
        expectWhole(talk);
      });
    }

    it('steps back as without it when it does not tell the hash after all', async () => {
      const talk = await startWith({ FEAT: HASHING, HASH: '550 not of this one' });
      const upload = talk.source(CONTENT);
      leave(talk, upload, CONTENT.subarray(0, 2 * MIB));
      await talk.talk.upload(upload);
      expect(sent(talk)).toEqual([`REST ${MIB}`, 'STOR']);
      expectWhole(talk);
    });

    it('begins anew, once, when what arrived is not what was sent', async () => {
      let asked = 0;
      const talk = await startWith({
        FEAT: HASHING,
        HASH: ({ ordinary }) => {
          asked += 1;
          return asked === 2 ? `213 SHA-256 0-1 ${'0'.repeat(64)} /file` : ordinary();
        },
      });
      const upload = talk.source(CONTENT);
      leave(talk, upload, CONTENT.subarray(0, 2 * MIB));
      await talk.talk.upload(upload);
      expect(sent(talk)).toEqual([`REST ${2 * MIB}`, 'STOR', 'DELE', 'STOR']);
      expectWhole(talk);
    });
  });

  for (const [verb, reply] of [
    ['REST', '502 no'],
    ['STOR', '451 Append/Restart not permitted'],
    ['STOR', '550 no'],
  ] as const) {
    it(`begins anew in the same try when ${verb} is refused with ${reply}`, async () => {
      const once = ({ before, ordinary }: ScriptedCommand) => (before === 0 ? reply : ordinary());
      const talk = await startWith({ [verb]: once }, { attempts: 1 });
      const upload = talk.source(CONTENT);
      leave(talk, upload, CONTENT.subarray(0, 2 * MIB));
      await talk.talk.upload(upload);
      expect(sent(talk)).toEqual([`REST ${MIB}`, ...(verb === 'STOR' ? ['STOR'] : []), 'DELE', 'STOR']);
      expectWhole(talk);
    });
  }

  it('keeps the part when the server is short of data connections, and removes it when it is short of room', async () => {
    for (const [reply, stays] of [
      ['425 not now', true],
      ['452 no space now', false],
    ] as const) {
      const talk = await startWith({ STOR: reply }, { attempts: 1 });
      const upload = talk.source(CONTENT);
      const temporary = leave(talk, upload, CONTENT.subarray(0, 2 * MIB));
      await refusalOf(talk.talk.upload(upload));
      expect(talk.server.files.has(temporary)).withContext(reply).toBe(stays);
    }
  });

  it('sends it anew, in a file made anew, when the server does not go on: a lost connection may hold the file', async () => {
    const talk = await startWith({ STOR: ({ before, ordinary }) => (before === 0 ? undefined : ordinary()) });
    const upload = talk.source(CONTENT);
    leave(talk, upload, CONTENT.subarray(0, 2 * MIB));
    await talk.talk.upload(upload);
    expect(sent(talk)).toEqual([`REST ${MIB}`, 'STOR', 'DELE', 'STOR']);
    expectWhole(talk);
  });

  it('sends a file below the threshold anew, in a file made anew', async () => {
    const talk = await startWith({ STOR: cutAt(MIB) });
    const small = CONTENT.subarray(0, 2 * MIB - 1);
    await talk.talk.upload(talk.source(small));
    expect(sent(talk)).toEqual(['STOR', 'DELE', 'STOR']);
    expectWhole(talk, small);
  });

  for (const size of [1000, CONTENT.length]) {
    it(`does not send ${size} bytes again when only the 226 was lost, as where a firewall forgets the connection`, async () => {
      const talk = await startWith({
        STOR: async ({ ordinary }) => {
          await ordinary();
          return undefined;
        },
      });
      const content = CONTENT.subarray(0, size);
      const ended = endOf(talk);
      await talk.talk.upload(talk.source(content));
      expect(sent(talk)).toEqual(['STOR']);
      expect(talk.server.files.get('/file')?.equals(content)).toBeTrue();
      expect(await ended).toEqual(jasmine.objectContaining({ bytes: 0, resumedAt: size }));
    });
  }

  describe('at the renaming', () => {
    const loseAnswer = async ({ before, control, ordinary }: ScriptedCommand) => {
      const answer = await ordinary();
      if (before > 0) return answer;
      control.resetAndDestroy();
      return undefined;
    };

    for (const [what, script, again] of [
      ['sends nothing again when it was done', { MDTM: '213 20200913122640' }, []],
      ['sends nothing again where times are not kept', { MFMT: '500 what?', FEAT: PLAIN.replace(' MFMT\n', '') }, []],
      ['sends it again when what has the name is of another time', { MDTM: '213 20200913122641' }, ['STOR']],
    ] as const) {
      it(what, async () => {
        const talk = await startWith({ RNTO: loseAnswer, ...script });
        await talk.talk.upload(talk.source(CONTENT));
        expect(sent(talk)).toEqual(['STOR', ...again]);
        expectWhole(talk);
      });
    }

    it('sends it again when what has the name is of another size', async () => {
      const talk = await startWith({
        RNTO: (command) => {
          if (command.before > 0) return command.ordinary();
          for (const name of command.files.keys()) if (name.endsWith('.part')) command.files.delete(name);
          command.control.resetAndDestroy();
          return undefined;
        },
      });
      await talk.talk.upload(talk.source(CONTENT));
      expect(sent(talk)).toEqual(['STOR', 'STOR']);
      expectWhole(talk);
    });

    it('does not send it again when the renaming is refused for now', async () => {
      const talk = await startWith({ RNTO: ({ before, ordinary }) => (before === 0 ? '450 busy' : ordinary()) });
      await talk.talk.upload(talk.source(CONTENT));
      expect(sent(talk)).toEqual(['STOR']);
      expectWhole(talk);
    });

    it('goes on to rename what was not renamed, though an older version looks the same', async () => {
      const talk = await startWith({
        MDTM: '213 20200913122640',
        RNTO: (command) => {
          if (command.before > 0) return command.ordinary();
          command.control.resetAndDestroy();
          return undefined;
        },
      });
      talk.server.files.set('/file', Buffer.alloc(CONTENT.length, 'o'));
      await talk.talk.upload(talk.source(CONTENT));
      expect(sent(talk)).toEqual(['STOR']);
      expectWhole(talk);
    });

    it('sends it when only another try failed, since what has the name may be an older version', async () => {
      const talk = await startWith({ MDTM: '213 20200913122640' });
      talk.server.files.set('/file', Buffer.alloc(CONTENT.length, 'o'));
      const upload = talk.source(CONTENT);
      await talk.talk.perform({ kind: 'upload', path: 'file', upload, job: 1, attempt: 2 });
      expect(sent(talk)).toEqual(['STOR']);
      expectWhole(talk);
    });
  });

  describe('when the file has changed in between', () => {
    const CHANGED = Buffer.from(CONTENT).reverse();

    /** One try that breaks off; then the file has another content. */
    async function change(script: Script, seconds: number): Promise<{ talk: Talk; upload: Upload }> {
      const talk = await startWith({ STOR: cutAt(2 * MIB), ...script }, { attempts: 1 });
      const upload = talk.source(CONTENT);
      await refusalOf(talk.talk.upload(upload));
      writeFileSync(upload.source, CHANGED);
      utimesSync(upload.source, seconds, seconds);
      return { talk, upload: { ...upload, mtimeMs: seconds * 1000 } };
    }

    for (const [what, seconds] of [
      ['removes the part of the older version', 1_600_000_001],
      ['also knows it by its number or ctime, its size and time being the same', 1_600_000_000],
    ] as const) {
      it(`begins anew, and ${what}`, async () => {
        const { talk, upload } = await change({}, seconds);
        await talk.talk.upload(upload);
        expect(sent(talk)).toEqual(['STOR', 'DELE', 'STOR']);
        expectWhole(talk, CHANGED);
      });
    }

    it('does not go on with the old part either when the connection broke at its removal', async () => {
      const loseAnswer = ({ before, control, ordinary }: ScriptedCommand) => {
        if (before > 0) return ordinary();
        control.resetAndDestroy();
        return undefined;
      };
      const { talk, upload } = await change({ DELE: loseAnswer }, 1_600_000_000);
      await refusalOf(talk.talk.upload(upload));
      await talk.talk.upload(upload);
      expect(sent(talk)).toEqual(['STOR', 'DELE', 'DELE', 'STOR']);
      expectWhole(talk, CHANGED);
    });

    it('fails rather than go on with an old part that cannot be removed', async () => {
      const { talk, upload } = await change({ DELE: '550 somebody has it open' }, 1_600_000_000);
      for (let tries = 0; tries < 2; tries += 1) {
        expect((await refusalOf(talk.talk.upload(upload))).message).toContain('somebody has it open');
      }
      expect(talk.server.files.get('/file')?.toString()).toBe(OLD);
    });
  });
});
