import { syncScene } from '../support/sync-scene.ts';

const HOUR = 3_600_000;
const T = Date.UTC(2026, 3, 4);

describe('A folder that the far side does not let us list', () => {
  const scene = syncScene();

  beforeEach(async () => {
    for (const path of ['f', 'open/g', 'closed/h', 'closed/in/i']) scene().write(path, path, T);
    scene().use({ relistEveryMs: HOUR });
    await scene().cycle();
    scene().transport.fail = ({ kind, path }) => (kind === 'list' && path === 'closed' ? 'E_REFUSED' : undefined);
    scene().kill();
    scene().logger.lines.length = 0;
    scene().transport.calls.length = 0;
  });

  const NOT_LOOKED_AT = 'error Not looked at : closed/, list closed is made to fail';

  it('is told and counted once per listing, and then the site is left alone until it is time to list it', async () => {
    expect((await scene().cycle()).failed).toBe(1);
    expect(scene().logger.lines).toEqual([NOT_LOOKED_AT]);
    scene().transport.calls.length = 0;
    expect((await scene().cycle()).failed).toBe(0);
    scene().restart();
    expect((await scene().cycle()).failed).toBe(0);
    expect(scene().transport.calls).toEqual([]);
    scene().clock.advance(HOUR);
    expect((await scene().cycle()).failed).toBe(1);
    expect(scene().logger.lines.filter((line) => line === NOT_LOOKED_AT).length).toBe(2);
  });

  it('puts removals elsewhere off to the next cycle only', async () => {
    scene().remove('f');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 0, putOff: 1 }));
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 1, putOff: 0, failed: 0 }));
  });

  it('in which something is to be removed counts as long as it stays closed, but puts off nothing elsewhere', async () => {
    await scene().cycle();
    scene().remove('closed/h');
    scene().remove('f');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 1, failed: 1, putOff: 0 }));
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 0, failed: 1, putOff: 0 }));
    expect(scene().logger.lines.filter((line) => line === NOT_LOOKED_AT).length).toBe(1);
    expect(Object.keys(scene().far())).toContain('closed/h');
    scene().transport.fail = () => undefined;
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 1, failed: 0, putOff: 0 }));
    expect(scene().known()).toEqual(scene().far());
  });

  for (const restarts of [false, true]) {
    it(`keeps what others have, of which the mirror may know no more${restarts ? ', in a later run too' : ''}`, async () => {
      scene().journal.fileIsUnsure('closed/h');
      scene().journal.fileIsUnsure('closed/in/i');
      scene().transport.tree.putFile('closed/h', 'of others');
      scene().transport.tree.putFile('closed/in/i', 'of others');
      scene().remove('closed/h');
      scene().remove('closed/in');
      await scene().cycle();
      if (restarts) scene().restart();
      scene().transport.fail = () => undefined;
      if (restarts) scene().manager.relist();
      await scene().cycle();
      await scene().cycle();
      expect(scene().transport.tree.all()).toEqual(
        jasmine.objectContaining({ 'closed/h': 'of others', 'closed/in/i': 'of others' }),
      );
    });
  }

  it('and is listed later by itself is known by then, but not the folders in it', async () => {
    scene().journal.fileIsUnsure('closed/in/i');
    scene().transport.tree.putFile('closed/in/i', 'of others');
    scene().remove('closed/in');
    await scene().cycle();
    scene().write('closed/new', 'x', T);
    scene().transport.fail = ({ kind, path }) => (kind === 'upload' && path === 'closed/new' ? 'E_LOST' : undefined);
    await scene().cycle();
    scene().transport.fail = ({ kind, path }) => (kind === 'list' && path === 'closed/in' ? 'E_REFUSED' : undefined);
    await scene().cycle();
    expect([...scene().journal.unseen]).toEqual(['closed/in']);
    scene().transport.fail = () => undefined;
    await scene().cycle();
    expect(scene().transport.tree.all()['closed/in/i']).toBe('of others');
  });
});
