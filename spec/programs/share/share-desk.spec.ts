import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { FileLock } from '../../../lib/base/file-lock.ts';
import type { ConflictView, ShareStatus, TrashView } from '../../../lib/share/desk/share-desk.ts';
import { shareQuestions } from '../../support/share/share-questions.ts';
import { shareScenes } from '../../support/share/share-scene.ts';

const SCRIPT = join(process.cwd(), 'bin/share.js');

describe('share, asked', () => {
  const scenes = shareScenes();
  const { ask, value, statusWhen } = shareQuestions();

  it('tells of each machine what it lacks, and how many safe copies there are', async () => {
    const scene = await scenes(3);
    const [first, second] = [scene.peer(0), scene.peer(1)];
    mkdirSync(first.at('d'));
    writeFileSync(first.at('d', 'a'), 'four');
    await scene.start(0);
    await scene.start(1);
    const status = await statusWhen(first, ({ copies }) => copies[1] === 1);
    expect(status).toEqual(
      jasmine.objectContaining({
        isRunning: true,
        isLookedThrough: true,
        files: 1,
        folders: 1,
        bytes: 4,
        copies: [0, 1, 0],
        failed: [],
        leftOut: [],
      }),
    );
    const [here, unmet] = status.peers;
    expect(here).toEqual(
      jasmine.objectContaining({
        address: `${second.place.address}:21700`,
        isHere: true,
        lacks: { entries: 0, bytes: 0 },
        owes: { entries: 0, bytes: 0 },
      }),
    );
    expect(here?.device).toBe((await value<ShareStatus>(second, 'status')).device);
    expect(unmet).toEqual(jasmine.objectContaining({ isHere: false, sinceMs: null, lacks: null, owes: null }));
    const { status: exit, stdout } = await ask(first, 'status');
    expect(exit).toBe(0);
    expect(stdout).toContain('Safe copies : 2 of 3 for 1 file\n');
    expect(stdout).toMatch(/^Peer +: 127\.\S+ \(.*\), here since .*, lacks nothing, has nothing for us, device /m);
  });

  it('tells what a machine lacks that went away', async () => {
    const scene = await scenes(2);
    await scene.startAll();
    await statusWhen(scene.peer(0), ({ peers }) => peers[0]?.isHere === true);
    await scene.stop(1);
    writeFileSync(scene.peer(0).at('new'), 'three');
    const { peers, copies } = await statusWhen(scene.peer(0), ({ files }) => files === 1);
    expect(peers[0]).toEqual(jasmine.objectContaining({ isHere: false, lacks: { entries: 1, bytes: 5 } }));
    expect(peers[0]?.why).toMatch(/stopped/);
    expect(copies).toEqual([1, 0]);
  });

  it('tells what it leaves out', async () => {
    const scene = await scenes(2);
    await scene.start(0);
    symlinkSync('nowhere', scene.peer(0).at('link'));
    const { leftOut } = await statusWhen(scene.peer(0), (status) => status.leftOut.length > 0);
    expect(leftOut).toEqual([
      { reason: 'it is a symbolic link to nothing: there is no such file or folder', entries: 1, paths: ['link'] },
    ]);
  });

  it('tells what is known when it does not run, with the status of what cannot be reached', async () => {
    const scene = await scenes(2);
    writeFileSync(scene.peer(0).at('a'), 'text');
    await scene.startAll();
    await statusWhen(scene.peer(0), ({ copies }) => copies[1] === 1);
    await scene.stop(0);
    const { status, stdout, stderr } = await ask(scene.peer(0), 'status');
    expect([status, stderr]).toEqual([3, '']);
    expect(stdout).toMatch(/^Share +: .*, 1 file in 0 folders, 4 B\nRunning +: no;.*\nPeer +: 127\S+, device \S+\n$/);
    // And nothing was changed by asking: no other id, nothing to be compared anew.
    await scene.start(0);
    expect(scene.peer(0).log).not.toMatch(/new peer|anew|cannot be used/);
  });

  it('says in one line that nothing is known of a folder, and makes nothing there', async () => {
    const peer = (await scenes(1)).peer(0);
    for (const args of [['status'], ['conflicts'], ['trash'], ['trust', '127.0.0.9']]) {
      const { status, stdout, stderr } = await ask(peer, ...args);
      expect([status, stdout]).withContext(args.join(' ')).toEqual([2, '']);
      expect(stderr).toMatch(/^left: Nothing is known of .*\n$/);
    }
    expect(readdirSync(peer.place.folder)).toEqual([]);
  });

  it('lists conflict copies with what they gave way to, running or not', async () => {
    const scene = await scenes(2);
    for (const index of [0, 1]) writeFileSync(scene.peer(index).at('notes.txt'), `of ${index}`);
    await scene.startAll();
    await statusWhen(scene.peer(0), ({ conflicts }) => conflicts === 1);
    const [conflict, ...others] = await value<readonly ConflictView[]>(scene.peer(0), 'conflicts');
    expect(others).toEqual([]);
    expect(conflict).toEqual(jasmine.objectContaining({ original: 'notes.txt', size: 4, originalSize: 4 }));
    expect(existsSync(scene.peer(0).at(conflict?.path ?? ''))).toBe(true);
    const { stdout } = await ask(scene.peer(0), 'conflicts');
    expect(stdout).toContain(`\n  gave way to notes.txt, which now has 4 B of `);
    await scene.stop(0);
    expect(await value<readonly ConflictView[]>(scene.peer(0), 'conflicts')).toEqual([
      jasmine.objectContaining({ path: conflict?.path }),
    ]);
  });

  describe('about its trash', () => {
    /** Two machines, the second of which has deleted a file of the first. */
    async function sceneWithTrash() {
      const scene = await scenes(2);
      mkdirSync(scene.peer(0).at('d'));
      writeFileSync(scene.peer(0).at('d', 'a'), 'text');
      writeFileSync(scene.peer(0).at('b'), 'stays');
      await scene.startAll();
      await scene.allHave(0);
      rmSync(scene.peer(1).at('d'), { recursive: true });
      await scene.allHave(1);
      return scene;
    }

    it('lists what is there, and puts it back for everybody', async () => {
      const scene = await sceneWithTrash();
      const [trashed] = await value<readonly TrashView[]>(scene.peer(0), 'trash');
      expect(trashed).toEqual({
        name: jasmine.stringMatching(/^\d{4}-\d\d-\d\d\/d\/a$/),
        path: 'd/a',
        day: jasmine.stringMatching(/^\d{4}-\d\d-\d\d$/),
        size: 4,
      });
      expect((await ask(scene.peer(0), 'trash')).stdout).toBe(`${trashed?.name}, 4 B\nIn all : 1 file, 4 B\n`);
      expect(await ask(scene.peer(0), 'trash', 'restore', trashed?.name ?? '')).toEqual(
        jasmine.objectContaining({ status: 0, stdout: 'Restored : d/a\n', stderr: '' }),
      );
      await scene.allHave(0);
      expect(readFileSync(scene.peer(1).at('d', 'a'), 'utf8')).toBe('text');
      expect((await ask(scene.peer(0), 'trash')).stdout).toBe('The trash is empty\n');
    });

    it('puts nothing over a file that is there, nor through a link, and says so in one line', async () => {
      const scene = await sceneWithTrash();
      await scene.stop(0);
      const peer = scene.peer(0);
      mkdirSync(peer.at('d'));
      writeFileSync(peer.at('d', 'a'), 'mine');
      const refused = await ask(peer, 'trash', 'restore', 'd/a');
      expect([refused.status, refused.stderr.split('\n').length]).toEqual([4, 2]);
      expect(readFileSync(peer.at('d', 'a'), 'utf8')).toBe('mine');
      rmSync(peer.at('d'), { recursive: true });
      mkdirSync(join(peer.place.folder, 'outside'));
      symlinkSync('../outside', peer.at('d'));
      expect((await ask(peer, 'trash', 'restore', 'd/a')).status).toBe(4);
      expect(readdirSync(join(peer.place.folder, 'outside'))).toEqual([]);
      unlinkSync(peer.at('d'));
      expect((await ask(peer, 'trash', 'restore', 'd/a')).status).toBe(0);
      expect(readFileSync(peer.at('d', 'a'), 'utf8')).toBe('text');
    });

    it('puts nothing into a folder that is not the share', async () => {
      const scene = await sceneWithTrash();
      await scene.stop(0);
      const peer = scene.peer(0);
      for (const name of [undefined, 'other']) {
        // Kept, so that the new one does not get its inode.
        renameSync(peer.at(), join(peer.place.folder, `kept ${name}`));
        mkdirSync(peer.at(), { recursive: true });
        if (name !== undefined) writeFileSync(peer.at(name), 'known by nobody');
        const { status, stderr } = await ask(peer, 'trash', 'restore', 'd/a');
        expect(status).toBe(4);
        expect(stderr).toMatch(/^left: Sharing .*: it is another folder.*\n$/);
        expect(readdirSync(peer.at())).toEqual(name === undefined ? [] : [name]);
      }
    });

    it('says in one line that there is nothing of a name', async () => {
      const scene = await sceneWithTrash();
      const { status, stdout, stderr } = await ask(scene.peer(0), 'trash', 'restore', 'd/other');
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^left: d\/other is not in the trash; .*\n$/);
    });

    it('keeps nobody from starting while its answer is read', async () => {
      const scene = await scenes(2);
      const peer = scene.peer(0);
      await scene.start(0);
      await scene.stop(0);
      mkdirSync(peer.inState('trash', '2090-01-01'), { recursive: true });
      // More than fits between two processes.
      for (let at = 0; at < 4000; at += 1)
        writeFileSync(peer.inState('trash', '2090-01-01', `${at}`.padEnd(250, 'x')), '');
      const reading = spawn(process.execPath, [SCRIPT, 'trash'], {
        cwd: peer.place.folder,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        await once(reading.stdout, 'readable');
        expect(reading.exitCode).toBeNull();
        expect(() => FileLock.take(peer.inState('lock')).release()).not.toThrow();
        expect(reading.exitCode).toBeNull();
      } finally {
        const closed = once(reading, 'close');
        reading.stdout.resume();
        await closed;
      }
    });
  });

  describe('to trust another device', () => {
    it('lets a machine in again that has a new identity', async () => {
      const scene = await scenes(2);
      const [first, second] = [scene.peer(0), scene.peer(1)];
      await scene.startAll();
      await statusWhen(first, ({ peers }) => peers[0]?.isHere === true);
      await scene.stop(1);
      rmSync(second.inState(), { recursive: true });
      await scene.start(1);
      await first.program.waitForLine(/was refused: its device id is/);
      expect((await value<ShareStatus>(first, 'status')).peers[0]?.isHere).toBe(false);
      const { status, stdout } = await ask(first, 'trust', second.place.address);
      expect([status, stdout]).toEqual([
        0,
        `Forgotten : the device that is met next at ${second.place.address}:21700 is trusted\n`,
      ]);
      const { peers } = await statusWhen(first, (now) => now.peers[0]?.isHere === true);
      expect(peers[0]?.device).toBe((await value<ShareStatus>(second, 'status')).device);
    });

    it('can be said when it does not run', async () => {
      const scene = await scenes(2);
      await scene.startAll();
      await statusWhen(scene.peer(0), ({ peers }) => peers[0]?.isHere === true);
      await scene.stop(0);
      const { address } = scene.peer(1).place;
      expect(await value<object>(scene.peer(0), 'trust', address)).toEqual({
        address: `${address}:21700`,
        wasKnown: true,
        others: [],
      });
      expect(await value<object>(scene.peer(0), 'trust', address)).toEqual({
        address: `${address}:21700`,
        wasKnown: false,
        others: [],
      });
      expect((await ask(scene.peer(0), 'trust', address)).stdout).toBe(
        `Nothing is known of ${address}:21700 : nothing was changed\n`,
      );
    });

    it('tells of another port that is known there, and claims nothing', async () => {
      const scene = await scenes(2);
      await scene.startAll();
      const known = (await statusWhen(scene.peer(0), ({ peers }) => peers[0]?.isHere === true)).peers[0]?.device;
      const { address } = scene.peer(1).place;
      const { status, stdout } = await ask(scene.peer(0), 'trust', `${address}:21999`);
      expect([status, stdout]).toEqual([0, `Nothing is known of ${address}:21999 : there are ${address}:21700\n`]);
      expect((await value<ShareStatus>(scene.peer(0), 'status')).peers[0]?.device).toBe(known);
    });

    for (const words of [
      ['trust'],
      ['trust', 'localhost'],
      ['trust', '127.0.0.2,127.0.0.3'],
      ['trash', 'restore'],
      ['trash', 'empty'],
      ['conflicts', 'keep'],
      ['conflicts', 'a.txt'],
    ]) {
      it(`says in one line what is wrong with ${words.join(' ')}`, async () => {
        const { status, stdout, stderr } = await ask((await scenes(1)).peer(0), ...words);
        expect([status, stdout, stderr.split('\n').length]).toEqual([2, '', 2]);
        expect(stderr).toMatch(/^left: (trust|trash|trash restore|conflicts|conflicts keep)( ".*")?: takes /);
      });
    }
  });
});
