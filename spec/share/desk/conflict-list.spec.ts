import { conflictsAmong } from '../../../lib/share/desk/conflict-list.ts';
import { conflictLines } from '../../../lib/share/desk/in-words.ts';
import type { Content } from '../../../lib/share/model/entry.ts';

const COPY = 'a.conflict-20261122-150312-1f3a9c2';
const FILE: Content = { type: 'file', size: 7, id: '1', mtimeMs: 0, isExecutable: false };

describe('conflictsAmong', () => {
  it('tell what is at the place of the original now: a file, a folder, which is no lost file, or nothing', () => {
    const copy = { entry: { path: COPY, content: FILE, version: [] }, stamp: '', number: 1 };
    const linesWith = (now: Content | undefined) => conflictLines(conflictsAmong([copy], () => now))[1];
    expect(linesWith(FILE)).toBe('  gave way to a, which now has 7 B of 1970-01-01 00:00:00Z');
    expect(linesWith({ type: 'directory' })).toBe('  gave way to a, which is a folder now');
    expect(linesWith({ type: 'deleted' })).toBe('  gave way to a, which is not there any more');
    expect(linesWith(undefined)).toBe('  gave way to a, which is not there any more');
  });
});
