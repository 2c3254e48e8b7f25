import { mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import type { ConflictView, KeptView, TrashView } from '../../../lib/share/desk/share-desk.ts';
import type { SharePeer } from '../../support/share/share-peer.ts';
import { shareQuestions } from '../../support/share/share-questions.ts';
import { shareScenes } from '../../support/share/share-scene.ts';

describe('share, told which of two conflicting files stays', () => {
  const scenes = shareScenes();
  const { ask, value, statusWhen } = shareQuestions();

  /** Two machines on which `notes.txt` was written before they met. */
  async function sceneWithConflict() {
    const scene = await scenes(2);
    for (const index of [0, 1]) writeFileSync(scene.peer(index).at('notes.txt'), `of ${index}`);
    await scene.startAll();
    for (const index of [0, 1]) await statusWhen(scene.peer(index), ({ conflicts }) => conflicts === 1);
    const [conflict] = await value<readonly ConflictView[]>(scene.peer(0), 'conflicts');
    const copy = conflict?.path ?? '';
    const texts = { original: textOf(scene.peer(0), 'notes.txt'), copy: textOf(scene.peer(0), copy) };
    return { scene, copy, texts };
  }

  function textOf(peer: SharePeer, name: string): string {
    return readFileSync(peer.at(name), 'utf8');
  }

  it('puts a conflict copy in the place of the original, on all machines, and what was there into the trash', async () => {
    const { scene, copy, texts } = await sceneWithConflict();
    const [first, second] = [scene.peer(0), scene.peer(1)];
    const { status, stdout, stderr } = await ask(first, 'conflicts', 'keep', copy);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Kept : (\S+), as notes\.txt\nTo the trash : \d{4}-\d\d-\d\d\/notes\.txt\n$/);
    await scene.allHave(0);
    for (const peer of [first, second]) {
      expect(readdirSync(peer.at())).toEqual(['notes.txt']);
      expect(textOf(peer, 'notes.txt')).toBe(texts.copy);
      await statusWhen(peer, ({ conflicts }) => conflicts === 0);
    }
    const trashed = await value<readonly TrashView[]>(first, 'trash');
    expect(trashed.map(({ path }) => path)).toEqual(['notes.txt']);
    expect(readFileSync(first.inState('trash', trashed[0]?.name ?? ''), 'utf8')).toBe(texts.original);
  });

  it('lets the original stay, and takes its copies into the trash', async () => {
    const { scene, copy, texts } = await sceneWithConflict();
    const kept = await value<KeptView>(scene.peer(1), 'conflicts', 'keep', 'notes.txt');
    expect(kept).toEqual({ kept: 'notes.txt', from: null, trashed: [jasmine.stringMatching(/^\d{4}-\d\d-\d\d\//)] });
    expect(readFileSync(scene.peer(1).inState('trash', kept.trashed[0] ?? ''), 'utf8')).toBe(texts.copy);
    await scene.allHave(1);
    expect(readdirSync(scene.peer(0).at())).toEqual(['notes.txt']);
    expect(textOf(scene.peer(0), 'notes.txt')).toBe(texts.original);
    expect((await ask(scene.peer(0), 'conflicts')).stdout).toBe('No conflict copies\n');
    expect(kept.trashed[0]?.slice('2026-11-22/'.length)).toBe(copy);
  });

  it('takes a path as it is typed where it is given, through the folder of the share', async () => {
    const { scene, copy, texts } = await sceneWithConflict();
    expect((await ask(scene.peer(0), 'conflicts', 'keep', `share/${copy}`)).status).toBe(0);
    await scene.allHave(0);
    expect(textOf(scene.peer(1), 'notes.txt')).toBe(texts.copy);
  });

  it('can be told while it does not run: the others hear of it at the next start', async () => {
    const { scene, copy, texts } = await sceneWithConflict();
    await scene.stop(0);
    const kept = await value<KeptView>(scene.peer(0), 'conflicts', 'keep', copy);
    expect(kept).toEqual(jasmine.objectContaining({ kept: 'notes.txt', from: copy }));
    await scene.start(0);
    await scene.has(1, await scene.tree(0));
    expect(readdirSync(scene.peer(1).at())).toEqual(['notes.txt']);
    expect(textOf(scene.peer(1), 'notes.txt')).toBe(texts.copy);
  });

  it('says in one line that a file has no conflict, or is gone', async () => {
    const { scene, copy } = await sceneWithConflict();
    const peer = scene.peer(0);
    for (const name of ['other.txt', '', '../outside', `${copy}.bak`]) {
      const { status, stdout, stderr } = await ask(peer, 'conflicts', 'keep', name);
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^left: .* is no conflict copy, and has none; .*\n$/);
    }
    await scene.stop(0);
    unlinkSync(peer.at('notes.txt'));
    const gone = await ask(peer, 'conflicts', 'keep', 'notes.txt');
    expect([gone.status, gone.stderr.split('\n').length]).toEqual([1, 2]);
    expect(gone.stderr).toContain('notes.txt is not there any more');
    mkdirSync(peer.at('notes.txt'));
    const folder = await ask(peer, 'conflicts', 'keep', copy);
    expect([folder.status, folder.stderr.split('\n').length]).toEqual([4, 2]);
    expect(readdirSync(peer.at()).sort()).toEqual([copy, 'notes.txt'].sort());
    rmSync(peer.at('notes.txt'), { recursive: true });
    expect((await ask(peer, 'conflicts', 'keep', copy)).status).toBe(0);
    expect(readdirSync(peer.at())).toEqual(['notes.txt']);
  });

  it('puts the oldest of more than ten conflict copies of a file into the trash, on all machines', async () => {
    const scene = await scenes(2);
    const nameOf = (day: number) => `notes.conflict-202611${day}-150312-1f3a9c2.txt`;
    const days = Array.from({ length: 12 }, (_, index) => 10 + index);
    writeFileSync(scene.peer(0).at('notes.txt'), 'the original');
    for (const day of days) {
      writeFileSync(scene.peer(0).at(nameOf(day)), `of day ${day}`);
      utimesSync(scene.peer(0).at(nameOf(day)), 0, Date.UTC(2026, 10, day) / 1000);
    }
    await scene.startAll();
    await scene.allHave(0);
    await scene.stop(1);
    await scene.start(1);
    const left = ['notes.txt', ...days.slice(2).map(nameOf)].sort();
    for (const index of [0, 1]) {
      await statusWhen(scene.peer(index), ({ conflicts }) => conflicts === 10);
      expect(readdirSync(scene.peer(index).at()).sort()).toEqual(left);
      const trashed = await value<readonly TrashView[]>(scene.peer(index), 'trash');
      expect(trashed.map(({ path }) => path).sort()).toEqual(days.slice(0, 2).map(nameOf));
    }
    expect(scene.peer(1).log).toContain(`Put aside : ${nameOf(10)}, one of more than 10 conflict copies of notes.txt`);
  });

  it('counts only conflict copies that lie there as they were: not those that were deleted or changed meanwhile', async () => {
    const scene = await scenes(2);
    const peer = scene.peer(0);
    const nameOf = (day: number) => `notes.conflict-202611${day}-150312-1f3a9c2.txt`;
    for (let day = 10; day < 20; day += 1) writeFileSync(peer.at(nameOf(day)), `of day ${day}`);
    await scene.start(0);
    await statusWhen(peer, ({ conflicts }) => conflicts === 10);
    await scene.stop(0);
    // Two more than there may be; one of the old ones is where somebody has put everything together.
    for (const day of [20, 21]) writeFileSync(peer.at(nameOf(day)), `of day ${day}`);
    await scene.start(0);
    await statusWhen(peer, ({ conflicts }) => conflicts === 12);
    await scene.stop(0);
    writeFileSync(peer.at(nameOf(10)), 'all of it');
    unlinkSync(peer.at(nameOf(20)));
    await scene.start(0);
    await statusWhen(peer, ({ conflicts }) => conflicts === 11);
    expect(textOf(peer, nameOf(10))).toBe('all of it');
    expect(readdirSync(peer.at()).length).toBe(11);
  });
});
