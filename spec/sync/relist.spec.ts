import type { CycleSummary } from '../../lib/sync/cycle-summary.ts';
import { TransferError } from '../../lib/transfer/transfer-error.ts';
import { SyncScene, syncScene } from '../support/sync-scene.ts';

const HOUR = 3_600_000;
const T = Date.UTC(2026, 3, 4);

describe('Listing the far side again', () => {
  const scene = syncScene();

  beforeEach(async () => {
    for (const path of ['f', 'd/g', 'd/e/h']) scene().write(path, path, T);
    scene().use({ relistEveryMs: HOUR });
    await scene().cycle();
    scene().transport.calls.length = 0;
  });

  /** A cycle in which the far side is listed because it is time to. */
  async function relist(): Promise<CycleSummary> {
    scene().clock.advance(HOUR);
    return scene().cycle();
  }

  const content = (path: string) => scene().transport.tree.all()[path];

  it('is done when it is time to, and not before', async () => {
    scene().clock.advance(HOUR - 1);
    await scene().cycle();
    expect(scene().transport.calls).toEqual([]);
    scene().clock.advance(1);
    await scene().cycle();
    expect(scene().transport.callsOf('list')).toEqual(['list ', 'list d', 'list d/e']);
    scene().transport.calls.length = 0;
    await scene().cycle();
    expect(scene().transport.calls).toEqual([]);
    expect(scene().logger.lines).toEqual(['info Site listed : 3 folders, all is as it was sent']);
  });

  it('counts the time from the last listing across restarts', async () => {
    scene().clock.advance(HOUR / 2);
    scene().restart();
    await scene().cycle();
    expect(scene().transport.calls).toEqual([]);
    scene().clock.advance(HOUR / 2);
    scene().restart();
    await scene().cycle();
    expect(scene().transport.callsOf('list').length).toBe(3);
  });

  it('is not put off by a clock that was set back', async () => {
    scene().clock.advance(-1000);
    await scene().cycle();
    expect(scene().transport.callsOf('list').length).toBe(3);
  });

  it('brings back what others removed', async () => {
    scene().transport.tree.take('f');
    scene().transport.tree.take('d');
    expect(await relist()).toEqual(jasmine.objectContaining({ filesSent: 3, foldersMade: 2, failed: 0 }));
    expect(scene().known()).toEqual(scene().far());
    expect(scene().logger.lines).toEqual([
      'warn Site changed by others : 2 entries are gone, 0 files have another content',
    ]);
  });

  it('sends again what others changed, be it in size or in time only', async () => {
    scene().transport.tree.putFile('f', 'of another size', T);
    scene().transport.tree.putFile('d/g', 'G/D', T + 5000);
    expect(await relist()).toEqual(jasmine.objectContaining({ filesSent: 2, failed: 0 }));
    expect([content('f'), content('d/g')]).toEqual(['f', 'd/g']);
    expect(scene().logger.lines).toEqual([
      'warn Site changed by others : 0 entries are gone, 2 files have another content',
    ]);
  });

  it('takes what others changed for theirs: it is not removed when it is gone from the near side', async () => {
    scene().transport.tree.putFile('f', 'now a stranger', T + 5000);
    scene().remove('f');
    expect(await relist()).toEqual(jasmine.objectContaining({ filesRemoved: 0, failed: 0 }));
    expect(content('f')).toBe('now a stranger');
    expect(Object.keys(scene().known())).not.toContain('f');
  });

  it('does not send what others brought to the very state of the near side', async () => {
    scene().write('f', 'newer', T + 9000);
    scene().transport.tree.putFile('f', 'newer', T + 9000);
    expect((await relist()).filesSent).toBe(0);
    expect(scene().known()).toEqual(scene().far());
  });

  it('looks also into folders that are gone from the near side, before they are removed', async () => {
    scene().transport.tree.putFile('d/e/h', 'changed', T + 5000);
    scene().remove('d');
    expect(await relist()).toEqual(jasmine.objectContaining({ filesRemoved: 1, foldersRemoved: 0 }));
    expect(scene().far()).toEqual({ f: 1, d: null, 'd/e': null, 'd/e/h': 7 });
  });

  it('changes nothing of what is known when it breaks off, and is tried again', async () => {
    scene().transport.tree.take('f');
    scene().transport.tree.take('d/e/h');
    scene().remove('d/g');
    const before = scene().known();
    scene().transport.fail = ({ kind, path }) => (kind === 'list' && path === 'd/e' ? 'E_LOST' : undefined);
    await expectAsync(relist()).toBeRejectedWithError(TransferError);
    expect(scene().known()).toEqual(before);
    expect(scene().transport.callsOf('upload', 'remove', 'rmdir')).toEqual([]);
    scene().transport.fail = () => undefined;
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesSent: 2, filesRemoved: 1 }));
    expect(scene().known()).toEqual(scene().far());
  });

  it('changes nothing of what is known when it is aborted', async () => {
    const before = scene().known();
    scene().transport.tree.take('d');
    scene().transport.tree.take('f');
    scene().transport.fail = ({ kind }) => {
      if (kind === 'list') scene().controller.abort(new Error('stop'));
      return undefined;
    };
    scene().transport.tree.putFolder('d/e');
    await expectAsync(relist()).toBeRejectedWithError('stop');
    expect(scene().known()).toEqual(before);
  });

  it('keeps what it knows of a folder that it may not list, and removes nothing in that cycle', async () => {
    scene().transport.tree.take('f');
    scene().remove('d/g');
    for (const code of ['E_REFUSED', 'E_MISSING', 'E_NAME'] as const) {
      scene().transport.fail = ({ kind, path }) => (kind === 'list' && path === 'd/e' ? code : undefined);
      expect(await relist()).toEqual(jasmine.objectContaining({ failed: 1, putOff: 1, filesRemoved: 0 }));
      expect(Object.keys(scene().known())).toContain('d/e/h');
    }
    expect(content('f')).toBe('f');
    scene().transport.fail = () => undefined;
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ failed: 0, filesRemoved: 1 }));
  });

  it('settles what is in doubt by the same listing', async () => {
    scene().write('d/new', 'x', T);
    scene().write('n/new', 'x', T);
    const lost = { code: 'E_LOST', butDone: true } as const;
    scene().transport.fail = ({ kind, path }) =>
      path === 'd/new' || (kind === 'mkdir' && path === 'n') ? lost : undefined;
    await scene().cycle();
    scene().transport.fail = () => undefined;
    scene().transport.calls.length = 0;
    for (const path of ['d/new', 'n']) scene().remove(path);
    expect(await relist()).toEqual(jasmine.objectContaining({ filesRemoved: 1, foldersRemoved: 1 }));
    expect(scene().transport.callsOf('list')).toEqual(['list ', 'list d', 'list d/e']);
    expect(scene().journal.doubts()).toEqual([]);
    expect(scene().known()).toEqual(scene().far());
  });

  it('lists once more when less than half of what was sent is there, and believes only what comes then', async () => {
    for (let index = 0; index < 20; index += 1) scene().write(`many/${index}`, 'x', T);
    await scene().cycle();
    scene().transport.calls.length = 0;
    const { tree } = scene().transport;
    const whole = tree.folderAt('many')?.entries ?? new Map();
    const kept = new Map(whole);
    whole.clear();
    scene().transport.fail = ({ kind, path }) => {
      // The second time the whole folder is shown.
      const seen = scene()
        .transport.callsOf('list')
        .filter((call) => call === 'list many').length;
      if (kind === 'list' && path === 'many' && seen === 2) for (const [name, node] of kept) whole.set(name, node);
      return undefined;
    };
    expect(await relist()).toEqual(jasmine.objectContaining({ filesSent: 0, failed: 0 }));
    expect(scene().logger.lines.filter((line) => line.startsWith('warn'))).toEqual([
      'warn Listing the site again : 20 of 26 entries that were sent are not in the first listing',
    ]);
    whole.clear();
    scene().transport.fail = () => undefined;
    expect((await relist()).filesSent).toBe(20);
  });

  it('lists nothing in between, and not at all when it is never to', async () => {
    scene().use({ relistEveryMs: Number.POSITIVE_INFINITY });
    scene().clock.advance(10_000 * HOUR);
    await scene().cycle();
    expect(scene().transport.calls).toEqual([]);
  });

  describe('because somebody asks for it', () => {
    it('begins the next cycle at once', async () => {
      const summaries: CycleSummary[] = [];
      const running = scene().manager.keepEqual(HOUR / 4, scene().controller.signal, (one) => summaries.push(one));
      await scene().clock.someoneWaits();
      expect(scene().transport.calls).toEqual([]);
      scene().transport.tree.take('f');
      scene().transport.holds = ({ kind }) => kind === 'upload';
      scene().manager.relist();
      await scene().transport.someHeld();
      expect(content('f')).toBeUndefined();
      // Asked for once more while the cycle runs: what was listed by now may have changed since.
      scene().transport.tree.take('d/g');
      scene().manager.relist();
      scene().transport.holds = ({ path }) => path === 'd/g';
      scene().transport.release();
      await scene().transport.someHeld();
      scene().transport.release();
      await scene().clock.someoneWaits();
      scene().controller.abort();
      await running;
      expect(summaries.map(({ filesSent }) => filesSent)).toEqual([0, 1, 1]);
    });

    it('stays asked for until a listing has come to its end', async () => {
      scene().manager.relist();
      scene().transport.fail = ({ kind }) => (kind === 'list' ? 'E_LOST' : undefined);
      await expectAsync(scene().cycle()).toBeRejectedWithError(TransferError);
      scene().transport.fail = () => undefined;
      scene().transport.tree.take('f');
      expect((await scene().cycle()).filesSent).toBe(1);
      expect((await scene().cycle()).filesSent).toBe(0);
    });
  });
});

