import { difference } from '../../lib/files/difference.ts';
import type { Directory } from '../../lib/files/directory.ts';
import {
  DEFAULT_DELETE_LIMIT,
  type DeleteLimit,
  GuardError,
  guardAgainstEmptyRoot,
  guardAgainstManyRemovals,
  guardAgainstReplacedRoot,
  lossOf,
} from '../../lib/sync/guards.ts';
import { type Plan, plan } from '../../lib/sync/plan.ts';
import { treeOf } from '../support/tree-of.ts';

const rules = { maxDelete: { unit: 'entries', most: 0 }, allowEmpty: false, allowReplaced: false } as const;

const DEFAULTS = { ...rules, maxDelete: DEFAULT_DELETE_LIMIT };

function codeOf(work: () => void): string | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof GuardError) return error.code;
    throw error;
  }
  return undefined;
}

describe('guardAgainstEmptyRoot', () => {
  const table = [
    { now: treeOf(), before: treeOf('f'), allowEmpty: false, code: 'E_GUARD_EMPTY' },
    { now: treeOf(), before: treeOf('d/'), allowEmpty: false, code: 'E_GUARD_EMPTY' },
    { now: treeOf(), before: treeOf('f'), allowEmpty: true, code: undefined },
    { now: treeOf(), before: treeOf(), allowEmpty: false, code: undefined },
    { now: treeOf('g'), before: treeOf('f'), allowEmpty: false, code: undefined },
    { now: treeOf('d/'), before: treeOf('f'), allowEmpty: false, code: undefined },
  ];
  for (const [index, { now, before, allowEmpty, code }] of table.entries()) {
    it(`${code ? 'refuses' : 'lets pass'} case ${index + 1}`, () => {
      expect(codeOf(() => guardAgainstEmptyRoot('/r', now, before, { ...rules, allowEmpty, isOther: false }))).toBe(
        code,
      );
    });
  }

  it('says which folder, how much is at stake, and what to do', () => {
    const maxDelete = { unit: 'entries', most: 2 } as const;
    expect(() =>
      guardAgainstEmptyRoot('/r', treeOf(), treeOf('d/f'), { ...rules, maxDelete, isOther: false }),
    ).toThrowError(/^\/r is empty, .* 2 entries .* --allow-empty$/);
  });

  it('names the limit, too, where that would be what stops the next run', () => {
    const maxDelete = { unit: 'entries', most: 1 } as const;
    expect(() =>
      guardAgainstEmptyRoot('/r', treeOf(), treeOf('d/f'), { ...rules, maxDelete, isOther: false }),
    ).toThrowError(/ add --allow-empty --max-delete 2$/);
  });

  it('names --allow-replaced, too, where it is another folder besides', () => {
    const said = (isOther: boolean, allowReplaced: boolean) =>
      expect(() => guardAgainstEmptyRoot('/r', treeOf(), treeOf('f'), { ...DEFAULTS, isOther, allowReplaced }));
    said(true, false).toThrowError(/ add --allow-empty --allow-replaced$/);
    said(true, true).toThrowError(/ add --allow-empty$/);
    said(false, false).toThrowError(/ add --allow-empty$/);
  });
});

describe('guardAgainstReplacedRoot', () => {
  const table = [
    { loss: { gone: 0, known: 0 }, allowReplaced: false, code: undefined },
    { loss: { gone: 2, known: 4 }, allowReplaced: false, code: undefined },
    { loss: { gone: 3, known: 4 }, allowReplaced: false, code: 'E_GUARD_REPLACED' },
    { loss: { gone: 1, known: 1 }, allowReplaced: false, code: 'E_GUARD_REPLACED' },
    { loss: { gone: 4, known: 4 }, allowReplaced: true, code: undefined },
  ];
  for (const { loss, allowReplaced, code } of table) {
    const allowed = allowReplaced ? ' when it is allowed' : '';
    it(`${code ? 'refuses' : 'lets pass'} a loss of ${loss.gone} of ${loss.known} files${allowed}`, () => {
      expect(codeOf(() => guardAgainstReplacedRoot('/r', loss, { ...rules, allowReplaced }))).toBe(code);
    });
  }

  it('says which folder, how much is at stake, and what to do', () => {
    expect(() => guardAgainstReplacedRoot('/r', { gone: 3, known: 4 }, rules)).toThrowError(
      /^\/r is another folder .* 3 of 4 files .* --allow-replaced$/,
    );
  });
});

describe('lossOf', () => {
  it('counts the files that are gone, whatever became of their folders, but not what is left out', () => {
    const known = treeOf('a', 'b', 'd/c', 'd/e/f', 'd/e/kept', 'folder/');
    const loss = (...now: readonly string[]) => lossOf(known, treeOf(...now), (path) => path === 'd/e/kept');
    expect(loss('a', 'b', 'd/c', 'd/e/f', 'd/e/kept', 'new')).toEqual({ gone: 0, known: 5 });
    expect(loss('a', 'd/c')).toEqual({ gone: 2, known: 5 });
    expect(lossOf(known, undefined, () => false)).toEqual({ gone: 5, known: 5 });
  });
});

