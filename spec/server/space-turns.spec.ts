import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LockHolder } from '../../lib/server/quota/file-locks.ts';
import { Spaces } from '../../lib/server/quota/spaces.ts';
import { UserFolder } from '../../lib/server/user-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('Whoever removes or renames a file that is let go of by another', () => {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder(), name);

  const deeds: readonly (readonly [what: string, deed: (next: UserFolder) => Promise<void>])[] = [
    ['removed', (next) => next.removeFile('/a')],
    ['renamed', (next) => next.rename('/a', '/c')],
    ['replaced', (next) => next.rename('/b', '/a')],
  ];
  for (const [what, deed] of deeds) {
    it(`keeps nobody from counting meanwhile, the other one included: ${what}`, async () => {
      writeFileSync(at('a'), 'a');
      writeFileSync(at('b'), 'b');
      const spaces = new Spaces();
      let asked = () => {};
      const isAsked = new Promise<void>((resolve) => (asked = resolve));
      const signal = () => new AbortController().signal;
      let quota: number | undefined;
      const open = (client: LockHolder) =>
        UserFolder.open({ name: 'u', home: folder(), permissions: [] }, { spaces, quotaBytes: () => quota, client });
      const left = await open({ address: '', hasLeft: () => true, silentMs: () => 0, abort: () => asked(), signal });
      const next = await open({ address: '', hasLeft: () => false, silentMs: () => 0, abort: () => {}, signal });

      const writer = await left.openToWrite('/a');
      const done = deed(next);
      await isAsked;
      // Given to the account just now: for the first time somebody wants to know what is used.
      quota = 10;
      await writer.mustHaveRoom(0);
      expect((await next.allowance()).usedBytes).toBe(2);
      await writer.close();
      await done;
      expect((await next.allowance()).usedBytes).toBe(what === 'renamed' ? 2 : 1);
    });
  }
});