describe('Listing again a far side that', () => {
  async function changedBy(
    far: ConstructorParameters<typeof SyncScene>[0],
    change: (scene: SyncScene) => void,
  ): Promise<number> {
    const scene = new SyncScene(far);
    try {
      scene.use({ relistEveryMs: HOUR });
      scene.write('f', 'abc', T + 999);
      scene.write('Photos/p', 'x', T);
      await scene.cycle();
      change(scene);
      scene.clock.advance(HOUR);
      return (await scene.cycle()).filesSent;
    } finally {
      scene.dispose();
    }
  }

  it('keeps no times is done by the sizes alone', async () => {
    const far = { keepsTimes: false, nowMs: T + 50_000 };
    expect(await changedBy(far, () => undefined)).toBe(0);
    expect(await changedBy(far, ({ transport }) => transport.tree.putFile('f', 'xyz', T + 90_000))).toBe(0);
    expect(await changedBy(far, ({ transport }) => transport.tree.putFile('f', 'abcd', T + 90_000))).toBe(1);
  });

  it('keeps times to the second does not take a part of a second for a change', async () => {
    expect(await changedBy({}, () => undefined)).toBe(0);
    expect(await changedBy({}, ({ transport }) => transport.tree.putFile('f', 'abc', T + 1))).toBe(0);
  });

  it('keeps no times and shows a name in another case is done by the sizes alone, too', async () => {
    const far = { ignoresCase: true, keepsTimes: false, nowMs: T + 50_000 };
    const rename = ({ transport }: SyncScene) => {
      transport.tree.take('f');
      transport.tree.putFile('F', 'xyz', T + 50_000);
      // Nothing but that file tells that no times are kept.
      transport.tree.putFile('Photos/p', 'x', T);
    };
    expect(await changedBy(far, rename)).toBe(0);
  });

  it('tells no times is done by the sizes alone', async () => {
    expect(await changedBy({}, ({ transport }) => transport.tree.putFile('f', 'xyz'))).toBe(0);
  });

  it('shows a folder under a name in another case looks into it all the same', async () => {
    const rename = ({ transport }: SyncScene) => {
      transport.tree.take('Photos');
      transport.tree.putFile('PHOTOS/p', 'changed', T);
    };
    expect(await changedBy({ ignoresCase: true }, rename)).toBe(1);
  });
});

