import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProblem } from '../../lib/base/read-problem.ts';

function errorOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('readProblem', () => {
  it('says in words what the system says in a code', () => {
    const error = errorOf(() => readFileSync(join(tmpdir(), 'filesmirror', 'is', 'not', 'there')));
    expect(readProblem(error)).toBe('there is no such file or folder');
  });

  it('passes on a code it has no words for', () => {
    expect(readProblem(Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' }))).toBe('the system says EIO');
  });

  it('passes on the message of an error without a code', () => {
    expect(readProblem(new Error('something else'))).toBe('something else');
  });
});
