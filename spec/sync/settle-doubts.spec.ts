import type { CycleSummary } from '../../lib/sync/cycle-summary.ts';
import type { Call, Failure } from '../support/memory-transport.ts';
import { SyncScene, syncScene } from '../support/sync-scene.ts';

const T = Date.UTC(2026, 3, 4);

function failing(kind: Call['kind'], path: string, failure: Failure): (call: Call) => Failure | undefined {
  return (call) => (call.kind === kind && call.path === path ? failure : undefined);
}

describe('After an answer got lost', () => {
  const scene = syncScene();
  const lost: Failure = { code: 'E_LOST', butDone: true };

  beforeEach(async () => {
    scene().write('other', 'x', T);
    scene().write('f', 'old', T);
    scene().write('d/g', 'x', T);
    await scene().cycle();
  });

  /** One cycle in which an answer gets lost; then the mirror may be killed and begun anew. */
  async function lose(kind: Call['kind'], path: string, failure = lost): Promise<void> {
    scene().transport.fail = failing(kind, path, failure);
    expect((await scene().cycle()).failed).toBeGreaterThan(0);
    scene().transport.fail = () => undefined;
    scene().restart();
    scene().transport.calls.length = 0;
  }

  async function settle(): Promise<CycleSummary> {
    const summary = await scene().cycle();
    expect(summary.failed).toBe(0);
    expect(scene().known()).toEqual(scene().far());
    scene().transport.calls.length = 0;
    await scene().cycle();
    expect(scene().transport.calls).toEqual([]);
    return summary;
  }

  it('does not send a file that arrived once more', async () => {
    scene().write('f', 'new content');
    await lose('upload', 'f');
    expect((await settle()).filesSent).toBe(0);
    expect(scene().transport.tree.all()['f']).toBe('new content');
  });

  it('sends a file again that was put back meanwhile as it was before', async () => {
    scene().write('f', 'new', T + 9000);
    await lose('upload', 'f');
    expect(scene().transport.tree.all()['f']).toBe('new');
    scene().write('f', 'old', T);
    await settle();
    expect(scene().transport.tree.all()['f']).toBe('old');
  });

  it('removes a new file that arrived and is gone from the near side', async () => {
    scene().write('d/secret', 'x');
    await lose('upload', 'd/secret');
    expect(scene().transport.tree.at('d/secret')).toBeDefined();
    scene().remove('d/secret');
    await settle();
    expect(scene().far()).toEqual({ other: 1, f: 3, d: null, 'd/g': 1 });
  });

  it("leaves a stranger's file alone over which a new one was not sent, and which is gone from the near side", async () => {
    scene().transport.tree.putFile('new', "the stranger's own", T);
    scene().write('new', 'x');
    await lose('upload', 'new', 'E_REFUSED');
    scene().remove('new');
    expect((await scene().cycle()).failed).toBe(0);
    expect(scene().transport.tree.all()['new']).toBe("the stranger's own");
    expect(scene().known()).toEqual(scene().far('new'));
  });

  it('removes a folder that was made and is gone from the near side', async () => {
    scene().makeFolder('new');
    await lose('mkdir', 'new');
    scene().remove('new');
    await settle();
    expect(Object.keys(scene().far())).not.toContain('new');
  });

  it('sends a file again that was removed and put back as it was', async () => {
    scene().remove('f');
    await lose('remove', 'f');
    expect(scene().transport.tree.at('f')).toBeUndefined();
    scene().write('f', 'old', T);
    await settle();
    expect(scene().transport.tree.all()['f']).toBe('old');
  });

  it('does not send a file again that was put back as it was, and is still there as it was', async () => {
    scene().remove('f');
    await lose('remove', 'f', 'E_BUSY');
    scene().write('f', 'old', T);
    expect(await settle()).toEqual(jasmine.objectContaining({ filesSent: 0, filesRemoved: 0 }));
    expect(scene().transport.tree.all()['f']).toBe('old');
  });

  for (const kind of ['remove', 'upload'] as const) {
    it(`removes a file in the end, at whose ${kind} the mirror was killed twice`, async () => {
      if (kind === 'remove') scene().remove('f');
      else scene().write('f', 'new', T + 9000);
      scene().transport.fail = failing(kind, 'f', 'E_BUSY');
      for (let kills = 0; kills < 2; kills += 1) {
        expect((await scene().cycle()).failed).toBe(1);
        scene().kill();
      }
      scene().transport.fail = () => undefined;
      if (kind === 'upload') scene().remove('f');
      await settle();
      expect(scene().far()).toEqual({ other: 1, d: null, 'd/g': 1 });
    });
  }

  it('leaves a file that others changed after its removal had failed', async () => {
    scene().remove('f');
    await lose('remove', 'f', 'E_BUSY');
    scene().transport.tree.putFile('f', 'of others', T + 9000);
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 0, failed: 0 }));
    expect(scene().transport.tree.all()['f']).toBe('of others');
    expect(Object.keys(scene().known())).not.toContain('f');
  });

  it('makes a folder again that was removed and put back', async () => {
    scene().remove('d');
    await lose('rmdir', 'd');
    scene().write('d/g', 'x', T);
    await settle();
    expect(scene().far()).toEqual({ other: 1, f: 3, d: null, 'd/g': 1 });
  });

  it('removes a folder that was not', async () => {
    scene().remove('d');
    await lose('rmdir', 'd', 'E_BUSY');
    await settle();
    expect(scene().far()).toEqual({ other: 1, f: 3 });
  });

  it('lists only the folders in which something is in doubt', async () => {
    scene().write('d/new', 'x');
    await lose('upload', 'd/new');
    await scene().cycle();
    expect(scene().transport.callsOf('list')).toEqual(['list d']);
  });

  it('makes good what others removed, as soon as a failure shows it', async () => {
    scene().write('d/e/h', 'x');
    await scene().cycle();
    for (const path of ['d', 'f']) scene().transport.tree.take(path);
    scene().write('d/e/new', 'x');
    for (let turn = 0; turn < 2; turn += 1) await scene().cycle();
    expect(scene().far()).toEqual({ other: 1, f: 3, d: null, 'd/g': 1, 'd/e': null, 'd/e/h': 1, 'd/e/new': 1 });
    expect(scene().known()).toEqual(scene().far());
  });

  it('sends all of it again when the far root was gone and had to be made', async () => {
    scene().transport.loseRoot();
    scene().write('new', 'x');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ failed: 0, filesSent: 4, foldersMade: 1 }));
    expect(scene().logger.lines).toContain('warn The folder on the site was gone : all that is mirrored is sent again');
    await settle();
    expect(scene().far()).toEqual({ other: 1, f: 3, d: null, 'd/g': 1, new: 1 });
  });

  it('makes good what others changed or replaced in a folder that is listed', async () => {
    for (const path of ['d/h', 'd/sub/i']) scene().write(path, 'x');
    await scene().cycle();
    scene().write('d/new', 'x');
    await lose('upload', 'd/new');
    const { tree } = scene().transport;
    tree.putFile('d/g', 'of another size');
    tree.take('d/h');
    tree.take('d/sub');
    tree.putFile('d/sub', 'a file in place of a folder');
    expect((await scene().cycle()).failed).toBe(2);
    tree.take('d/sub');
    for (let turn = 0; turn < 2; turn += 1) await scene().cycle();
    await settle();
    expect(tree.all()['d/g']).toBe('x');
    expect(Object.keys(tree.all()).sort()).toEqual(['d', 'd/g', 'd/h', 'd/new', 'd/sub', 'd/sub/i', 'f', 'other']);
  });

  it('does not believe that a folder is gone which stands in the listing of its parent', async () => {
    scene().write('d/new', 'x');
    await lose('upload', 'd/new');
    scene().remove('d/new');
    scene().transport.fail = failing('list', 'd', 'E_MISSING');
    expect((await scene().cycle()).failed).toBe(1);
    expect(scene().logger.lines).toContain('error Not looked at : d/, it is on the site, but may not be opened');
    scene().transport.fail = () => undefined;
    await settle();
    expect(scene().far()).toEqual({ other: 1, f: 3, d: null, 'd/g': 1 });
  });

  it('does not believe that the far root is gone, which was just made', async () => {
    scene().write('new', 'x');
    await lose('upload', 'new');
    scene().transport.fail = failing('list', '', 'E_MISSING');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ failed: 1, filesSent: 1 }));
    scene().transport.fail = () => undefined;
    await settle();
  });

  it('settles nothing while the far side cannot be reached', async () => {
    scene().write('new', 'x');
    await lose('upload', 'new');
    scene().remove('new');
    scene().transport.fail = failing('connect', '', 'E_CONNECT');
    await expectAsync(scene().cycle()).toBeRejected();
    scene().transport.fail = () => undefined;
    await settle();
    expect(Object.keys(scene().far())).not.toContain('new');
  });

  it('counts a folder that cannot be listed as a failure, goes on with the others, and looks again', async () => {
    scene().write('d/new', 'x');
    scene().write('d/g', 'newer', T + 9000);
    scene().transport.fail = ({ path }) => (path.startsWith('d/') ? lost : undefined);
    await scene().cycle();
    scene().remove('d/new');
    scene().write('d/g', 'x', T);
    scene().write('elsewhere', 'x');
    scene().transport.fail = failing('list', 'd', 'E_REFUSED');
    scene().restart();
    scene().logger.lines.length = 0;
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ failed: 1, filesSent: 2 }));
    expect(scene().logger.lines).toEqual(['error Not looked at : d/, list d is made to fail']);
    expect(scene().transport.tree.all()['d/g']).toBe('x');
    scene().transport.fail = () => undefined;
    await settle();
    expect(Object.keys(scene().far())).not.toContain('d/new');
  });

  it('does not take what it can see in a dry run for seen', async () => {
    scene().write('new', 'x');
    await lose('upload', 'new');
    scene().remove('new');
    scene().restart({ readOnly: true });
    scene().use({ dryRun: true });
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 1, failed: 0 }));
    expect(scene().transport.tree.at('new')).toBeDefined();
    scene().restart();
    expect(scene().journal.doubts().length).toBe(1);
  });
});

