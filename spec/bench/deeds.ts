import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compareTrees } from '../support/tree/compare-trees.ts';
import { entriesBelow } from '../support/tree/disk.ts';
import type { Contestant, Task } from './contestants/contestant.ts';
import { ours } from './contestants/ours.ts';
import type { Deed, Row } from './rows.ts';
import { growTree, trees } from './trees.ts';

/** The two sides of a row. */
export interface Sides {
  /** The local folder; the deed fills it. */
  readonly near: string;
  /** The folder on the site as this machine sees it; it need not be there. */
  readonly far: string;
  /** For what the deed wants to keep. */
  readonly kept: string;
  /** What a contestant is to do. */
  task(contestant: Contestant): Task;
  /** Let one make both sides equal that is at the servers' end of the line. */
  equalize(contestant: Contestant): Promise<void>;
}

/** How a deed is prepared and judged. */
export interface DeedRules {
  /** Once, before the first run. */
  prepare(row: Row, sides: Sides): Promise<void>;
  /** Before each run. */
  reset(sides: Sides, task: Task): void;
  /** What is wrong after a run: one line each. */
  faults(sides: Sides, opened: number): readonly string[];
}

const fill: DeedRules = {
  async prepare(row, { near }) {
    growTree(near, trees[row.tree]);
  },
  reset({ far }, { home }) {
    remove(far);
    remove(home);
  },
  faults: differences,
};

const unchanged: DeedRules = {
  async prepare(row, sides) {
    growTree(sides.near, trees[row.tree]);
    await sides.equalize(ours(row.connections));
  },
  reset: () => undefined,
  faults: (sides, opened) => [...differences(sides), ...(opened > 0 ? [`${opened} connections were opened`] : [])],
};

const relisted: DeedRules = {
  prepare: unchanged.prepare,
  reset: (_sides, { home }) => remove(home),
  faults: differences,
};

const removed: DeedRules = {
  async prepare(row, sides) {
    await unchanged.prepare(row, sides);
    const { home } = sides.task(ours(row.connections));
    copy(sides.far, join(sides.kept, 'far'));
    copy(home, join(sides.kept, 'home'));
    for (const name of readdirSync(sides.near)) remove(join(sides.near, name));
  },
  reset({ far, kept }, { home }) {
    remove(far);
    remove(home);
    copy(join(kept, 'far'), far);
    copy(join(kept, 'home'), home);
  },
  faults({ far }) {
    return existsSync(far) ? entriesBelow(far).map(({ path }) => `${path}: is still there`) : [];
  },
};

/** The rules of every deed that is done by programs that are started for it. */
export const deeds: Readonly<Record<Exclude<Deed, 'touched'>, DeedRules>> = { fill, unchanged, relisted, removed };

/** What makes two sides different: names, sizes, times. */
export function differences({ near, far }: Pick<Sides, 'near' | 'far'>): readonly string[] {
  return compareTrees(near, far, { times: true, contents: false });
}

/** Copy a folder with owners and times; cp is quicker than Node, which would also forget the owners. */
export function copy(from: string, to: string): void {
  execFileSync('cp', ['-a', '-T', from, to]);
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
