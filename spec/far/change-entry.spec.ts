import type { ScriptedCommand } from '../support/scripted-server.ts';
import { refusalOf } from '../support/transport-probe.ts';
import { talks } from './talk-rig.ts';

describe('makeFolder', () => {
  const start = talks();

  for (const reply of ['521 it is there', '550 it is there', '553 it is there']) {
    it(`takes ${reply.slice(0, 3)} for a success when the folder is there`, async () => {
      const { talk, server } = await start({ script: { MKD: reply } });
      server.folders.add('/a');
      await expectAsync(talk.mkdir('a')).toBeResolved();
    });

    it(`takes ${reply.slice(0, 3)} for a refusal when it is not`, async () => {
      const { talk } = await start({ script: { MKD: reply } });
      expect((await refusalOf(talk.mkdir('a'))).message).toBe(
        `Cannot make the folder /a: the server answered ${reply}`,
      );
    });
  }

  it('does not ask twice after any other refusal', async () => {
    const { talk, server } = await start({ script: { MKD: '452 no space' } });
    server.folders.add('/a');
    expect((await refusalOf(talk.mkdir('a'))).code).toBe('E_BUSY');
  });

  it('makes a folder whose name ends with a blank where the server keeps it', async () => {
    const { talk, server } = await start();
    await talk.mkdir('a ');
    expect([...server.folders]).toEqual(['/', '/a ']);
  });

  it('refuses a name that ends with a blank where the server makes another of it, and leaves nothing', async () => {
    const { talk, server } = await start({
      script: {
        MKD: ({ argument }) => {
          const made = argument.replace(/ $/, '_');
          server.folders.add(made);
          return `257 "${made}" made`;
        },
      },
    });
    expect((await refusalOf(talk.mkdir('a '))).code).toBe('E_NAME');
    expect([...server.folders]).toEqual(['/']);
  });

  it('neither makes nor removes a name whose control characters the server changes, and leaves nothing', async () => {
    const { talk, server } = await start({
      script: {
        MKD: ({ argument }) => {
          server.folders.add(argument.replaceAll('\t', '_'));
          return '257 made';
        },
      },
    });
    server.files.set('/a_b', Buffer.from("a stranger's"));
    for (const call of [talk.mkdir('a\tb'), talk.remove('a\tb'), talk.rmdir('a\tb')]) {
      expect((await refusalOf(call)).code).toBe('E_NAME');
    }
    expect([...server.folders]).toEqual(['/']);
    expect(server.commands.filter((line) => line.endsWith('/a\tb'))).toEqual([]);
  });

  it('makes a folder with control characters in its name where the server keeps them', async () => {
    const { talk, server } = await start();
    await talk.mkdir('a\t\u0001b');
    expect([...server.folders]).toEqual(['/', '/a\t\u0001b']);
  });

  it('refuses a name that ends with a blank where it may not make a folder to see', async () => {
    const { talk } = await start({ script: { MKD: '550 no' } });
    expect((await refusalOf(talk.mkdir('a '))).code).toBe('E_NAME');
  });

  it('never removes what stands beside a name whose blank the server cuts off', async () => {
    const { talk, server } = await start({
      script: { CWD: ({ argument }) => (server.folders.has(argument.trimEnd()) ? '250 there' : '550 no') },
    });
    server.files.set('/a', Buffer.from('x'));
    for (const call of [talk.remove('a '), talk.rmdir('a '), talk.list('a '), talk.mkdir('a ')]) {
      expect((await refusalOf(call)).code).toBe('E_NAME');
    }
    expect(server.verbs.filter((verb) => /DELE|RMD|MKD/.test(verb))).toEqual([]);
  });
});

describe('removeFile', () => {
  const start = talks();

  it('fails when the file is still there though the server knows neither SIZE nor MDTM', async () => {
    const { talk, server } = await start({ script: { DELE: '550 not allowed', SIZE: '500 what?', MDTM: '500 what?' } });
    server.files.set('/a', Buffer.from('x'));
    expect((await refusalOf(talk.remove('a'))).message).toContain('550 not allowed');
  });

  it('fails when the file is told by SIZE though no listing has it', async () => {
    const { talk, server } = await start({ script: { DELE: '550 not allowed', MLSD: '550 no' } });
    server.files.set('/a', Buffer.from('x'));
    expect((await refusalOf(talk.remove('a'))).code).toBe('E_REFUSED');
    expect(server.verbs).not.toContain('MLSD');
  });

  it('succeeds when the file is not in the listing of its folder', async () => {
    const { talk } = await start({ script: { SIZE: '500 what?', MDTM: '500 what?' } });
    await expectAsync(talk.remove('a')).toBeResolved();
  });

  it('fails when nobody can tell, for the listing is refused', async () => {
    const { talk } = await start({ script: { MLSD: '550 not allowed' } });
    expect((await refusalOf(talk.remove('a'))).code).toBe('E_REFUSED');
  });

  /** A folder `closed` that is listed but cannot be entered. */
  function closedFolder(kind: string) {
    return async ({ control, data }: ScriptedCommand): Promise<string> => {
      const socket = await data();
      control.write('150 listen\r\n');
      socket.end(`type=${kind};size=1; closed\r\n`);
      return '226 that is all';
    };
  }

  it('fails when its folder is there and may not be entered', async () => {
    const { talk } = await start({ script: { MLSD: closedFolder('dir') } });
    expect((await refusalOf(talk.remove('closed/a'))).code).toBe('E_REFUSED');
  });

  it('succeeds when its folder has become a file, or is not there', async () => {
    const { talk } = await start({ script: { MLSD: closedFolder('file') } });
    await talk.remove('closed/a');
    await expectAsync(talk.remove('no/such/a')).toBeResolved();
  });

  it('succeeds when the far root itself is not there', async () => {
    const { talk } = await start({ site: { directory: '/far' }, rules: { makesRoot: false } });
    await talk.rmdir('');
    await expectAsync(talk.remove('a')).toBeResolved();
  });
});