describe('A listing of a far side that ignores case', () => {
  const scene = syncScene({ ignoresCase: true });

  it('does not make gone what it holds under a name in another case', async () => {
    scene().transport.tree.putFile('Photos/stranger', 's');
    scene().write('photos/beach', 'x');
    await scene().cycle();
    scene().write('bad', 'x');
    scene().transport.fail = failing('upload', 'bad', 'E_REFUSED');
    await scene().cycle();
    scene().transport.calls.length = 0;
    await scene().cycle();
    expect(scene().transport.callsOf('upload', 'mkdir')).toEqual(['upload bad']);
  });

  it('removes in the end what it holds under a name in another case, and could not be removed at first', async () => {
    scene().transport.tree.putFile('F', 'older', T);
    scene().write('f', 'x', T);
    scene().write('other', 'x', T);
    await scene().cycle();
    scene().remove('f');
    scene().transport.fail = failing('remove', 'f', 'E_BUSY');
    expect((await scene().cycle()).failed).toBe(1);
    scene().transport.fail = () => undefined;
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 1, failed: 0 }));
    expect(scene().far()).toEqual({ other: 1 });
  });
});

describe('An upload that failed', () => {
  const NOON = Date.UTC(2026, 5, 1);
  const cases = [
    { what: 'where times are not kept', far: { keepsTimes: false, nowMs: NOON + 1_000_000 }, laterMs: -5000 },
    { what: 'in one second with the version before it', far: {}, laterMs: 400 },
  ];
  const ways: Readonly<Record<string, (scene: SyncScene) => void>> = {
    '': () => undefined,
    ', nor after the mirror was killed': (scene) => scene.kill(),
    ', nor when all is listed': (scene) => scene.manager.relist(),
  };
  for (const { what, far, laterMs } of cases) {
    for (const [when, then] of Object.entries(ways)) {
      it(`is not taken for one that arrived, ${what} and the sizes are equal${when}`, async () => {
        const scene = new SyncScene(far);
        scene.write('f', 'old!', NOON + 100);
        await scene.cycle();
        scene.write('f', 'new!', NOON + 100 + laterMs);
        for (let failures = 0; failures < 2; failures += 1) {
          scene.transport.fail = failing('upload', 'f', 'E_REFUSED');
          expect((await scene.cycle()).failed).toBe(1);
        }
        scene.transport.fail = () => undefined;
        then(scene);
        expect(await scene.cycle()).toEqual(jasmine.objectContaining({ filesSent: 1, failed: 0 }));
        expect(scene.transport.tree.all()).toEqual({ f: 'new!' });
        scene.dispose();
      });
    }
  }
});
