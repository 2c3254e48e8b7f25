import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { changeMeanwhile } from '../../support/share/changes-meanwhile.ts';
import { KiB, MiB, overwrite, writeFolder, writeRandom } from '../../support/share/files.ts';
import type { SharePeer } from '../../support/share/share-peer.ts';
import { shareScenes } from '../../support/share/share-scene.ts';
import { untilTrue } from '../../support/share/until.ts';

// On a machine that does nothing else it is a tenth of it.
const SOON_MS = 3_000;

describe('share, and what is changed while it runs', () => {
  const sceneOf = shareScenes();

  async function arrives(peer: SharePeer, name: string, text: string, withinMs = SOON_MS): Promise<number> {
    const begin = performance.now();
    const isThere = () => existsSync(peer.at(name)) && readFileSync(peer.at(name), 'utf8') === text;
    await untilTrue(isThere, withinMs, () => `${name} arrives\n${peer.log}`);
    return performance.now() - begin;
  }

  it('R6: brings every kind of change over', async () => {
    const scene = await sceneOf(2);
    const a = scene.peer(0);
    const names = ['overwritten', 'truncated', 'grown', 'replaced', 'same size and time', 'executable', 'to folder'];
    for (const name of names) writeRandom(a.at(name), 200 * KiB);
    writeFolder(a.at('to file'));
    writeFolder(a.at('moved'));
    await scene.startAll();
    await scene.allHave(0);
    overwrite(a.at('overwritten'), 70_000, randomBytes(1000));
    truncateSync(a.at('truncated'), 70_000);
    appendFileSync(a.at('grown'), randomBytes(100 * KiB));
    writeRandom(a.at('draft'), 200 * KiB);
    renameSync(a.at('draft'), a.at('replaced'));
    const { atime, mtime } = statSync(a.at('same size and time'));
    overwrite(a.at('same size and time'), 5, Buffer.from('other'));
    utimesSync(a.at('same size and time'), atime, mtime);
    chmodSync(a.at('executable'), 0o755);
    rmSync(a.at('to folder'));
    writeFolder(a.at('to folder'));
    rmSync(a.at('to file'), { recursive: true });
    writeFileSync(a.at('to file'), 'a file');
    renameSync(a.at('moved'), a.at('moved away'));
    const tree = await scene.allHave(0);
    expect(tree.size).toBe(names.length + 50 + 1 + 51);
    expect(tree.get('executable')).toMatch(/ x$/);
  });

  it('R6: brings the times of files over as well', async () => {
    const scene = await sceneOf(2);
    await scene.startAll();
    writeFileSync(scene.peer(0).at('old'), 'old');
    utimesSync(scene.peer(0).at('old'), 1_000_000_000, 1_000_000_000);
    await scene.allHave(0);
    const timeOf = (index: number) => statSync(scene.peer(index).at('old')).mtimeMs;
    await untilTrue(
      () => timeOf(1) === 1e12,
      SOON_MS,
      () => `${timeOf(1)}`,
    );
    expect(timeOf(0)).toBe(1e12);
  });

  it('R7: does not bring back what was removed while a peer was away', async () => {
    const scene = await sceneOf(3);
    const a = scene.peer(0);
    writeFolder(a.at('folder'));
    writeFileSync(a.at('file'), 'file');
    writeFileSync(a.at('stays'), 'stays');
    await scene.startAll();
    await scene.allHave(0);
    await scene.stop(2);
    rmSync(a.at('folder'), { recursive: true });
    rmSync(a.at('file'));
    const tree = await scene.allHave(0);
    expect([...tree.keys()]).toEqual(['stays']);
    await scene.start(2);
    await scene.has(2, tree);
    // And it stays so, when others have something to tell again.
    writeFileSync(scene.peer(2).at('later'), 'later');
    await scene.allHave(2);
    expect([...(await scene.equal()).keys()]).toEqual(['later', 'stays']);
  });

  it('R7: keeps what was changed while somebody else removed it', async () => {
    const scene = await sceneOf(2);
    writeFileSync(scene.peer(0).at('file'), 'before');
    await scene.startAll();
    await scene.allHave(0);
    await scene.stop(1);
    rmSync(scene.peer(0).at('file'));
    writeFileSync(scene.peer(1).at('file'), 'changed');
    writeFileSync(scene.peer(0).at('seen'), 'seen');
    await scene.start(1);
    await arrives(scene.peer(0), 'file', 'changed', 10_000);
    expect((await scene.equal()).size).toBe(2);
  });

  it('keeps both where two have changed a file without having heard of each other', async () => {
    const scene = await sceneOf(2);
    writeFileSync(scene.peer(0).at('notes.txt'), 'before');
    await scene.startAll();
    await scene.allHave(0);
    await scene.stop(0);
    await scene.stop(1);
    writeFileSync(scene.peer(0).at('notes.txt'), 'by a');
    writeFileSync(scene.peer(1).at('notes.txt'), 'by b, later');
    utimesSync(scene.peer(0).at('notes.txt'), 1_795_000_000, 1_795_000_000);
    await scene.startAll();
    const size = async () => (await scene.equal()).size;
    for (let looks = 0; looks < 100 && (await size()) < 2; looks += 1);
    const tree = await scene.equal();
    const [copy = ''] = [...tree.keys()].filter((path) => path.includes('conflict'));
    const texts = ['notes.txt', copy].map((path) => readFileSync(scene.peer(0).at(path), 'utf8'));
    expect([tree.size, ...texts]).toEqual([2, 'by b, later', 'by a']);
  });

  it('R33: loses nothing of what is changed while much is being received', async () => {
    const { rounds, lost, conflicts } = await changeMeanwhile(await sceneOf(2), 64 * MiB, 20_000);
    setSpecProperty('rounds', rounds);
    expect({ lost, conflicts }).toEqual({ lost: [], conflicts: [] });
    expect(rounds).toBeGreaterThan(5);
  });
});
