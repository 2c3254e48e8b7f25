import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { assertSameShare, identityOf, recogniseShare, statShare } from '../../../lib/share/disk/guard.ts';
import { asPlainUser } from '../../support/plain-user.ts';
import { shareScene } from './share-scene.ts';

const coded = (code: string) => jasmine.objectContaining({ code, name: 'ShareDiskError' });

describe('The guard of a share', () => {
  const scene = shareScene();
  const known = new Set(['a', 'b']);
  let kept: string;

  beforeEach(() => {
    scene().write('a', 'x');
    scene().write('b', 'x');
    kept = identityOf(statShare(scene().root));
  });

  function replaceBy(...names: readonly string[]): void {
    renameSync(scene().root, `${scene().root}.old`);
    mkdirSync(scene().root);
    for (const name of names) scene().write(name, 'x');
  }

  it('takes the same folder for the share, whatever is in it, and any at the first start', () => {
    rmSync(scene().at('a'));
    rmSync(scene().at('b'));
    expect(recogniseShare(scene().root, kept, known)).toBe(kept);
    assertSameShare(scene().root, kept);
    replaceBy('c');
    expect(recogniseShare(scene().root, undefined, new Set())).not.toBe(kept);
    expect(recogniseShare(scene().root, kept, new Set())).not.toBe(kept);
  });

  it('takes another folder for the share at a start where something lies in it that was known', () => {
    replaceBy('a');
    expect(recogniseShare(scene().root, kept, known)).toBe(identityOf(statShare(scene().root)));
    expect(() => assertSameShare(scene().root, kept)).toThrow(coded('E_SHARE_OTHER'));
  });

  it('refuses another folder', () => {
    replaceBy('lost+found');
    expect(() => recogniseShare(scene().root, kept, known)).toThrow(coded('E_SHARE_OTHER'));
    expect(() => assertSameShare(scene().root, kept)).toThrow(coded('E_SHARE_OTHER'));
  });

  it('refuses an empty folder that is another one, as that under a disk which is not mounted', () => {
    replaceBy();
    expect(() => recogniseShare(scene().root, kept, known)).toThrow(coded('E_SHARE_EMPTY'));
    expect(() => assertSameShare(scene().root, kept)).toThrow(coded('E_SHARE_EMPTY'));
  });

  it('refuses what is not there, or is no folder', () => {
    rmSync(scene().root, { recursive: true });
    expect(() => recogniseShare(scene().root, kept, known)).toThrow(coded('E_SHARE_GONE'));
    expect(() => assertSameShare(scene().root, kept)).toThrow(coded('E_SHARE_GONE'));
    writeFileSync(scene().root, 'a file');
    expect(() => recogniseShare(scene().root, kept, known)).toThrow(coded('E_SHARE_NOT_A_FOLDER'));
  });

  it('refuses what cannot be read', async () => {
    chmodSync(scene().top, 0o755);
    chmodSync(scene().root, 0);
    await asPlainUser(async () =>
      expect(() => recogniseShare(scene().root, kept, known)).toThrow(coded('E_SHARE_UNREADABLE')),
    );
  });
});
