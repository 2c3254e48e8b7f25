import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { thisBoot } from '../../../lib/base/process-identity.ts';
import { ShareState } from '../../../lib/share/state/share-state.ts';
import type { SharePeer } from '../../support/share/share-peer.ts';
import { shareScenes } from '../../support/share/share-scene.ts';
import { untilTrue } from '../../support/share/until.ts';

/** As if half a year had gone by: a peer that does not run forgets a deletion. */
function forget(peer: SharePeer, path: string): void {
  const bootId = thisBoot();
  const state = ShareState.open(peer.inState(), { random: randomBytes, ...(bootId === undefined ? {} : { bootId }) });
  const saved = [...(state.beginning.saved ?? [])].find(({ entry }) => entry.path === path);
  if (saved?.entry.content.type !== 'deleted') throw new Error(`${path} is not known as deleted`);
  state.forget(path, saved.number);
  state.close();
}

describe('share, on a machine that was away for half a year', () => {
  const sceneOf = shareScenes();

  it('brings back what was deleted elsewhere, deletes what was deleted here, and says so once', async () => {
    const scene = await sceneOf(2);
    const [home, away] = [scene.peer(0), scene.peer(1)];
    for (const name of ['kept', 'own', 'forgotten']) writeFileSync(home.at(name), name);
    await scene.startAll();
    await scene.equal();
    // Each knows then that the other one has all.
    await scene.stop(1);
    rmSync(home.at('forgotten'));
    await untilTrue(
      () => home.log.includes('Deleted here : forgotten'),
      20_000,
      () => `it is deleted\n${home.log}`,
    );
    await scene.stop(0);
    forget(home, 'forgotten');
    rmSync(away.at('own'));
    writeFileSync(away.at('new'), 'new');
    await scene.startAll();
    await scene.has(0, await scene.tree(1));
    expect([...(await scene.equal()).keys()].sort()).toEqual(['forgotten', 'kept', 'new']);
    for (const index of [0, 1]) await scene.stop(index);
    await scene.startAll();
    writeFileSync(home.at('last'), 'last');
    await scene.has(1, await scene.tree(0));
    expect(away.log.match(/Away too long/g)?.length).toBe(1);
    expect(away.log).toContain(`${home.place.address} has forgotten deletions that this peer has not heard of`);
    expect(home.log).not.toContain('Away too long');
  });
});
