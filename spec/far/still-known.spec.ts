import type { Script, ScriptedCommand } from '../support/scripted-server.ts';
import { refusalOf } from '../support/transport-probe.ts';
import { type TalkOptions, talks } from './talk-rig.ts';

const known = { size: 4, mtimeMs: Date.UTC(2021, 2, 4, 5, 6, 7, 999) };
const SAME = '213 20210304050607';
const LATER = '213 20210304050608.000';
const NEVER_HEARD = '500 what?';
// Without MFMT.
const FEAT = '211-I can\n MLST type*;size*;modify*;\n211 that';

/** A listing of one line. */
function lists(line: string) {
  return async ({ control, data }: ScriptedCommand): Promise<string> => {
    const socket = await data();
    control.write('150 listen\r\n');
    socket.end(line === '' ? '' : `${line}\r\n`);
    return '226 that is all';
  };
}

describe('assertStillKnown', () => {
  const start = talks();

  /** What becomes of `/a`, and by which verbs. */
  async function remove(script: Script, content: string | null = 'sent', more: TalkOptions = {}) {
    const MDTM = ({ argument }: ScriptedCommand) => (argument === '/a' ? SAME : '550 no such file');
    const { talk, server } = await start({ script: { MDTM, ...script }, ...more });
    await talk.connect();
    if (content !== null) server.files.set('/a', Buffer.from(content));
    const from = server.commands.length;
    const error = await talk.remove('a', known).then(
      () => undefined,
      (refused) => refused,
    );
    return { verbs: server.verbs.slice(from), code: error?.code, isThere: server.files.has('/a') };
  }

  const GONE = { code: undefined, isThere: false };
  const LEFT = { code: 'E_OTHER_CONTENT', isThere: true };

  it('asks two things in one flight, and nothing else', async () => {
    expect(await remove({})).toEqual({ ...GONE, verbs: ['SIZE', 'MDTM', 'DELE'] });
  });

  it('leaves what has another size, whatever its time', async () => {
    for (const MDTM of [SAME, LATER, NEVER_HEARD]) {
      expect(await remove({ MDTM, MLSD: lists('type=file;size=5; a') }, 'other')).toEqual(
        jasmine.objectContaining(LEFT),
      );
    }
  });

  it('leaves what has another time where the server promises to keep times, or does when that is tried', async () => {
    expect(await remove({ MDTM: LATER, MFMT: '550 not yours' })).toEqual(jasmine.objectContaining(LEFT));
    const way = ({ argument }: ScriptedCommand) => (argument.includes(' ') ? '213 set' : LATER);
    expect(await remove({ FEAT, MDTM: way })).toEqual(jasmine.objectContaining(LEFT));
  });

  it('finds out with a file of its own what the server does not do to one of another user', async () => {
    const MDTM = ({ argument }: ScriptedCommand) => {
      if (!argument.includes(' ')) return LATER;
      return argument.endsWith(' /a') ? '550 not yours' : '213 set';
    };
    const { talk, server } = await start({ script: { FEAT, MDTM, MFMT: '502 no' } });
    server.files.set('/a', Buffer.from('sent'));
    expect((await refusalOf(talk.remove('a', known))).code).toBe('E_OTHER_CONTENT');
    expect([...server.files.keys()]).toEqual(['/a']);
  });

  it('leaves what has another time where it may not make a file to find that out', async () => {
    const MDTM = ({ argument }: ScriptedCommand) => (argument.includes(' ') ? '550 no' : LATER);
    expect(await remove({ FEAT, MDTM, MFMT: '502 no', STOR: '553 no' })).toEqual(jasmine.objectContaining(LEFT));
  });

  it('goes by the size alone where the server keeps no times', async () => {
    const MDTM = ({ argument }: ScriptedCommand) => (argument.includes(' ') ? '550 no' : LATER);
    expect(await remove({ FEAT, MDTM, MFMT: '502 no' })).toEqual(jasmine.objectContaining(GONE));
    expect(await remove({ FEAT, MDTM, MFMT: '502 no' }, 'other')).toEqual(jasmine.objectContaining(LEFT));
  });

  it('asks a server that keeps no times only once whether it does, with the first file and one of its own', async () => {
    const MDTM = ({ argument }: ScriptedCommand) => (argument.includes(' ') ? '550 no' : LATER);
    const { talk, server } = await start({ script: { FEAT, MDTM, MFMT: '502 no' } });
    for (const path of ['a', 'b', 'c', 'd']) {
      server.files.set(`/${path}`, Buffer.from('sent'));
      await talk.remove(path, known);
    }
    expect(server.verbs.filter((verb) => verb === 'MFMT').length).toBe(2);
    expect(server.files.size).toBe(0);
  });

  it('asks once more when the listing denies an answer, and believes the answer in the end', async () => {
    const rules = { attempts: 2 };
    const MLSD = lists('type=file;size=4;modify=20210304050607; a');
    for (const [verb, wrong] of Object.entries({ SIZE: '213 7', MDTM: LATER })) {
      const once = ({ before }: ScriptedCommand) => (before === 0 ? wrong : verb === 'SIZE' ? '213 4' : SAME);
      expect(await remove({ [verb]: once, MLSD }, 'sent', { rules })).toEqual(jasmine.objectContaining(GONE));
      expect(await remove({ [verb]: wrong, MLSD }, 'sent', { rules })).toEqual(jasmine.objectContaining(LEFT));
    }
  });

  it('leaves what the listing tells to be something else, whatever else is told', async () => {
    for (const line of ['type=file;size=5;modify=20210304050607; a', 'type=file;size=4;modify=20210304050608; a']) {
      expect(await remove({ MDTM: NEVER_HEARD, MLSD: lists(line) })).toEqual(jasmine.objectContaining(LEFT));
    }
  });

  for (const refused of [NEVER_HEARD, '550 not in ASCII', '450 not now']) {
    it(`looks at the listing where the server does not tell the size (${refused})`, async () => {
      const [SIZE, modify] = [refused, 'modify=20210304050607'];
      expect(await remove({ SIZE, MLSD: lists(`type=file;size=4;${modify}; a`) })).toEqual(
        jasmine.objectContaining(GONE),
      );
      expect(await remove({ SIZE, MLSD: lists(`type=file;size=5;${modify}; a`) })).toEqual(
        jasmine.objectContaining(LEFT),
      );
      expect(await remove({ SIZE, MLSD: lists(`type=OS.unix=slink;${modify}; a`) })).toEqual(
        jasmine.objectContaining(LEFT),
      );
    });

    it(`looks at the listing where the server does not tell the time (${refused})`, async () => {
      const MDTM = refused;
      expect(await remove({ MDTM, MLSD: lists('type=file;size=4;modify=20210304050607; a') })).toEqual(
        jasmine.objectContaining(GONE),
      );
      expect(await remove({ MDTM, MLSD: lists('type=file;size=4;modify=20210304050608; a') })).toEqual(
        jasmine.objectContaining(LEFT),
      );
    });

    it(`looks at the listing where the server tells neither, and removes nothing that is not in it (${refused})`, async () => {
      const neither = { SIZE: refused, MDTM: refused };
      expect(await remove({ ...neither, MLSD: lists('type=file;size=4;modify=20210304050607; a') })).toEqual(
        jasmine.objectContaining(GONE),
      );
      expect(await remove({ ...neither, MLSD: lists('type=file;size=5;modify=20210304050607; a') })).toEqual(
        jasmine.objectContaining(LEFT),
      );
      expect(await remove({ ...neither, MLSD: lists('') })).toEqual(
        jasmine.objectContaining({ code: undefined, isThere: true }),
      );
    });
  }

  it('goes by the size where the server tells times neither by MDTM nor by MLSD', async () => {
    const LIST = lists('-rw-r--r-- 1 me me 4 Jan  1 00:00 a');
    const old = { FEAT: NEVER_HEARD, MDTM: NEVER_HEARD, LIST };
    expect(await remove(old)).toEqual({ ...GONE, verbs: ['SIZE', 'MDTM', 'DELE'] });
    expect(await remove({ ...old, SIZE: NEVER_HEARD })).toEqual(jasmine.objectContaining(GONE));
    expect(await remove({ ...old, SIZE: '213 5' })).toEqual(jasmine.objectContaining(LEFT));
    expect(await remove({ ...old, SIZE: NEVER_HEARD, LIST: lists('drwxr-xr-x 2 me me 4 Jan  1 00:00 a') })).toEqual(
      jasmine.objectContaining(LEFT),
    );
  });

  it('removes nothing when the listing is refused, or does not show what MDTM knows', async () => {
    const [SIZE, MDTM] = ['550 no', SAME];
    for (const MLSD of ['550 not allowed', lists('')]) {
      expect(await remove({ SIZE, MDTM, MLSD })).toEqual(
        jasmine.objectContaining({ code: 'E_REFUSED', isThere: true }),
      );
    }
  });

  it('removes nothing from a folder that is there and may not be entered', async () => {
    const { talk, server } = await start({ script: { MLSD: lists('type=dir;size=1; closed') } });
    expect((await refusalOf(talk.remove('closed/a', known))).code).toBe('E_REFUSED');
    expect(server.verbs).not.toContain('DELE');
  });

  it('takes what is gone for removed, without asking for it', async () => {
    const { verbs, code } = await remove({ MDTM: '550 no such file' }, null);
    expect(code).toBeUndefined();
    expect(verbs).not.toContain('DELE');
  });

  it('is asked in the same way before something is moved to the trash', async () => {
    const rules = { trash: 'T' };
    expect(await remove({}, 'other', { rules })).toEqual(jasmine.objectContaining(LEFT));
    const { verbs, ...became } = await remove({}, 'sent', { rules });
    expect(became).toEqual(GONE);
    expect(verbs).toContain('RNTO');
  });
});
