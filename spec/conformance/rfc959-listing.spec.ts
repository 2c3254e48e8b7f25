import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseList } from '../../lib/ftp/listing.ts';
import { commandTable } from '../../lib/server/command-table.ts';
import { servedFolder } from '../support/ftp-server.ts';
import { asPlainUser } from '../support/plain-user.ts';

describe('RFC 959 section 4.1.3, service commands that list and tell:', () => {
  const served = servedFolder();
  const at = (name: string) => join(served().home, name);
  const names = async (command: string): Promise<readonly string[]> => {
    const sent = (await (await served().session()).download(command)).toString();
    return sent.split('\r\n').slice(0, -1).sort();
  };

  beforeEach(() => {
    mkdirSync(at('folder'));
    writeFileSync(at('.hidden'), '');
    writeFileSync(at(' odd -> "name" '), 'four');
    writeFileSync(at('folder/inner'), 'x');
  });

  for (const command of ['LIST', 'LIST -a', 'LIST -al /', 'LIST  -a  -l', 'LIST folder/..']) {
    it(`${command} tells all entries in the manner of ls -l`, async () => {
      const { entries, unreadable } = parseList((await (await served().session()).download(command)).toString());
      expect(unreadable).toEqual([]);
      expect([...entries].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
        { name: ' odd -> "name" ', kind: 'file', size: 4 },
        { name: '.hidden', kind: 'file', size: 0 },
        { name: 'folder', kind: 'directory', size: 0 },
      ]);
    });
  }

  it('LIST of a file tells that file', async () => {
    const line = await served().session();
    const { entries } = parseList((await line.download('LIST folder/inner')).toString());
    expect(entries).toEqual([{ name: 'inner', kind: 'file', size: 1 }]);
  });

  it('LIST of an empty folder is empty', async () => {
    mkdirSync(at('empty'));
    expect((await (await served().session()).download('LIST empty')).length).toBe(0);
  });

  for (const command of ['NLST', 'NLST -CF']) {
    it(`${command} tells bare names`, async () => {
      expect(await names(command)).toEqual([' odd -> "name" ', '.hidden', 'folder']);
    });
  }

  const named = [
    ['NLST folder', 'folder/inner'],
    ['NLST -l folder/', 'folder/inner'],
    ['NLST /folder//', '/folder/inner'],
    ['NLST folder/../folder', 'folder/../folder/inner'],
    ['NLST folder/inner', 'folder/inner'],
  ] as const;
  for (const [command, name] of named) {
    it(`${command} tells names that RETR takes as they are (RFC 1123 section 4.1.2.7)`, async () => {
      const line = await served().session();
      expect((await line.download(command)).toString()).toBe(`${name}\r\n`);
      expect((await line.download(`RETR ${name}`)).toString()).toBe('x');
    });
  }

  it('NLST of the root by its name tells names from there', async () => {
    expect(await names('NLST -a /')).toEqual(['/ odd -> "name" ', '/.hidden', '/folder']);
  });

  const patterns = [
    ['NLST *', [' odd -> "name" ', 'folder']],
    ['NLST .*', ['.hidden']],
    ['NLST -1 f*/inn?r', []],
    ['NLST folder/i*', ['folder/inner']],
    ['NLST /folder/[a-z]nner', ['/folder/inner']],
    ['NLST folder/../fo*', ['folder/../folder']],
  ] as const;
  for (const [command, expected] of patterns) {
    it(`${command} tells what fits the pattern in the last part, by names that RETR takes`, async () => {
      if (expected.length > 0) expect(await names(command)).toEqual([...expected]);
      else expect(await (await served().session()).code(command)).toBe(550);
    });
  }

  it('LIST tells what fits a pattern, and of a folder itself, not what is in it', async () => {
    const listed = async (command: string) =>
      parseList((await (await served().session()).download(command)).toString()).entries.map(({ name }) => name);
    expect(await listed('LIST -l f*')).toEqual(['folder']);
    expect(await listed('LIST *dd*"name"*')).toEqual([' odd -> "name" ']);
    expect(await listed('LIST folder/*')).toEqual(['inner']);
  });

  it('a name with a star is meant itself where there is one', async () => {
    writeFileSync(at('f*'), 'star');
    expect(await names('NLST f*')).toEqual(['f*']);
    expect(await names('NLST f[*]')).toEqual(['f*']);
    expect(await names('NLST f?*')).toEqual(['f*', 'folder']);
  });

  it('what fits is told of a folder of more entries than are asked for at once', async () => {
    for (let count = 0; count < 200; count += 1)
      writeFileSync(at(`folder/${count % 100 ? 'other' : 'mine'}-${count}`), '');
    expect(await names('NLST folder/mine*')).toEqual(['folder/mine-0', 'folder/mine-100']);
    const line = await served().session();
    await line.dataConnection();
    expect(await line.code('NLST folder/nobody*')).toBe(550);
    expect(await line.code('NLST folder/mine*')).toBe(425);
  });

  it('the search for what fits ends with an ABOR', async () => {
    const line = await served().session();
    await line.dataConnection();
    line.send('NLST nobody*\r\nABOR\r\n');
    expect(await line.codes(2)).toEqual([426, 226]);
  });

  for (const command of [
    'LIST missing',
    'NLST missing',
    'NLST folder/missing',
    'NLST missing/*',
    'STAT f*',
    'MLSD f*',
  ]) {
    it(`${command} is answered 550`, async () => {
      expect(await (await served().session()).code(command)).toBe(550);
    });
  }

  for (const mode of [0o311, 0o644]) {
    for (const command of ['LIST', 'NLST', 'MLSD']) {
      it(`${command} of a folder of the mode ${mode.toString(8)} is answered 550, and 150 is not told before`, async () => {
        chmodSync(dirname(served().home), 0o755);
        const line = await served().session();
        await line.dataConnection();
        chmodSync(at('folder'), mode);
        await asPlainUser(async () => expect(await line.code(`${command} folder`)).toBe(550));
      });
    }
  }

  it('a listing that is refused lets go of its folder', async () => {
    const line = await served().session();
    const open = () => readdirSync('/proc/self/fd').length;
    if (!existsSync('/proc/self/fd')) pending('only Linux tells what is open');
    expect(await line.code('LIST')).toBe(425);
    const before = open();
    for (let count = 0; count < 5; count += 1) expect(await line.code('MLSD folder')).toBe(425);
    expect(open()).toBe(before);
  });

  it('LIST tells links as links, and not where they lead', async () => {
    symlinkSync(served().outside, at('link'));
    const text = (await (await served().session()).download('LIST')).toString();
    expect(parseList(text).entries).toContain({ name: 'link', kind: 'link', size: 0 });
    expect(text).not.toContain(served().outside);
  });

  it('a folder of more entries than are asked for at once is told whole', async () => {
    const all = Array.from({ length: 200 }, (_, index) => `file-${index}`).sort();
    for (const name of all) writeFileSync(at(`folder/${name}`), '');
    expect(await names('NLST folder')).toEqual([...all, 'inner'].map((name) => `folder/${name}`));
  });

  it('HELP tells every command, and of each how it is used', async () => {
    const line = await served().line();
    const { code, lines } = await line.ask('HELP');
    expect(code).toBe(214);
    expect(lines.slice(1, -1).join(' ').trim().split(/ +/)).toEqual([...commandTable.keys()]);
    expect((await line.ask('HELP stor')).lines).toEqual(['STOR <file>']);
    expect(await line.code('HELP nonsense')).toBe(501);
  });

  it('SYST is answered 215 and NOOP 200', async () => {
    const line = await served().line();
    const { code, lines } = await line.ask('SYST');
    expect([code, ...lines]).toEqual([215, 'UNIX Type: L8']);
    expect(await line.code('noop')).toBe(200);
  });

  for (const command of ['SMNT x', 'MFCT 20260102030405 a']) {
    it(`${command} is answered 502`, async () => {
      expect(await (await served().line()).code(command)).toBe(502);
    });
  }

  for (const command of ['XYZZY', '', ' NOOP']) {
    it(`${JSON.stringify(command)} is answered 500`, async () => {
      expect(await (await served().line()).code(command)).toBe(500);
    });
  }
});
