import { isComplete } from '../../lib/sync/cycle-summary.ts';
import type { Call } from '../support/memory-transport.ts';
import { syncScene } from '../support/sync-scene.ts';

const T = Date.UTC(2026, 3, 4);
const STRANGER = 'B/stranger';

describe('On a far side that ignores case, a folder of the mirror', () => {
  const scene = syncScene({ ignoresCase: true });

  /** In the next cycles, some calls are refused. */
  function refuse(...calls: readonly string[]): void {
    scene().transport.fail = ({ kind, path }: Call) => (calls.includes(`${kind} ${path}`) ? 'E_REFUSED' : undefined);
  }

  /** @returns whether both sides are equal in the end */
  async function cycleAndListAgain(): Promise<boolean> {
    scene().manager.relist();
    return isComplete(await scene().cycle());
  }

  it('that is listed in the case that its near one has by now stays known until it has made room', async () => {
    scene().transport.tree.putFile(STRANGER, 's');
    scene().write('b/d/f', 'x', T);
    await scene().cycle();
    scene().remove('b');
    scene().write('B/d', 'now a file', T);
    refuse('remove b/d/f');
    expect(await cycleAndListAgain()).toBeFalse();
    refuse();
    expect(await cycleAndListAgain()).toBeTrue();
    expect(scene().far(STRANGER)).toEqual({ B: null, 'B/d': 10 });
    expect(scene().known()).toEqual({ B: null, 'B/d': 10 });
  });

  it('that cannot be looked into is not removed to make room for itself in another case', async () => {
    scene().makeFolder('b');
    await scene().cycle();
    scene().makeFolder('b/B');
    scene().transport.fail = ({ path }) => (path === 'b/B' ? { code: 'E_LOST', butDone: true } : undefined);
    await scene().cycle();
    scene().remove('b');
    scene().write('B/B', 'now a file', T);
    refuse('list b');
    expect(isComplete(await scene().cycle())).toBeFalse();
    expect(scene().known()).toEqual({ b: null });
    refuse();
    expect(await cycleAndListAgain()).toBeTrue();
    expect(scene().far()).toEqual({ B: null, 'B/B': 10 });
    expect(scene().known()).toEqual(scene().far());
  });

  it('is removed in the end, when it could not be at first and is listed in another case', async () => {
    scene().transport.tree.putFile(STRANGER, 's');
    scene().makeFolder('b');
    await scene().cycle();
    scene().transport.tree.take(STRANGER);
    scene().remove('b');
    scene().write('other', 'x', T);
    refuse('rmdir b');
    expect((await scene().cycle()).failed).toBe(1);
    refuse();
    expect((await scene().cycle()).foldersRemoved).toBe(1);
    expect(scene().far()).toEqual({ other: 1 });
  });
});

describe('Where case counts, a folder of the mirror', () => {
  const scene = syncScene();

  it('that others removed is not taken for one in another case, of which it is in doubt whether it was made', async () => {
    scene().makeFolder('b/d');
    await scene().cycle();
    scene().makeFolder('B');
    scene().transport.tree.take('b');
    scene().transport.fail = ({ path }) => (path === 'B' ? { code: 'E_LOST', butDone: true } : undefined);
    await scene().cycle();
    scene().transport.fail = () => undefined;
    scene().manager.relist();
    await scene().cycle();
    expect(scene().far()).toEqual({ b: null, 'b/d': null, B: null });
    expect(scene().known()).toEqual(scene().far());
  });
});
