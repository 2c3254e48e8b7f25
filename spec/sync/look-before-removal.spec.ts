import { syncScene } from '../support/sync-scene.ts';

const T = Date.UTC(2026, 3, 4);

describe('Before something is removed from the far side', () => {
  const scene = syncScene();

  beforeEach(async () => {
    for (const path of ['f', 'd/g', 'd/e/h', 'z']) scene().write(path, path, T);
    await scene().cycle();
    scene().transport.calls.length = 0;
  });

  const content = (path: string) => scene().transport.tree.all()[path];
  const othersPut = (path: string) => scene().transport.tree.putFile(path, 'of others', T + 5000);

  it('the folder that it is in is looked at, and no other', async () => {
    scene().remove('d/g');
    await scene().cycle();
    expect(scene().transport.callsOf('list', 'remove')).toEqual(['list d', 'remove d/g']);
    expect(content('d/g')).toBeUndefined();
  });

  it('a folder that was just looked at is not looked at again', async () => {
    scene().remove('d/g');
    scene().manager.relist();
    await scene().cycle();
    expect(scene().transport.callsOf('list')).toEqual(['list ', 'list d', 'list d/e']);
  });

  it('what others put in its place is seen, and stays', async () => {
    othersPut('d/g');
    scene().transport.tree.putFile('f', 'F', T + 5000);
    scene().remove('d');
    scene().remove('f');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 1, foldersRemoved: 1, failed: 0 }));
    expect(scene().transport.tree.all()).toEqual({ d: null, 'd/g': 'of others', f: 'F', z: 'z' });
    expect(scene().known()).toEqual({ z: 1 });
    expect(scene().logger.lines).toContain('warn Left on the site : 2 files that others changed since they were sent');
  });

  it('a folder of others in its place is seen, and stays', async () => {
    scene().transport.tree.take('f');
    othersPut('f/s');
    scene().remove('f');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 0, failed: 0 }));
    expect(content('f/s')).toBe('of others');
  });

  it('what others changed stays also when its room is needed, and the cycle says that it could not do all', async () => {
    othersPut('f');
    scene().remove('f');
    scene().write('f/new', 'x', T);
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 0, failed: 2 }));
    expect(content('f')).toBe('of others');
  });

  it('what is not shown there is removed all the same: a listing may be cut, and nothing is lost by it', async () => {
    scene().remove('d/g');
    spyOn(scene().transport, 'list').and.resolveTo([]);
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 1, failed: 0, filesSent: 0 }));
    expect(scene().known()).toEqual(scene().far());
  });

  it('a folder that is gone with all that is in it is no error', async () => {
    scene().transport.tree.take('d');
    scene().remove('d');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 2, foldersRemoved: 2, failed: 0 }));
    expect(scene().known()).toEqual(scene().far());
  });

  it('nothing is removed from a folder that cannot be looked at, not even to make room, nor from others', async () => {
    scene().remove('d/e');
    scene().write('d/e', 'now a file', T);
    scene().remove('f');
    scene().transport.fail = ({ kind, path }) => (kind === 'list' && path === 'd/e' ? 'E_REFUSED' : undefined);
    for (const turn of [1, 2]) {
      const summary = await scene().cycle();
      expect(summary)
        .withContext(`${turn}`)
        .toEqual(jasmine.objectContaining({ filesRemoved: 0, filesSent: 0 }));
      expect(summary.failed).toBe(2);
    }
    expect(Object.keys(scene().far()).sort()).toEqual(['d', 'd/e', 'd/e/h', 'd/g', 'f', 'z']);
    scene().transport.fail = () => undefined;
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 2, filesSent: 1, failed: 0 }));
    expect(scene().known()).toEqual(scene().far());
  });

  it('a dry run looks as well, and tells what would really be removed', async () => {
    othersPut('d/g');
    scene().restart({ readOnly: true });
    scene().use({ dryRun: true });
    scene().remove('d/g');
    scene().remove('f');
    expect((await scene().cycle()).filesRemoved).toBe(1);
    expect(scene().logger.lines.filter((line) => line.includes('Dry run'))).toEqual(['info Dry run : Remove file f']);
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
