import { difference } from '../../lib/files/difference.ts';
import type { Directory } from '../../lib/files/directory.ts';
import { type NearTree, type Plan, plan, type Step } from '../../lib/sync/plan.ts';
import { treeOf } from '../support/tree-of.ts';

type Keeps = NearTree['keeps'];

function planOf(before: Directory, now: Directory, keeps: Keeps = () => false): Plan {
  return plan(difference(before, now), { root: now, keeps });
}

const keepsPaths =
  (...paths: readonly string[]): Keeps =>
  (path) =>
    paths.includes(path);

/** `upload a/b after mkdir a, remove a`. */
function told({ steps }: Plan): string[] {
  const name = (step: Step | undefined) => `${step?.kind} ${step?.path}`;
  return steps.map((step) => {
    const after = step.needs.map((need) => name(steps[need])).sort();
    const mark = `${step.vanished ? ' vanished' : ''}${step.replaced ? ' replaced' : ''}`;
    return `${name(step)}${mark}${after.length > 0 ? ` after ${after.join(', ')}` : ''}`;
  });
}

describe('plan', () => {
  it('has nothing to do for equal trees', () => {
    expect(planOf(treeOf('a/', 'a/f 3'), treeOf('a/', 'a/f 3'))).toEqual({ steps: [], blocked: [] });
  });

  it('numbers the steps by their places', () => {
    const { steps } = planOf(treeOf('x'), treeOf('a/f', 'b'));
    expect(steps.map(({ id }) => id)).toEqual([0, 1, 2, 3]);
  });

  it('lets a file wait for its folder only, and a folder for its parent', () => {
    expect(told(planOf(treeOf(), treeOf('a/b/f 2', 'g')))).toEqual([
      'mkdir a',
      'mkdir a/b after mkdir a',
      'upload a/b/f after mkdir a/b',
      'upload g',
    ]);
  });

  it('lets a file wait for nothing when its folder is there', () => {
    expect(told(planOf(treeOf('a/'), treeOf('a/f')))).toEqual(['upload a/f']);
  });

  it('knows size and time of what is to be sent', () => {
    const [step] = planOf(treeOf('f 1'), treeOf('f 7')).steps;
    expect(step).toEqual({
      id: 0,
      kind: 'upload',
      path: 'f',
      needs: [],
      size: 7,
      mtimeMs: 0,
      vanished: false,
      replaced: false,
    });
  });

  it('has the largest file first, whatever folder it is in', () => {
    const { steps } = planOf(treeOf(), treeOf('a/small 1', 'large 9', 'middle 5'));
    expect(steps.map(({ path }) => path)).toEqual(['a', 'large', 'middle', 'a/small']);
  });

  it('removes a folder after everything below it', () => {
    expect(told(planOf(treeOf('a/b/f', 'a/g', 'a/c/'), treeOf('z'))).sort()).toEqual([
      'remove a/b/f vanished',
      'remove a/g vanished',
      'rmdir a vanished after remove a/g, rmdir a/b, rmdir a/c',
      'rmdir a/b vanished after remove a/b/f',
      'rmdir a/c vanished',
      'upload z',
    ]);
  });

  describe('makes room', () => {
    it('for a folder in place of a file', () => {
      expect(told(planOf(treeOf('x'), treeOf('x/f')))).toEqual([
        'remove x replaced',
        'mkdir x after remove x',
        'upload x/f after mkdir x',
      ]);
    });

    it('for a file in place of a folder', () => {
      expect(told(planOf(treeOf('x/f'), treeOf('x')))).toEqual([
        'remove x/f',
        'rmdir x replaced after remove x/f',
        'upload x after rmdir x',
      ]);
    });

    it('for a file of which only the case changed', () => {
      expect(told(planOf(treeOf('x'), treeOf('X')))).toEqual(['remove x', 'upload X after remove x']);
    });

    it('for a file of which only the normalisation changed', () => {
      const [composed, decomposed] = ['é'.normalize('NFC'), 'é'.normalize('NFD')];
      expect(told(planOf(treeOf(composed), treeOf(decomposed)))).toEqual([
        `remove ${composed}`,
        `upload ${decomposed} after remove ${composed}`,
      ]);
    });

    it('for a folder of which only the case changed, with all that is in it', () => {
      expect(told(planOf(treeOf('x/f', 'x/g'), treeOf('X/f'))).sort()).toEqual([
        'mkdir X after rmdir x',
        'remove x/f',
        'remove x/g',
        'rmdir x after remove x/f, remove x/g',
        'upload X/f after mkdir X, remove x/f',
      ]);
    });

    it('for twins that were there before, and makes them once more', () => {
      expect(told(planOf(treeOf('x', 'X'), treeOf('X')))).toEqual(['remove x', 'upload X after remove x']);
      expect(told(planOf(treeOf('x/f', 'X/f', 'X/g'), treeOf('X/f', 'X/g')))).toEqual([
        'remove x/f',
        'rmdir x after remove x/f',
        'mkdir X after rmdir x',
        'upload X/f after mkdir X, remove x/f',
      ]);
    });

    it('for what is added to a twin only after the twin is made once more', () => {
      expect(told(planOf(treeOf('x/', 'X/'), treeOf('X/n/')))).toEqual([
        'rmdir x',
        'mkdir X after rmdir x',
        'mkdir X/n after mkdir X',
      ]);
    });
  });

  describe('keeps', () => {
    it('an entry and every folder it lies in', () => {
      const { steps, blocked } = planOf(treeOf('a/b/kept', 'a/b/f', 'a/g', 'h'), treeOf('z'), keepsPaths('a/b/kept'));
      expect(steps.filter(({ vanished }) => vanished).map(({ path }) => path)).toEqual(
        jasmine.arrayWithExactContents(['a/b/f', 'a/g', 'h']),
      );
      expect(blocked).toEqual([]);
    });

    it('is told whether it is asked of a file or a folder', () => {
      const asked: string[] = [];
      planOf(treeOf('d/f'), treeOf(), (path, kind) => asked.push(`${kind} ${path}`) < 0);
      expect(asked).toEqual(['file d/f', 'directory d']);
    });

    it('a folder in whose room a file should be: the file is blocked, and what else vanished is no matter of room', () => {
      const result = planOf(treeOf('x/kept', 'x/d/f', 'x/g'), treeOf('x'), keepsPaths('x/kept'));
      expect(result.blocked).toEqual(['x']);
      expect(told(result).sort()).toEqual([
        'remove x/d/f vanished',
        'remove x/g vanished',
        'rmdir x/d vanished after remove x/d/f',
      ]);
    });

    it('a file in whose room a folder should be: the folder is blocked with all below it', () => {
      const { steps, blocked } = planOf(treeOf('x'), treeOf('x/d/f', 'x/g', 'y'), keepsPaths('x'));
      expect(blocked).toEqual(jasmine.arrayWithExactContents(['x', 'x/d', 'x/d/f', 'x/g']));
      expect(steps.map(({ path }) => path)).toEqual(['y']);
    });

    it('a folder of which only the case changed: the new one is made, and what is written there waits for its twins', () => {
      const result = planOf(treeOf('x/kept', 'x/f', 'x/g'), treeOf('X/f'), keepsPaths('x/kept'));
      expect(result.blocked).toEqual([]);
      expect(told(result)).toEqual([
        'remove x/f',
        'mkdir X',
        'upload X/f after mkdir X, remove x/f',
        'remove x/g vanished',
      ]);
    });

    it('a file without sending its twin again and again', () => {
      expect(planOf(treeOf('x', 'X'), treeOf('X'), keepsPaths('x')).steps).toEqual([]);
    });
  });

  it('touches nothing that could not be looked at, and sends nothing into its room, in no case', () => {
    const now = treeOf('X/f', 'y', 'z');
    const isHidden = (path: string) => path.startsWith('x/') || path === 'y/f';
    const result = plan(difference(treeOf('x/g', 'v', 'y/f'), now), { root: now, keeps: () => false }, { isHidden });
    expect(told(result)).toEqual(['upload z', 'remove v vanished']);
    expect(result.blocked).toEqual(['X', 'y', 'X/f']);
  });
});