describe('removeFolder', () => {
  const start = talks();

  it('fails when the folder may not be entered, but is in the listing', async () => {
    const { talk } = await start({
      script: {
        RMD: '550 not empty',
        MLSD: async ({ control, data }) => {
          const socket = await data();
          control.write('150 listen\r\n');
          socket.end('type=dir; closed\r\n');
          return '226 that is all';
        },
      },
    });
    expect((await refusalOf(talk.rmdir('closed'))).message).toContain('550 not empty');
  });

  it('fails with the words of the server when the folder is there and empty', async () => {
    const { talk, server } = await start({ script: { RMD: '550 not allowed' } });
    server.folders.add('/a');
    const error = await refusalOf(talk.rmdir('a'));
    expect([error.code, error.message]).toEqual([
      'E_REFUSED',
      'Cannot remove the folder /a: the server answered 550 not allowed',
    ]);
  });

  it('fails with all the words of an answer of several lines', async () => {
    const { talk, server } = await start({ script: { RMD: '550-This is kept.\n \n Ask steve for it.\n550 Sorry' } });
    server.folders.add('/a');
    expect((await refusalOf(talk.rmdir('a'))).message).toBe(
      'Cannot remove the folder /a: the server answered 550 This is kept. / Ask steve for it. / Sorry',
    );
  });

  it('does not take a refusal for now for a success', async () => {
    const { talk } = await start({ script: { RMD: '450 busy' } });
    expect((await refusalOf(talk.rmdir('a'))).code).toBe('E_BUSY');
  });
});

describe('listFolder', () => {
  const start = talks();

  it('fails with the words of the server when the folder cannot be opened for now', async () => {
    const { talk } = await start({ script: { CWD: ({ before }) => (before === 0 ? '250 in' : '450 busy') } });
    expect((await refusalOf(talk.list('a'))).code).toBe('E_BUSY');
  });

  it('fails when the listing breaks off', async () => {
    const { talk } = await start({
      script: {
        MLSD: async ({ control, data }) => {
          const socket = await data();
          control.write('150 listen\r\n');
          socket.end('type=file;size=1; a\r\n');
          return '426 broken';
        },
      },
    });
    expect((await refusalOf(talk.list(''))).code).toBe('E_BUSY');
  });

  it('fails, and does not hang, when the data connection is reset in the middle', async () => {
    const { talk } = await start({
      script: {
        MLSD: async ({ control, data }) => {
          const socket = await data();
          control.write('150 listen\r\n', () => setImmediate(() => socket.resetAndDestroy()));
          return undefined;
        },
      },
    });
    expect((await refusalOf(talk.list(''))).code).toBe('E_LOST');
    await expectAsync(talk.mkdir('a')).toBeResolved();
  });

  it('asks for each time where there is only LIST, and does without those that are not told', async () => {
    const { talk } = await start({
      script: {
        FEAT: '500 what?',
        MDTM: ({ argument }) => (argument === '/a' ? '213 20210304050607' : '550 no'),
        LIST: async ({ control, data }) => {
          const socket = await data();
          control.write('150 listen\r\n');
          socket.end(
            'drwxr-xr-x 2 me me 4096 Jan  1 00:00 d\r\n-rw-r--r-- 1 me me 3 Jan  1 00:00 a\r\n' +
              '-rw-r--r-- 1 me me 4 Jan  1 00:00 b\r\nlrwxrwxrwx 1 me me 4 Jan  1 00:00 l -> a\r\n',
          );
          return '226 that is all';
        },
      },
    });
    expect(await talk.list('')).toEqual([
      { name: 'd', kind: 'directory', size: 0 },
      { name: 'l', kind: 'other', size: 0 },
      { name: 'a', kind: 'file', size: 3, mtimeMs: Date.UTC(2021, 2, 4, 5, 6, 7) },
      { name: 'b', kind: 'file', size: 4 },
    ]);
  });
});
