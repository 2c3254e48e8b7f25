import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncthing, syncthingTuned } from '../../bench/share/syncthing.ts';
import { requireProgram } from '../../support/foreign/found.ts';
import { KiB, MiB, writeFolder, writeRandom, writeSparse } from '../../support/share/files.ts';
import { ForeignScene } from '../../support/share/foreign-scene.ts';
import { shareScenes } from '../../support/share/share-scene.ts';
import { sentBytes } from '../../support/share/sockets.ts';
import type { SyncUnderTest } from '../../support/share/sync-under-test.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** What any program has to do that keeps two folders equal. It is given two peers that were not started. */
const stories: Readonly<Record<string, (sync: SyncUnderTest) => Promise<void>>> = {
  async 'puts together what is in both, when they meet first, a conflict on both sides later, and loses nothing'(sync) {
    writeFolder(join(sync.dir(0), 'folder'));
    writeRandom(join(sync.dir(0), 'by a'), 300 * KiB);
    mkdirSync(join(sync.dir(1), 'folder'));
    writeRandom(join(sync.dir(1), 'folder', 'by b'), 1);
    for (const index of [0, 1]) writeNotes(notesAt(sync, index), 'before', 1_795_000_000);
    await startBoth(sync);
    await sync.idle();
    expect((await sync.tree(0)).size).toBe(1 + 50 + 1 + 1 + 1);
    await stopBoth(sync);
    writeNotes(notesAt(sync, 0), 'by a', 1_795_000_100);
    writeNotes(notesAt(sync, 1), 'by b, later', 1_795_000_200);
    await startBoth(sync);
    await sync.idle();
    const notes = readdirSync(sync.dir(0)).filter((name) => name.startsWith('notes'));
    const texts = notes.map((name) => readFileSync(join(sync.dir(0), name), 'utf8'));
    expect(texts.sort()).toEqual(['by a', 'by b, later']);
    expect(readFileSync(join(sync.dir(0), 'notes.txt'), 'utf8')).toBe('by b, later');
  },

  async 'makes folders of files, and files of folders, and brings a file with holes over'(sync) {
    writeFolder(join(sync.dir(0), 'to file'));
    writeRandom(join(sync.dir(0), 'to folder'), 200 * KiB);
    writeSparse(join(sync.dir(1), 'holes'), 8 * MiB);
    await startBoth(sync);
    await sync.idle();
    rmSync(join(sync.dir(0), 'to folder'));
    writeFolder(join(sync.dir(0), 'to folder'));
    rmSync(join(sync.dir(0), 'to file'), { recursive: true });
    writeFileSync(join(sync.dir(0), 'to file'), 'a file');
    await sync.idle();
    const tree = await sync.tree(1);
    expect([tree.size, tree.get('to folder')]).toEqual([1 + 1 + 51, 'folder']);
    expect(readFileSync(join(sync.dir(1), 'to file'), 'utf8')).toBe('a file');
  },

  async 'sends nothing of files that both have'(sync) {
    requireProgram('ss');
    for (let number = 0; number < 8; number += 1) {
      writeRandom(join(sync.dir(0), `same ${number}`), 2 * MiB);
      cpSync(join(sync.dir(0), `same ${number}`), join(sync.dir(1), `same ${number}`), { preserveTimestamps: true });
    }
    await startBoth(sync);
    // It is the last that they tell each other.
    writeFileSync(join(sync.dir(0), 'last'), 'last');
    await sync.idle();
    expect((await sync.tree(1)).size).toBe(9);
    const sent = sentBytes([0, 1].map((index) => sync.address(index)));
    setSpecProperty('sent, KiB', Math.round(sent / KiB));
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(256 * KiB);
  },
};

describe('Stories of two folders', () => {
  const sceneOf = shareScenes();
  const folder = temporaryFolder();
  let foreign: ForeignScene | undefined;

  afterEach(async () => {
    await foreign?.close();
    foreign = undefined;
  });

  for (const [name, story] of Object.entries(stories)) {
    it(`of share: it ${name}`, async () => {
      await story(await sceneOf(2));
    });

    // Beside which ours can be judged: what both do is what users are used to.
    it(`of Syncthing: it ${name}`, async () => {
      const contestant = syncthing(syncthingTuned);
      requireProgram('syncthing');
      foreign = new ForeignScene(contestant, folder(), 22_000);
      await story(foreign);
    });
  }
});

async function startBoth(sync: SyncUnderTest): Promise<void> {
  await Promise.all([0, 1].map((index) => sync.start(index)));
}

async function stopBoth(sync: SyncUnderTest): Promise<void> {
  await Promise.all([0, 1].map((index) => sync.stop(index)));
}

function notesAt(sync: SyncUnderTest, index: number): string {
  return join(sync.dir(index), 'notes.txt');
}

function writeNotes(path: string, text: string, seconds: number): void {
  writeFileSync(path, text);
  utimesSync(path, seconds, seconds);
}