describe('guardAgainstManyRemovals', () => {
  const unmeant = { ...rules, isMeant: false, isStranger: () => false };

  function planOf(vanished: number): Plan {
    const step = {
      kind: 'remove',
      path: 'p',
      size: 0,
      mtimeMs: 0,
      needs: [],
      replaced: false,
      vanished: true,
    } as const;
    return { steps: Array.from({ length: vanished }, (_, id) => ({ ...step, id })), blocked: [] };
  }

  /** What is done to make the far side like the near one. */
  function planFor(far: Directory, near: Directory): Plan {
    return plan(difference(far, near), { root: near, keeps: () => false });
  }

  function known(entries: number): Directory {
    return treeOf(...Array.from({ length: entries }, (_, at) => `f${at}`));
  }

  const half: DeleteLimit = { unit: 'percent', most: 50, above: 20 };
  const table: readonly { maxDelete: DeleteLimit; vanished: number; of: number; passes: boolean }[] = [
    { maxDelete: { unit: 'entries', most: 3 }, vanished: 3, of: 100, passes: true },
    { maxDelete: { unit: 'entries', most: 3 }, vanished: 4, of: 100, passes: false },
    { maxDelete: { unit: 'entries', most: 3 }, vanished: 4, of: 4, passes: false },
    { maxDelete: { unit: 'entries', most: 0 }, vanished: 0, of: 4, passes: true },
    { maxDelete: { unit: 'entries', most: 0 }, vanished: 1, of: 4, passes: false },
    { maxDelete: half, vanished: 20, of: 20, passes: true },
    { maxDelete: half, vanished: 10, of: 21, passes: true },
    { maxDelete: half, vanished: 11, of: 21, passes: false },
    { maxDelete: half, vanished: 50, of: 100, passes: true },
    { maxDelete: half, vanished: 51, of: 100, passes: false },
    { maxDelete: { unit: 'percent', most: 100, above: 20 }, vanished: 100, of: 100, passes: true },
    { maxDelete: { unit: 'percent', most: 0, above: 0 }, vanished: 1, of: 100, passes: false },
  ];
  for (const { maxDelete, vanished, of, passes } of table) {
    const limit = `${maxDelete.most} ${maxDelete.unit}`;
    it(`${passes ? 'lets' : 'refuses'} ${vanished} of ${of} removals${passes ? ' pass' : ''} at a limit of ${limit}`, () => {
      const code = codeOf(() => guardAgainstManyRemovals(planOf(vanished), known(of), { ...unmeant, maxDelete }));
      expect(code).toBe(passes ? undefined : 'E_GUARD_DELETES');
    });
  }

  const twice = [
    { what: 'a file that becomes a folder', far: treeOf('a'), near: treeOf('a/b') },
    { what: 'an empty folder that becomes a file', far: treeOf('a/'), near: treeOf('a') },
    { what: 'a folder with another case', far: treeOf('a/b', 'a/c/d'), near: treeOf('A/b', 'A/c/d') },
  ];
  for (const { what, far, near } of twice) {
    it(`does not count ${what}: it is put there again`, () => {
      const todo = planFor(far, near);
      expect(todo.steps.filter(({ kind }) => kind === 'remove' || kind === 'rmdir')).not.toEqual([]);
      expect(codeOf(() => guardAgainstManyRemovals(todo, far, unmeant))).toBeUndefined();
    });
  }

  it('counts what lies in a folder that becomes a file: a checkout may write links as files', () => {
    const far = treeOf('a/b', 'a/c/d');
    expect(() => guardAgainstManyRemovals(planFor(far, treeOf('a')), far, unmeant)).toThrowError(/ 3 of 4 .* 3$/);
  });

  it('counts what makes room when it is of others', () => {
    const isStranger = (path: string) => path === 'a';
    const far = treeOf('a');
    const todo = planFor(far, treeOf('a/b'));
    expect(codeOf(() => guardAgainstManyRemovals(todo, far, { ...unmeant, isStranger }))).toBe('E_GUARD_DELETES');
  });

  it('gives way to a user who means it, unless he chose the limit himself', () => {
    const codeWith = (maxDelete: DeleteLimit) =>
      codeOf(() =>
        guardAgainstManyRemovals(planOf(30), known(30), {
          ...rules,
          maxDelete,
          isMeant: true,
          isStranger: () => false,
        }),
      );
    expect(codeWith(DEFAULT_DELETE_LIMIT)).toBeUndefined();
    expect(codeWith(half)).toBe('E_GUARD_DELETES');
    expect(codeWith({ unit: 'entries', most: 29 })).toBe('E_GUARD_DELETES');
  });

  it('says how to let this cycle pass', () => {
    expect(() => guardAgainstManyRemovals(planOf(7), known(30), unmeant)).toThrowError(/7 of 30 .* --max-delete 7$/);
  });
});
