import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shareScenes } from '../../support/share/share-scene.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('share, with a state that was brought back from a backup', () => {
  const sceneOf = shareScenes();
  const folder = temporaryFolder();

  it('notices what others have heard of it, and goes on as a new peer without losing anything', async () => {
    const scene = await sceneOf(2);
    const [one, two] = [scene.peer(0), scene.peer(1)];
    const backup = join(folder(), 'journal');
    writeFileSync(two.at('first'), 'first');
    await scene.startAll();
    await scene.equal();
    writeFileSync(one.at('early'), 'early');
    await scene.equal();
    // Of a running program, as backups are.
    cpSync(one.inState('journal'), backup);
    writeFileSync(one.at('late'), 'late');
    writeFileSync(two.at('theirs'), 'theirs');
    rmSync(one.at('early'));
    await scene.equal();
    await scene.kill9(0);
    cpSync(backup, one.inState('journal'));
    writeFileSync(one.at('later'), 'later');
    await scene.start(0);
    const tree = await scene.equal();
    expect([...tree.keys()].sort()).toEqual(['first', 'late', 'later', 'theirs']);
    expect(existsSync(two.at('early'))).toBeFalse();
    expect(one.log).toContain(`${two.place.address} has heard more of this peer than it knows itself`);
    // Once, and not at each start.
    await scene.stop(0);
    await scene.start(0);
    writeFileSync(one.at('last'), 'last');
    await scene.equal();
    expect(one.log.match(/State restored/g)?.length).toBe(1);
    // Who goes on as a new peer must not make others do the same.
    expect(two.log).not.toContain('State restored');
  });
});
