import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ShareStatus } from '../../../lib/share/desk/share-desk.ts';
import { programs } from '../../support/run-program.ts';
import type { SharePeer } from '../../support/share/share-peer.ts';
import type { ShareScene } from '../../support/share/share-scene.ts';
import { shareScenes } from '../../support/share/share-scene.ts';
import { until, untilTrue } from '../../support/share/until.ts';

const SCRIPT = join(process.cwd(), 'bin/share.js');
const SOON_MS = 20_000;
const NOT_HERE = { args: ['--no-hidden'] };

describe('share --no-hidden', () => {
  const scenes = shareScenes();
  const run = programs();

  /** Wait until a file that was made last of all has come: what was before it has been dealt with. */
  async function passed(scene: ShareScene, from: number, to: number, name: string): Promise<void> {
    writeFileSync(scene.peer(from).at(name), name);
    await untilTrue(
      () => existsSync(scene.peer(to).at(name)),
      SOON_MS,
      () => `${name} comes\n${scene.log}`,
    );
  }

  async function statusOf(peer: SharePeer): Promise<ShareStatus> {
    const { stdout } = await run(SCRIPT, { cwd: peer.place.folder, args: ['status', '--json'], stdin: '' }).ended;
    return JSON.parse(stdout) as ShareStatus;
  }

  it('shares nothing whose name begins with a dot, and shares all else', async () => {
    const scene = await scenes(2);
    const [first, second] = [scene.peer(0), scene.peer(1)];
    mkdirSync(first.at('.git'));
    mkdirSync(first.at('d'));
    for (const path of ['.a', '.git/b', 'd/.c', 'd/e']) writeFileSync(first.at(path), path);
    await scene.start(0, NOT_HERE);
    await scene.start(1);
    await untilTrue(
      () => existsSync(second.at('d/e')),
      SOON_MS,
      () => `d/e comes\n${scene.log}`,
    );
    await passed(scene, 0, 1, 'd/f');
    await passed(scene, 0, 1, 'last');
    expect(readdirSync(second.at(), { recursive: true }).sort()).toEqual(['d', 'd/e', 'd/f', 'last']);
    expect(first.log).not.toContain('Left out');
  });

  it('takes nothing of it from others, and tells what it does not take', async () => {
    const scene = await scenes(2);
    const [first, second] = [scene.peer(0), scene.peer(1)];
    mkdirSync(first.at('.git'));
    for (const path of ['.a', '.git/b']) writeFileSync(first.at(path), path);
    await scene.start(0);
    await scene.start(1, NOT_HERE);
    await passed(scene, 0, 1, 'last');
    await passed(scene, 1, 0, 'back');
    expect(readdirSync(second.at(), { recursive: true }).sort()).toEqual(['back', 'last']);
    const status = await until(
      async () => {
        const now = await statusOf(second);
        return now.leftOut[0]?.entries === 2 ? now : undefined;
      },
      SOON_MS,
      () => scene.log,
    );
    expect(status.leftOut.map(({ paths }) => paths.toSorted())).toEqual([['.a', '.git']]);
    expect(status.failed).toEqual([]);
    expect(second.log).not.toMatch(/Failed|Left out/);
    // And nobody is told that there is a copy of it.
    const [lacking] = (await statusOf(first)).peers;
    expect(lacking?.lacks?.entries).toBeGreaterThanOrEqual(3);
  });

  it('takes all of it when it is started without the option', async () => {
    const scene = await scenes(2);
    writeFileSync(scene.peer(0).at('.a'), 'text');
    await scene.start(0);
    await scene.start(1, NOT_HERE);
    await passed(scene, 0, 1, 'last');
    await scene.stop(1);
    await scene.start(1);
    await scene.allHave(0);
    expect(readFileSync(scene.peer(1).at('.a'), 'utf8')).toBe('text');
  });

  it('deletes nothing of it anywhere, be it deleted here or there', async () => {
    const scene = await scenes(2);
    const [first, second] = [scene.peer(0), scene.peer(1)];
    for (const path of ['.a', '.b']) writeFileSync(first.at(path), path);
    await scene.startAll();
    await scene.allHave(0);
    await scene.stop(1);
    rmSync(second.at('.a'));
    await scene.start(1, NOT_HERE);
    rmSync(first.at('.b'));
    await passed(scene, 0, 1, 'last');
    await passed(scene, 1, 0, 'back');
    expect(readdirSync(first.at()).sort()).toEqual(['.a', 'back', 'last']);
    expect(readdirSync(second.at()).sort()).toEqual(['.b', 'back', 'last']);
  });

  it('deletes a folder with what is hidden in it, where that is what its user did', async () => {
    const scene = await scenes(2);
    const [first, second] = [scene.peer(0), scene.peer(1)];
    mkdirSync(first.at('d'));
    for (const path of ['d/.a', 'd/b']) writeFileSync(first.at(path), path);
    await scene.startAll();
    await scene.allHave(0);
    await scene.stop(1);
    await scene.start(1, NOT_HERE);
    rmSync(second.at('d'), { recursive: true });
    await untilTrue(
      () => !existsSync(first.at('d')),
      SOON_MS,
      () => `it is deleted\n${scene.log}`,
    );
  });
});
