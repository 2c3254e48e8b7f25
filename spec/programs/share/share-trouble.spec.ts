import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { requireProgram } from '../../support/foreign/found.ts';
import { MiB, writeFolder, writeRandom } from '../../support/share/files.ts';
import type { SharePeer } from '../../support/share/share-peer.ts';
import { type ShareScene, shareScenes } from '../../support/share/share-scene.ts';
import { untilTrue } from '../../support/share/until.ts';
import { makeSmallDisk, type SmallDisk } from '../../support/small-disk.ts';

const SOON_MS = 20_000;

// Where rights count for root no more than for others.
const WITHOUT_POWERS = 'set -- setpriv --bounding-set=-dac_override,-dac_read_search "$@"';

describe('share, when the system refuses', () => {
  const sceneOf = shareScenes();
  let disk: SmallDisk | undefined;
  let onDisk: SharePeer | undefined;

  afterEach(async () => {
    // Whoever works on a disk holds it.
    await onDisk?.kill9();
    disk?.dispose();
    [disk, onDisk] = [undefined, undefined];
  });

  /** The folder of a peer, on a disk of its own. */
  function smallDisk(scene: ShareScene, index: number, kibibytes: number): SmallDisk {
    const { folder } = scene.peer(index).place;
    rmdirSync(folder);
    disk = makeSmallDisk(folder, kibibytes);
    onDisk = scene.peer(index);
    if (!disk.isShared) pending('no disk can be mounted here');
    return disk;
  }

  async function says(scene: ShareScene, index: number, what: RegExp): Promise<void> {
    await untilTrue(
      () => what.test(scene.peer(index).log),
      SOON_MS,
      () => `it says ${what}\n${scene.log}`,
    );
  }

  /** From now on a peer can open so many files more than it has open. */
  function letOpen(scene: ShareScene, index: number, more: number): void {
    const { pid } = scene.peer(index).program;
    const most = readdirSync(`/proc/${pid}/fd`).length + more;
    execFileSync('prlimit', ['--pid', `${pid}`, `--nofile=${most}:`], { stdio: 'pipe' });
  }

  for (const [who, index] of [
    ['who sends', 0],
    ['who receives', 1],
  ] as const) {
    it(`brings all over when ${who} may open few files at a time`, async () => {
      const scene = await sceneOf(2);
      await scene.startAll();
      writeFileSync(scene.peer(0).at('first'), 'first');
      await scene.allHave(0);
      letOpen(scene, index, 6);
      for (let number = 0; number < 100; number += 1)
        writeRandom(scene.peer(0).at(`${number % 9}`, `${number}`), 3_000);
      for (let number = 0; number < 8; number += 1) writeRandom(scene.peer(0).at(`large ${number}`), 2 * MiB);
      expect((await scene.allHave(0, 40_000)).size).toBe(1 + 9 + 100 + 8);
    });
  }

  it('says that the disk is full, keeps what is there whole, goes on, and brings over the rest when there is room', async () => {
    const scene = await sceneOf(2);
    const small = smallDisk(scene, 1, 16 * 1024);
    for (let number = 0; number < 8; number += 1) writeRandom(scene.peer(0).at(`${number}`), 4 * MiB);
    await scene.startAll();
    await says(scene, 1, /Failed : .*no room/);
    // What is small still has its place.
    writeFileSync(scene.peer(0).at('small'), 'small');
    await untilTrue(
      () => existsSync(scene.peer(1).at('small')),
      SOON_MS,
      () => scene.log,
    );
    const [all, some] = [await scene.tree(0), await scene.tree(1)];
    expect(some.size).toBeLessThan(9);
    for (const [path, what] of some) expect(all.get(path)).withContext(path).toBe(what);
    small.makeRoom();
    expect((await scene.allHave(0)).size).toBe(9);
  });

  it('says that a folder of the share cannot be written to, and goes on where it can be', async () => {
    requireProgram('setpriv');
    const scene = await sceneOf(2);
    mkdirSync(scene.peer(0).at('locked'), { recursive: true });
    mkdirSync(scene.peer(1).at('locked'), { recursive: true });
    writeFileSync(scene.peer(0).at('locked', 'new'), 'new');
    chmodSync(scene.peer(1).at('locked'), 0o500);
    try {
      await scene.start(0);
      await scene.start(1, { before: WITHOUT_POWERS });
      await says(scene, 1, /Failed : locked\/new/);
      writeFileSync(scene.peer(0).at('elsewhere'), 'elsewhere');
      await untilTrue(
        () => existsSync(scene.peer(1).at('elsewhere')),
        SOON_MS,
        () => scene.log,
      );
      expect(readdirSync(scene.peer(1).at('locked'))).toEqual([]);
      expect(existsSync(scene.peer(0).at('locked', 'new'))).toBeTrue();
    } finally {
      chmodSync(scene.peer(1).at('locked'), 0o700);
    }
    await scene.allHave(0);
  });

  it('takes a folder that it cannot read any more for none that was emptied', async () => {
    requireProgram('setpriv');
    const scene = await sceneOf(2);
    writeFolder(scene.peer(0).at('locked'));
    await scene.start(0, { before: WITHOUT_POWERS });
    await scene.start(1);
    await scene.allHave(0);
    chmodSync(scene.peer(0).at('locked'), 0);
    try {
      await scene.stop(0);
      await scene.start(0, { before: WITHOUT_POWERS });
      await says(scene, 0, /Left out : locked/);
      writeFileSync(scene.peer(0).at('seen'), 'seen');
      await untilTrue(
        () => existsSync(scene.peer(1).at('seen')),
        SOON_MS,
        () => scene.log,
      );
      expect(readdirSync(scene.peer(1).at('locked')).length).toBe(50);
    } finally {
      chmodSync(scene.peer(0).at('locked'), 0o700);
    }
  });

  for (const [what, lose] of [
    ['is moved away', (scene: ShareScene) => renameSync(scene.peer(0).at(), `${scene.peer(0).at()} away`)],
    [
      'is moved away, and an empty one is there,',
      (scene: ShareScene) => {
        const share = scene.peer(0).at();
        renameSync(share, `${share} away`);
        mkdirSync(share);
      },
    ],
    [
      'is moved away with its state, as when their disk is not mounted any more,',
      (scene: ShareScene) => {
        const { folder } = scene.peer(0).place;
        renameSync(folder, `${folder} away`);
      },
    ],
  ] as const) {
    it(`ends with 4 and deletes nothing elsewhere when the share ${what} while it runs`, async () => {
      const scene = await sceneOf(2);
      writeFolder(scene.peer(0).at('folder'));
      await scene.startAll();
      const tree = await scene.allHave(0);
      const { program } = scene.peer(0);
      lose(scene);
      writeFileSync(scene.peer(1).at('later'), 'later');
      const { status, stdout, stderr } = await program.ended;
      expect(status).toBe(4);
      expect(stdout + stderr).toMatch(/Nothing was deleted elsewhere/);
      await says(scene, 1, /Found : later/);
      expect((await scene.tree(1)).size).toBe(tree.size + 1);
    });
  }

  for (const [what, at] of [
    ['something comes from elsewhere', 1],
    ['something is put there', 0],
  ] as const) {
    it(`ends with 1 and one line when its state is removed while it runs, as soon as ${what}, and begins anew`, async () => {
      const scene = await sceneOf(2);
      writeFolder(scene.peer(0).at('folder'));
      // Else it would be another device then, which the other one has to be told to trust.
      for (const index of [0, 1]) await scene.start(index, { encryption: 'no' });
      await scene.allHave(0);
      const { program } = scene.peer(0);
      rmSync(scene.peer(0).inState(), { recursive: true });
      writeFileSync(scene.peer(at).at('later'), 'later');
      const { status, stderr } = await program.ended;
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^left: The state in \/.*\.left was removed or replaced .*: put it back, or start again.*\n$/,
      );
      expect(existsSync(scene.peer(0).inState())).toBeFalse();
      await scene.start(0, { encryption: 'no' });
      await scene.allHave(at);
    });
  }

  it('R24: ends where links lead in circles, however long they are', async () => {
    const scene = await sceneOf(2);
    const a = scene.peer(0);
    writeFolder(a.at('x', 'y'));
    symlinkSync('one', a.at('other'));
    symlinkSync('other', a.at('one'));
    symlinkSync('self', a.at('self'));
    symlinkSync('../..', a.at('x', 'y', 'up'));
    symlinkSync(a.at('x'), a.at('x', 'y', 'absolute'));
    symlinkSync(a.place.folder, a.at('above'));
    await scene.startAll();
    await says(scene, 0, /Looked through/);
    writeFileSync(a.at('after'), 'after');
    await untilTrue(
      () => existsSync(scene.peer(1).at('after')),
      SOON_MS,
      () => scene.log,
    );
    await untilTrue(
      () => existsSync(scene.peer(1).at('x', 'y')) && readdirSync(scene.peer(1).at('x', 'y')).length >= 50,
      SOON_MS,
      () => scene.log,
    );
    expect(['one', 'other', 'self'].filter((name) => existsSync(scene.peer(1).at(name)))).toEqual([]);
    expect((await a.stop()).status).toBe(0);
  });

  it('goes on when one of them, that is in the middle of a file, was stopped for a while', async () => {
    const scene = await sceneOf(3, { isProxied: true });
    await scene.startAll();
    const half = scene.whenPassed(16 * MiB, () => scene.peer(1).program.signal('SIGSTOP'));
    writeRandom(scene.peer(0).at('large'), 32 * MiB);
    await half;
    await untilTrue(
      () => statSync(scene.peer(2).at('large'), { throwIfNoEntry: false })?.size === 32 * MiB,
      SOON_MS,
      () => scene.log,
    );
    writeFileSync(scene.peer(2).at('meanwhile'), 'meanwhile');
    await untilTrue(
      () => existsSync(scene.peer(0).at('meanwhile')) && readFileSync(scene.peer(0).at('meanwhile'), 'utf8') !== '',
      SOON_MS,
      () => scene.log,
    );
    // It must not be waited for.
    expect(existsSync(scene.peer(1).at('large'))).toBeFalse();
    await wait(1_000);
    scene.peer(1).program.signal('SIGCONT');
    expect((await scene.allHave(0)).size).toBe(2);
  });
});
