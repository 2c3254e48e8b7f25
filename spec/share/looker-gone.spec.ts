import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { glance } from '../../lib/share/disk/glance.ts';
import type { Look, LookOptions } from '../../lib/share/disk/look.ts';
import type { LookerOptions } from '../../lib/share/looker.ts';
import { type ShareScene, shareScene } from './disk/share-scene.ts';
import { lookOf, makeLooker, SEEN } from './make-looker.ts';

// A look that follows another one for ever would make a spec hang, and not fail.
const MANY_LOOKS = 20;

describe('A Looker at what is gone', () => {
  const scene = shareScene();

  it('does not tell it when something was put there between the look and the telling', async () => {
    for (const path of ['a/gone', 'a/back', 'b/gone', 'b/c/gone']) scene().write(path, 'x');
    await scene().look();
    for (const path of ['a', 'b']) rmSync(scene().at(path), { recursive: true });
    const { told, looked } = await tell(scene(), () => {
      scene().write('a/back', 'x');
      scene().makeFolder('b/c');
    });
    const gone = ['a/gone', 'b/c/gone', 'b/gone'].map((path) => `deleted ${path}`);
    expect([...told].sort()).toEqual([...gone, 'folder a', 'folder b', 'folder b/c']);
    expect(looked).toEqual([[''], jasmine.arrayWithExactContents(['a/back', 'b/c', 'a', 'b'])]);
  });

  it('does not tell a folder that was taken away between the look and the telling', async () => {
    scene().makeFolder('a');
    scene().makeFolder('b');
    const { told, looked } = await tell(scene(), () => {
      if (glance(scene().at('b'), 'skip').kind === 'folder') rmdirSync(scene().at('b'));
    });
    expect(told).toEqual(['folder a', 'deleted b']);
    expect(looked).toEqual([[''], ['b']]);
  });

  it('tells nothing when the share went in that moment', async () => {
    scene().write('a', 'x');
    await scene().look();
    rmSync(scene().at('a'));
    const ends: unknown[] = [];
    const move = () => renameSync(scene().root, `${scene().root} elsewhere`);
    const { told } = await tell(scene(), move, {}, { onEnd: (error) => ends.push(error) });
    expect([told, ends]).toEqual([[], [jasmine.objectContaining({ code: 'E_SHARE_GONE' })]]);
  });

  it('comes to rest, whatever lies there that is not shared', async () => {
    const kinds = ['pipe', 'nowhere', 'loop', 'state'];
    for (const kind of kinds) scene().write(`${kind}/x`, 'x');
    await scene().look();
    for (const kind of kinds) rmSync(scene().at(kind), { recursive: true });
    const { told, looked } = await tell(scene(), () => {
      if (glance(scene().at('pipe'), 'skip').kind !== 'nothing') return;
      execFileSync('mkfifo', [scene().at('pipe')]);
      symlinkSync('not there', scene().at('nowhere'));
      symlinkSync('.', scene().at('loop'));
      scene().write('x', 'seen by way of the loop');
      symlinkSync('../.left', scene().at('state'));
      writeFileSync(join(scene().stateFolder, 'x'), 'seen by way of the link');
    });
    expect([...told].sort()).toEqual(
      ['loop', 'loop/x', 'nowhere/x', 'pipe', 'pipe/x', 'state', 'state/x'].map((path) => `deleted ${path}`),
    );
    expect(looked).toEqual([[''], ['nowhere']]);
  });

  it('comes to rest where what is hidden lies in a folder that came back', async () => {
    scene().write('a/.hidden', 'x');
    await scene().look();
    rmSync(scene().at('a'), { recursive: true });
    const put = () => mkdirSync(scene().at('a'), { recursive: true });
    const { told, looked } = await tell(scene(), put, { leavesDots: true });
    expect([told, looked]).toEqual([['folder a'], [[''], ['a/.hidden', 'a']]]);
  });

  it('lets others have their turns while it tells of many', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `file ${index}`);
    let isFirst = true;
    let asked = 0;
    let told = 0;
    const toldInTurns: number[] = [];
    const looker = makeLooker({
      look: async () => {
        const gone = isFirst ? many : [];
        isFirst = false;
        return lookOf({
          gone,
          stillGone: (paths) => {
            // What was asked before was told before others had a turn.
            expect(told).toBe(asked);
            asked += paths.length;
            return paths;
          },
        });
      },
      unchanged: () => ({ ...SEEN, stamp: 'old' }),
      onFound: () => {
        told += 1;
        for (const end = performance.now() + 0.05; performance.now() < end; );
      },
    });
    looker.dirty(['']);
    while (!looker.isIdle) {
      toldInTurns.push(told);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(told).toBe(many.length);
    expect(new Set(toldInTurns).size).toBeGreaterThan(4);
    looker.close();
  });
});

/** Have a looker look through the share until it rests. @param meanwhile happens after each look, before it is told */
async function tell(
  scene: ShareScene,
  meanwhile: () => void,
  lookOptions: Partial<LookOptions> = {},
  options: Partial<LookerOptions> = {},
): Promise<{ told: readonly string[]; looked: readonly (readonly string[])[] }> {
  const { known } = scene;
  const held = new Map([...known.below('')].map((path) => [path, known.at(path)] as const));
  const told: string[] = [];
  const looked: (readonly string[])[] = [];
  const looker = makeLooker({
    look: async (paths): Promise<Look> => {
      looked.push(paths);
      if (looked.length > MANY_LOOKS) throw new Error('it looks again and again');
      const seen = await scene.look(paths, {
        known: {
          at: (path) => held.get(path),
          below: (path) => [...held.keys()].filter((other) => path === '' || other.startsWith(`${path}/`)),
        },
        ...lookOptions,
      });
      meanwhile();
      return seen;
    },
    unchanged: (path) => {
      const { type, stamp } = held.get(path) ?? {};
      if (type === undefined || stamp === undefined) return undefined;
      return type === 'file' ? { ...SEEN, stamp } : { type, stamp };
    },
    isCurrent: (path, { type }) => {
      const { kind } = glance(scene.at(path), scene.links);
      return type === 'directory' ? kind === 'folder' : kind === type;
    },
    onFound: (path, { type, stamp }) => {
      told.push(type === 'directory' ? `folder ${path}` : `${type} ${path}`);
      if (type === 'deleted') held.delete(path);
      else held.set(path, { type, stamp });
    },
    onTaken: () => undefined,
    ...options,
  });
  looker.dirty(['']);
  await looker.idle();
  looker.close();
  return { told, looked };
}
