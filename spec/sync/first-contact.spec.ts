import { TransferError } from '../../lib/transfer/transfer-error.ts';
import { SyncScene } from '../support/sync-scene.ts';

const TIME = Date.UTC(2026, 5, 7, 8, 9, 10);

describe('A first contact', () => {
  const scenes: SyncScene[] = [];

  function sceneWith(...[far]: ConstructorParameters<typeof SyncScene>): SyncScene {
    const scene = new SyncScene(far);
    scenes.push(scene);
    return scene;
  }

  afterEach(() => {
    for (const scene of scenes.splice(0)) scene.dispose();
  });

  it('has the far side get ready before it looks at the near one, and later cycles do not', async () => {
    const scene = sceneWith();
    scene.write('a', 'abc');
    await scene.cycle();
    expect(scene.transport.prepared).toBe(1);
    scene.restart();
    await scene.cycle();
    expect(scene.transport.prepared).toBe(1);
  });

  const table = [
    { what: 'of the same size and second', far: 'abc', time: TIME, keepsTimes: true, sent: false },
    {
      what: 'of the same size and second, near part of it later',
      far: 'abc',
      time: TIME - 10,
      keepsTimes: true,
      sent: true,
    },
    { what: 'of another size', far: 'abcd', time: TIME, keepsTimes: true, sent: true },
    { what: 'of another size and newer', far: 'ab', time: TIME + 5000, keepsTimes: false, sent: true },
    { what: 'that is newer, where times are kept', far: 'abc', time: TIME + 1000, keepsTimes: true, sent: true },
    { what: 'that is newer, where times are not kept', far: 'abc', time: TIME + 1000, keepsTimes: false, sent: false },
    { what: 'that is older', far: 'abc', time: TIME - 1000, keepsTimes: true, sent: true },
    { what: 'that is older, where times are not kept', far: 'abc', time: TIME - 1000, keepsTimes: false, sent: true },
    { what: 'of unknown time', far: 'abc', time: undefined, keepsTimes: true, sent: true },
    { what: 'of unknown time, where times are not kept', far: 'abc', time: undefined, keepsTimes: false, sent: true },
  ];
  for (const { what, far, time, keepsTimes, sent } of table) {
    it(`${sent ? 'sends' : 'does not send'} a file when there is one ${what}`, async () => {
      const scene = sceneWith({ keepsTimes });
      scene.write('d/f', 'abc', TIME + 999);
      scene.transport.tree.putFile('d/f', far, time);
      const { filesSent, foldersMade } = await scene.cycle();
      expect(filesSent).toBe(sent ? 1 : 0);
      expect(foldersMade).toBe(0);
      expect(scene.known()).toEqual({ d: null, 'd/f': 3 });
      expect((await scene.cycle()).filesSent).toBe(0);
    });
  }

  it('asks once whether times are kept', async () => {
    const scene = sceneWith();
    for (const path of ['a', 'b', 'd/c']) {
      scene.write(path, 'abc', TIME);
      scene.transport.tree.putFile(path, 'abc', TIME + 5000);
    }
    await scene.cycle();
    expect(scene.transport.callsOf('keepsTimes').length).toBe(1);
  });

  it('neither records nor touches what belongs to others, nor lists folders that are not on the near side', async () => {
    const scene = sceneWith();
    scene.write('d/f', 'abc');
    for (const path of ['s', 'd/s', 'other/s', 'd/other/s']) scene.transport.tree.putFile(path, 'stranger', TIME);
    await scene.cycle();
    expect(scene.known()).toEqual({ d: null, 'd/f': 3 });
    expect(scene.transport.callsOf('list')).toEqual(['list ', 'list d']);
    scene.remove('d/f');
    await scene.cycle();
    expect(Object.keys(scene.transport.tree.all()).sort()).toEqual([
      'd',
      'd/other',
      'd/other/s',
      'd/s',
      'other',
      'other/s',
      's',
    ]);
  });

  it('takes a far folder for no file, and a far file for no folder', async () => {
    const scene = sceneWith();
    scene.write('a/f', 'abc', TIME);
    scene.write('b', '', TIME);
    scene.transport.tree.putFile('a', 'abc', TIME);
    scene.transport.tree.putFolder('b');
    const { failed } = await scene.cycle();
    expect(failed).toBe(3);
    expect(scene.known()).toEqual({});
    expect(scene.transport.tree.all()).toEqual({ a: 'abc', b: null });
  });

  it('lists the folders side by side', async () => {
    const scene = sceneWith();
    for (const folder of ['a', 'b', 'c']) {
      scene.write(`${folder}/f`, 'abc');
      scene.transport.tree.putFolder(folder);
    }
    scene.transport.holds = ({ kind, path }) => kind === 'list' && path !== '';
    const running = scene.cycle();
    await scene.transport.someHeld(3);
    scene.transport.release();
    await running;
    expect(scene.transport.callsOf('list').length).toBe(4);
  });

  it('believes nothing of a listing that broke off, and lists all of it again in the next cycle', async () => {
    const scene = sceneWith();
    for (const path of ['a/f', 'b/f']) {
      scene.write(path, 'abc', TIME);
      scene.transport.tree.putFile(path, 'abc', TIME);
    }
    scene.transport.fail = ({ kind, path }) => (kind === 'list' && path === 'b' ? 'E_LOST' : undefined);
    await expectAsync(scene.cycle()).toBeRejectedWithError(TransferError);
    expect(scene.journal.farIsKnown).toBeFalse();
    expect(scene.known()).toEqual({});
    scene.transport.fail = () => undefined;
    scene.transport.tree.take('a/f');
    scene.restart();
    expect((await scene.cycle()).filesSent).toBe(1);
    expect(scene.known()).toEqual(scene.far());
  });

  it('goes on without a folder that it may not list, and does not ask for it in each cycle', async () => {
    const scene = sceneWith();
    for (const path of ['a/f', 'b/f']) {
      scene.write(path, 'abc', TIME);
      scene.transport.tree.putFile(path, 'abc', TIME);
    }
    scene.transport.fail = ({ kind, path }) => (kind === 'list' && path === 'b' ? 'E_REFUSED' : undefined);
    expect(await scene.cycle()).toEqual(jasmine.objectContaining({ failed: 1, filesSent: 1 }));
    expect(scene.logger.lines).toEqual(['error Not looked at : b/, list b is made to fail']);
    scene.transport.calls.length = 0;
    expect(await scene.cycle()).toEqual(jasmine.objectContaining({ failed: 0, filesSent: 0 }));
    expect(scene.transport.calls).toEqual([]);
    expect(scene.journal.farIsKnown).toBeTrue();
    expect([...scene.journal.unseen]).toEqual(['b']);
    scene.transport.fail = () => undefined;
    scene.manager.relist();
    expect((await scene.cycle()).failed).toBe(0);
    expect([...scene.journal.unseen]).toEqual([]);
  });

  it('waits for the listings under way when one fails, and asks for no more', async () => {
    const scene = sceneWith();
    for (const path of ['a/f', 'b/c/f']) {
      scene.write(path, 'abc', TIME);
      scene.transport.tree.putFile(path, 'abc', TIME);
    }
    scene.transport.fail = ({ kind, path }) => (kind === 'list' && path === 'a' ? 'E_LOST' : undefined);
    scene.transport.holds = ({ kind, path }) => kind === 'list' && path === 'b';
    let ended = false;
    const running = scene.cycle().finally(() => {
      ended = true;
    });
    await scene.transport.someHeld();
    await new Promise(setImmediate);
    expect(ended).toBeFalse();
    scene.transport.release();
    await expectAsync(running).toBeRejectedWithError(TransferError);
    expect(scene.transport.callsOf('list')).toEqual(['list ', 'list a', 'list b']);
  });

  it('ends when it is aborted', async () => {
    const scene = sceneWith();
    scene.write('a/f', 'abc', TIME);
    scene.transport.tree.putFile('a/f', 'abc', TIME);
    scene.transport.holds = ({ kind }) => kind === 'list';
    const running = scene.cycle();
    await scene.transport.someHeld();
    scene.controller.abort(new Error('stop'));
    scene.transport.release();
    await expectAsync(running).toBeRejectedWithError('stop');
    expect(scene.transport.callsOf('list', 'upload')).toEqual(['list ']);
    expect(scene.journal.farIsKnown).toBeFalse();
  });

  it('takes a missing far root in a dry run for an empty one', async () => {
    const scene = sceneWith({ rootMissing: true, makesRoot: false });
    scene.write('a/f', 'abc');
    scene.use({ dryRun: true });
    expect(await scene.cycle()).toEqual(jasmine.objectContaining({ foldersMade: 1, filesSent: 1, failed: 0 }));
    expect(scene.transport.callsOf('mkdir', 'upload')).toEqual([]);
  });

  it('does not take a far root for empty that is said to be missing after it was made', async () => {
    const scene = sceneWith();
    scene.write('f', 'abc');
    scene.transport.fail = ({ kind }) => (kind === 'list' ? 'E_MISSING' : undefined);
    await expectAsync(scene.cycle()).toBeRejectedWithError(TransferError);
    expect(scene.journal.farIsKnown).toBeFalse();
  });

  it('takes a folder that went away since its parent was listed for an empty one', async () => {
    const scene = sceneWith();
    scene.write('a/f', 'abc', TIME);
    scene.transport.tree.putFile('a/f', 'abc', TIME);
    scene.transport.fail = ({ kind, path }) => {
      if (kind !== 'list' || path !== 'a') return undefined;
      scene.transport.tree.take('a');
      return 'E_MISSING';
    };
    expect(await scene.cycle()).toEqual(jasmine.objectContaining({ failed: 0, foldersMade: 1, filesSent: 1 }));
    expect(scene.far()).toEqual({ a: null, 'a/f': 3 });
    expect(scene.known()).toEqual(scene.far());
  });
});
