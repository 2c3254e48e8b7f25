import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { removeHomesLeft, setHomeAside } from '../../lib/accounts/homes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('the homes of users who were removed', () => {
  const docs = temporaryFolder();
  const at = (name: string) => join(docs(), name);

  it('go, and nothing else that only looks like one', async () => {
    const kept = ['u', '.removed customers', '.removed 0123456789abcdef.old', '.removed 0123456789ABCDEF'];
    for (const name of [...kept, 'v']) mkdirSync(at(name));
    writeFileSync(at('v/file'), 'content');
    expect(basename((await setHomeAside(at('v'))) ?? '')).toMatch(/^\.removed [0-9a-f]{16}$/);
    expect(await removeHomesLeft(docs())).toBe(1);
    expect(readdirSync(docs()).sort()).toEqual(kept.toSorted());
  });

  it('are none for a user without one', async () => {
    expect(await setHomeAside(at('v'))).toBeUndefined();
    expect(await removeHomesLeft(docs())).toBe(0);
  });
});
