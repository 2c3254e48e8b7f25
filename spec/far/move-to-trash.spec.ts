import { chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TalkToFtp } from '../../lib/far/talk-to-ftp.ts';
import { TalkToFtpMulti } from '../../lib/far/talk-to-ftp-multi.ts';
import { openTransferPool } from '../../lib/far/transfer-pool.ts';
import { trashFolder } from '../../lib/far/trash-folder.ts';
import { type FarSide, type FarSideKind, farSideKinds, startFarSide } from '../support/far-side.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { talkRules } from '../support/talk-rules.ts';
import { refusalOf } from '../support/transport-probe.ts';
import { talks } from './talk-rig.ts';

const AT = 'T/1970-01-01T00-00-00Z';

describe('trashFolder', () => {
  it('is named after the second, without what Windows does not take', () => {
    expect(trashFolder('a/b', Date.UTC(2026, 10, 21, 5, 6, 7, 999))).toBe('a/b/2026-11-21T05-06-07Z');
  });
});

for (const kind of farSideKinds) {
  describe(`remove with a trash on ${kind}`, () => {
    let far: FarSide | undefined;
    let talk: TalkToFtp | undefined;
    let root: string;

    async function open(server: FarSideKind, trash: string): Promise<TalkToFtp> {
      far = await startFarSide(server);
      root = join(far.dataFolder, 'far');
      const { host, port, user, password } = far;
      const site = { protocol: 'ftp', host, port, user, password, directory: '/far' } as const;
      talk = new TalkToFtp({ site, rules: { ...talkRules, trash } }, { clock: new ManualClock(0) });
      await talk.connect();
      return talk;
    }

    afterEach(async () => {
      await talk?.disconnect();
      await far?.stop();
      far = undefined;
      talk = undefined;
    });

    /** Put a file there as the server's user. */
    function put(path: string, content: string): void {
      const { uid, gid } = statSync(root);
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      for (let made = file; made !== root; made = dirname(made)) chownSync(made, uid, gid);
    }

    const files = () =>
      readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .sort();
    const read = (path: string) => readFileSync(join(root, path), 'utf8');

    it('moves a file with its path, and never one over another', async () => {
      const opened = await open(kind, 'T');
      for (const content of ['one', 'two', 'three']) {
        put('a b/c/file', content);
        await opened.remove('a b/c/file');
      }
      expect(files()).toEqual(['', '~2', '~3'].map((end) => `${AT}${end}/a b/c/file`));
      expect(['', '~2', '~3'].map((end) => read(`${AT}${end}/a b/c/file`))).toEqual(['one', 'two', 'three']);
    });

    it('keeps a file and what is in a folder of the same name, in either order', async () => {
      const opened = await open(kind, 'T');
      put('a', '1');
      await opened.remove('a');
      put('a/b', '2');
      await opened.remove('a/b');
      await opened.rmdir('a');
      put('c/d', '3');
      await opened.remove('c/d');
      await opened.rmdir('c');
      put('c', '4');
      await opened.remove('c');
      expect(files()).toEqual([`${AT}/a`, `${AT}/c/d`, `${AT}~2/a/b`, `${AT}~2/c`]);
    });

    it('counts what is gone as done, leaves a folder, and removes temporary files for good', async () => {
      const opened = await open(kind, '/T/deep');
      await opened.remove('none');
      await opened.remove('no/none');
      put('folder/file', 'x');
      expect((await refusalOf(opened.remove('folder'))).code).toBe('E_REFUSED');
      const temporary = opened.temporaryOf({ path: 'f', size: 1, mtimeMs: 1 });
      put(temporary, 'x');
      await opened.remove(temporary);
      expect(files()).toEqual(['folder/file']);
      await opened.remove('folder/file');
      expect(files()).toEqual([]);
      expect(readdirSync(join(root, '../T/deep', '1970-01-01T00-00-00Z/folder'))).toEqual(['file']);
    });
  });
}

describe('remove with a trash', () => {
  const start = talks();

  it('never deletes where the server does not rename', async () => {
    const { talk, server } = await start({ rules: { trash: 'T' }, script: { RNTO: '550 no renames' } });
    server.files.set('/file', Buffer.from('x'));
    const error = await refusalOf(talk.remove('file'));
    expect([error.code, error.message]).toEqual([
      'E_REFUSED',
      jasmine.stringMatching(/^Cannot move \/file to \/T\/.*550/),
    ]);
    expect([...server.files.keys()]).toEqual(['/file']);
    expect(server.verbs).not.toContain('DELE');
  });

  it('never deletes where the trash cannot be made', async () => {
    const { talk, server } = await start({
      rules: { trash: 'T' },
      script: { MKD: '550 no', RNTO: '553 no such folder' },
    });
    server.files.set('/file', Buffer.from('x'));
    expect((await refusalOf(talk.remove('file'))).message).toContain('/T');
    expect([...server.files.keys()]).toEqual(['/file']);
    expect(server.verbs).not.toContain('DELE');
  });

  it('keeps what each cycle removes in a folder of its own, whoever does the work', async () => {
    const far = await startFarSide('embedded');
    const { host, port, user, password, dataFolder } = far;
    const site = { protocol: 'ftp', host, port, user, password, directory: '/' } as const;
    const talk = new TalkToFtpMulti({ site, rules: { ...talkRules, trash: '.trash' } }, openTransferPool('A', 2));
    try {
      await talk.connect();
      writeFileSync(join(dataFolder, 'file'), 'x');
      await talk.remove('file');
      const [folder = ''] = readdirSync(join(dataFolder, '.trash'));
      expect(folder).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/);
      expect(readdirSync(join(dataFolder, '.trash', folder))).toEqual(['file']);
    } finally {
      await talk.disconnect();
      await far.stop();
    }
  });
});