describe('After a run that was not ended in order', () => {
  const scene = syncScene();

  beforeEach(async () => {
    for (const path of ['f', 'd/g', 'd/e/h']) scene().write(path, path, T);
    await scene().cycle();
  });

  it('believes of the journal only what the far side shows', async () => {
    scene().transport.tree.putFile('d/g', 'G/D', T + 5000);
    scene().transport.tree.take('f');
    scene().kill();
    expect(scene().journal.isCutOff).toBeTrue();
    scene().remove('d/g');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesSent: 1, filesRemoved: 0, failed: 0 }));
    expect(scene().transport.tree.all()['d/g']).toBe('G/D');
    expect(scene().known()).toEqual(scene().far('d/g'));
    scene().remove('d');
    expect((await scene().cycle()).filesRemoved).toBe(1);
  });

  it('keeps what it knew of a folder that it may not list, but removes nothing there until it may', async () => {
    scene().kill();
    scene().remove('d/e');
    scene().write('d/e', 'now a file', T);
    scene().transport.fail = ({ kind, path }) => (kind === 'list' && path === 'd/e' ? 'E_REFUSED' : undefined);
    expect((await scene().cycle()).filesRemoved).toBe(0);
    scene().restart();
    expect((await scene().cycle()).filesRemoved).toBe(0);
    expect(scene().logger.lines).toContain(jasmine.stringMatching(/^error No room : d\/e, /));
    scene().transport.fail = () => undefined;
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ failed: 0, filesRemoved: 1, filesSent: 1 }));
    expect(scene().known()).toEqual({ f: 1, d: null, 'd/g': 3, 'd/e': 10 });
  });

  it('removes nothing of others from a folder that it could not list at first', async () => {
    scene().kill();
    scene().remove('d/e/h');
    scene().transport.tree.putFile('d/e/h', 'of others', T);
    scene().transport.fail = ({ kind, path }) => (kind === 'list' && path === 'd/e' ? 'E_REFUSED' : undefined);
    expect((await scene().cycle()).failed).toBe(1);
    scene().transport.fail = () => undefined;
    expect((await scene().cycle()).filesRemoved).toBe(0);
    expect(scene().transport.tree.all()['d/e/h']).toBe('of others');
  });
});
