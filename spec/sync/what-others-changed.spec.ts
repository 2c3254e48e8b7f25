import { syncScene } from '../support/sync-scene.ts';

const T = Date.UTC(2026, 3, 4);

describe('What others changed since it was sent', () => {
  const scene = syncScene();

  beforeEach(async () => {
    for (const path of ['f', 'd/g', 'd/e/h', 'z']) scene().write(path, path, T);
    await scene().cycle();
    scene().transport.calls.length = 0;
  });

  const content = (path: string) => scene().transport.tree.all()[path];
  const othersPut = (path: string) => scene().transport.tree.putFile(path, 'of others', T + 5000);

  it('is found out without listing anything', async () => {
    scene().remove('d/g');
    await scene().cycle();
    expect(scene().transport.callsOf('list', 'remove')).toEqual(['remove d/g']);
    expect(content('d/g')).toBeUndefined();
  });

  it('stays when it vanishes from the near side, and is forgotten', async () => {
    othersPut('d/g');
    scene().transport.tree.putFile('f', 'F', T + 5000);
    scene().remove('d');
    scene().remove('f');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 1, foldersRemoved: 1, failed: 0 }));
    expect(scene().transport.tree.all()).toEqual({ d: null, 'd/g': 'of others', f: 'F', z: 'z' });
    expect(scene().known()).toEqual({ z: 1 });
    for (const path of ['d/g', 'f']) {
      expect(scene().logger.lines).toContain(`warn File left : ${path}, others changed it since it was sent`);
    }
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 0, foldersRemoved: 0, failed: 0 }));
  });

  it('stays also when it is a folder by now', async () => {
    scene().transport.tree.take('f');
    othersPut('f/s');
    scene().remove('f');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 0, failed: 0 }));
    expect(content('f/s')).toBe('of others');
  });

  it('stays also when its room is needed, and each cycle says that it could not do all', async () => {
    othersPut('f');
    scene().remove('f');
    scene().write('f/new', 'x', T);
    for (const failed of [3, 2]) {
      expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 0, failed }));
      expect(content('f')).toBe('of others');
    }
  });

  it('is no error when it is gone with all that was in it', async () => {
    scene().transport.tree.take('d');
    scene().remove('d');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 2, foldersRemoved: 2, failed: 0 }));
    expect(scene().known()).toEqual(scene().far());
  });

  describe('in a folder that neither tells nor shows what is in it', () => {
    beforeEach(() => {
      const isClosed = (path: string) => path === 'd/e' || path.startsWith('d/e/');
      scene().transport.fail = ({ path }) => (isClosed(path) ? 'E_REFUSED' : undefined);
      othersPut('d/e/h');
    });

    it('stays, not even to make room, and is still known for what it was when it can be seen again', async () => {
      scene().remove('d/e');
      scene().write('d/e', 'now a file', T);
      scene().remove('f');
      for (const turn of [1, 2, 3]) {
        const summary = await scene().cycle();
        expect(summary)
          .withContext(`${turn}`)
          .toEqual(jasmine.objectContaining({ filesRemoved: 0, filesSent: 0 }));
        expect(summary.failed).toBeGreaterThan(0);
      }
      scene().transport.fail = () => undefined;
      await scene().cycle();
      expect(content('d/e/h')).toBe('of others');
    });

    it('stays when it vanishes from the near side, be it known only later what it is', async () => {
      scene().remove('d/e');
      for (const turn of [1, 2, 3]) {
        expect((await scene().cycle()).filesRemoved)
          .withContext(`${turn}`)
          .toBe(0);
      }
      scene().restart();
      scene().transport.fail = () => undefined;
      expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 0, failed: 0 }));
      expect(content('d/e/h')).toBe('of others');
    });
  });

  it('is seen by a dry run, which tells what would really be removed', async () => {
    othersPut('d/g');
    scene().restart({ readOnly: true });
    scene().use({ dryRun: true });
    scene().remove('d/g');
    scene().remove('f');
    expect((await scene().cycle()).filesRemoved).toBe(1);
    expect(scene().logger.lines.filter((line) => line.includes('Dry run'))).toEqual(['info Dry run : Remove file f']);
    expect(scene().logger.lines).toContain('warn Left on the site : 1 files that others changed since they were sent');
  });

  it('no step that is in doubt elsewhere is taken for settled', async () => {
    scene().write('d/e/new', 'x', T);
    scene().transport.fail = ({ path }) => (path === 'd/e/new' ? { code: 'E_LOST', butDone: true } : undefined);
    await scene().cycle();
    scene().remove('d/e/new');
    scene().remove('f');
    scene().transport.fail = ({ kind, path }) => (kind === 'list' && path === 'd/e' ? 'E_LOST' : undefined);
    expect((await scene().cycle()).filesRemoved).toBe(0);
    scene().transport.fail = () => undefined;
    expect((await scene().cycle()).filesRemoved).toBe(2);
    expect(scene().known()).toEqual(scene().far());
  });
});
