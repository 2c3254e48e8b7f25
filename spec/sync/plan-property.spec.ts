import { difference } from '../../lib/files/difference.ts';
import { type Plan, plan, type Step } from '../../lib/sync/plan.ts';
import { FarTree } from '../support/far-tree.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import { linesOf, randomLines, treeOf } from '../support/tree-of.ts';

function farOf(lines: readonly string[], ignoresCase: boolean): FarTree {
  const far = new FarTree({ ignoresCase });
  for (const line of lines) {
    const [path = '', size = ''] = line.split(' ');
    if (path.endsWith('/')) far.putFolder(path.slice(0, -1));
    else far.putFile(path, size);
  }
  return far;
}

/** The steps in any order that their needs allow; what vanished comes last. */
function* inSomeOrder({ steps }: Plan, random: SeededRandom): Generator<Step> {
  const done = new Set<number>();
  for (const vanished of [false, true]) {
    let left = steps.filter((step) => step.vanished === vanished);
    while (left.length > 0) {
      const ready = left.filter(({ needs }) => needs.every((need) => done.has(need)));
      const step = random.pick(ready);
      yield step;
      done.add(step.id);
      left = left.filter((other) => other !== step);
    }
  }
}

function perform({ kind, path, size }: Step, far: FarTree): void {
  const there = far.at(path);
  switch (kind) {
    case 'mkdir':
      if (there?.kind === 'file') throw new Error(`mkdir ${path} over a file`);
      far.putFolder(path);
      break;
    case 'upload':
      if (there?.kind === 'directory') throw new Error(`upload ${path} over a folder`);
      far.putFile(path, String(size));
      break;
    case 'remove':
      if (there?.kind === 'directory') throw new Error(`remove ${path}, a folder`);
      far.take(path);
      break;
    case 'rmdir':
      if (there?.kind === 'file') throw new Error(`rmdir ${path}, a file`);
      if (there && there.entries.size > 0) throw new Error(`rmdir ${path}, not empty`);
      far.take(path);
  }
}

/** In the form of {@link linesOf}. */
function farLines(far: FarTree): readonly string[] {
  return Object.entries(far.all())
    .map(([path, size]) => (size === null ? `${path}/` : `${path} ${size}`))
    .sort();
}

describe('plan for random trees', () => {
  for (const ignoresCase of [false, true]) {
    const where = ignoresCase ? 'a far side that ignores case' : 'a far side where case counts';
    it(`leads, in any order its needs allow, to the near tree on ${where}`, () => {
      for (let seed = 1; seed <= 300; seed += 1) {
        const random = seededRandom(seed);
        const before = randomLines(random, { ignoresCase });
        const now = treeOf(...randomLines(random, { ignoresCase }));
        const todo = plan(difference(treeOf(...before), now), { root: now, keeps: () => false });
        const far = farOf(before, ignoresCase);
        for (const step of inSomeOrder(todo, random)) perform(step, far);
        expect(farLines(far)).withContext(`seed ${seed}`).toEqual(linesOf(now));
      }
    });
  }

  it('never removes what is kept, blocks only what has no room, and does all else', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = seededRandom(seed);
      const before = treeOf(...randomLines(random));
      const now = treeOf(...randomLines(random));
      const kept = new Set(
        linesOf(before)
          .filter(() => random.chance(0.2))
          .map((line) => line.split(/\/?( |$)/)[0] ?? ''),
      );
      const todo = plan(difference(before, now), { root: now, keeps: (path) => kept.has(path) });
      const far = farOf(linesOf(before), false);
      for (const step of inSomeOrder(todo, random)) perform(step, far);
      const after = new Set(farLines(far));
      const blocked = new Set(todo.blocked);
      for (const line of linesOf(now)) {
        const path = line.split(/\/?( |$)/)[0] ?? '';
        expect(after.has(line)).withContext(`seed ${seed}, ${line}`).toBe(!blocked.has(path));
      }
      for (const line of linesOf(before)) {
        const path = line.split(/\/?( |$)/)[0] ?? '';
        const isInNear = linesOf(now).some((other) => other.split(/\/?( |$)/)[0] === path);
        if (kept.has(path) && !isInNear) expect(after.has(line)).withContext(`seed ${seed}, kept ${line}`).toBeTrue();
      }
    }
  });

  it('has every need earlier in the plan than what needs it', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = seededRandom(seed);
      const now = treeOf(...randomLines(random));
      const keeps = () => random.chance(0.2);
      const { steps } = plan(difference(treeOf(...randomLines(random)), now), { root: now, keeps });
      for (const { id, needs, vanished } of steps) {
        for (const need of needs) {
          expect(need).toBeLessThan(id);
          if (!vanished) expect(steps[need]?.vanished).toBeFalse();
        }
      }
    }
  });
});
