import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DiskSync } from '../../../lib/share/disk/disk-sync.ts';
import { GroupCommit, type Keeper } from '../../../lib/share/disk/group-commit.ts';
import type { Change } from '../../../lib/share/replica/events.ts';
import { longestStall } from '../../support/longest-stall.ts';
import { contentOf, FOLDER, handIn, shareScene } from './share-scene.ts';

const keeper: Keeper = { together: (work) => work(), assertInPlace: () => undefined };

describe('GroupCommit', () => {
  const scene = shareScene();

  it('does changes in the order in which they are handed in', async () => {
    const outcomes = await Promise.all([
      scene().change('a', FOLDER),
      scene().put('a/b', 'x', { from: { content: { type: 'deleted' }, stamp: '' } }),
      scene().change('a/c', FOLDER, { from: { content: { type: 'deleted' }, stamp: '' } }),
    ]);
    expect(outcomes.map(({ result }) => result)).toEqual(['done', 'done', 'done']);
    expect(scene().read('a/b')).toBe('x');
  });

  it('shows nothing in the share before its content is on the disk', async () => {
    const seen: string[] = [];
    class Observed extends DiskSync {
      override async bring(files: readonly string[]): Promise<void> {
        seen.push(`${files.length} files, share ${readdirSync(scene().root).length}`);
        await super.bring(files);
        seen.push(`synced, share ${readdirSync(scene().root).length}`);
      }
    }
    const commit = new GroupCommit(scene().changer, new Observed(scene().root));
    const handInFile = (path: string) => {
      const from = { content: { type: 'deleted' }, stamp: '' } as const;
      const to = contentOf(path);
      const part = scene().parts.writeWhole(Buffer.from(path));
      return handIn(commit, { path, from, to, entry: { path, content: to, version: [] } }, part);
    };
    await Promise.all(Array.from({ length: 20 }, (_, number) => handInFile(`${number}`)));
    expect(seen).toEqual(['20 files, share 0', 'synced, share 0']);
  });

  it('says of each why it could not be brought onto the disk, and does the others', async () => {
    class Failing extends DiskSync {
      override bring(): Promise<void> {
        return Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
      }
    }
    const commit = new GroupCommit(scene().changer, new Failing(scene().root));
    const from = { content: { type: 'deleted' }, stamp: '' } as const;
    const file = { path: 'a', from, to: contentOf('x'), entry: { path: 'a', content: contentOf('x'), version: [] } };
    const folder = { path: 'd', from, to: FOLDER, entry: { path: 'd', content: FOLDER, version: [] } };
    const outcomes = await Promise.all([
      handIn(commit, file, scene().parts.writeWhole(Buffer.from('x'))),
      handIn(commit, folder),
    ]);
    expect(outcomes).toEqual([
      { result: 'failed', reason: 'the disk is full' },
      { result: 'done', stamp: 'folder' },
    ]);
    expect(readdirSync(scene().root)).toEqual(['d']);
  });

  it('makes no change whose beginning cannot be kept, and tells of each that it cannot', async () => {
    const fault = new Error('the journal is full');
    let isFull = true;
    const commit = new GroupCommit(scene().changer, new DiskSync(scene().root), {
      ...keeper,
      together: (work) => {
        work();
        if (isFull) throw fault;
      },
    });
    const told = (path: string) =>
      new Promise((resolve) => {
        commit.apply(folderAt(path), undefined, { begin: () => undefined, end: resolve, fault: resolve });
      });
    expect(await Promise.all(['a', 'b'].map(told))).toEqual([fault, fault]);
    expect(readdirSync(scene().root)).toEqual([]);
    isFull = false;
    expect(await told('a')).toEqual({ result: 'done', stamp: 'folder' });
  });

  it('asks once for all that are handed in at once whether what it tells can be kept, and makes none where it cannot', async () => {
    const fault = new Error('the state was taken away');
    let asked = 0;
    const commit = new GroupCommit(scene().changer, new DiskSync(scene().root), {
      ...keeper,
      assertInPlace: () => {
        asked += 1;
        if (asked > 1) throw fault;
      },
    });
    const told = (path: string) =>
      new Promise((resolve) => {
        commit.apply(folderAt(path), undefined, { begin: () => undefined, end: resolve, fault: resolve });
      });
    const done = { result: 'done', stamp: 'folder' };
    expect(await Promise.all(['a', 'b', 'c'].map(told))).toEqual([done, done, done]);
    expect(await Promise.all(['d', 'e'].map(told))).toEqual([fault, fault]);
    expect(asked).toBe(2);
    expect(readdirSync(scene().root)).toEqual(['a', 'b', 'c']);
  });

  it('tells that changes begin when their contents are on the disk, and before the first one is made', async () => {
    const order: string[] = [];
    class Observed extends DiskSync {
      override async bring(): Promise<void> {
        order.push('on the disk');
      }
    }
    const commit = new GroupCommit(scene().changer, new Observed(scene().root));
    const put = (path: string) => {
      const from = { content: { type: 'deleted' }, stamp: '' } as const;
      const to = contentOf(path);
      const part = scene().parts.writeWhole(Buffer.from(path));
      const begin = () => order.push(`begin, share ${readdirSync(scene().root).length}`);
      return new Promise((end) => {
        const change = { path, from, to, entry: { path, content: to, version: [] } };
        commit.apply(change, part, { begin, end, fault: fail });
      });
    };
    await Promise.all(['a', 'b'].map(put));
    expect(order).toEqual(['on the disk', 'begin, share 0', 'begin, share 0']);
  });

  it('has kept what became of a change before it makes the next one: a crash finds no more than one of which nobody knows', async () => {
    const kept: string[] = [];
    const commit = new GroupCommit(scene().changer, new DiskSync(scene().root), {
      ...keeper,
      together: (work) => {
        work();
        kept.push(`kept, share ${readdirSync(scene().root).length}`);
      },
    });
    await Promise.all(['a', 'b', 'c'].map((path) => handIn(commit, folderAt(path))));
    expect(kept).toEqual(['kept, share 0', 'kept, share 1', 'kept, share 2', 'kept, share 3']);
  });

  it('makes no other change behind one whose end cannot be kept, and tells of each that it cannot', async () => {
    const fault = new Error('the journal is full');
    let calls = 0;
    const commit = new GroupCommit(scene().changer, new DiskSync(scene().root), {
      ...keeper,
      together: (work) => {
        calls += 1;
        if (calls === 3) throw fault;
        work();
      },
    });
    const told = (path: string) =>
      new Promise((resolve) => {
        commit.apply(folderAt(path), undefined, { begin: () => undefined, end: resolve, fault: resolve });
      });
    expect(await Promise.all(['a', 'b', 'c'].map(told))).toEqual([{ result: 'done', stamp: 'folder' }, fault, fault]);
    expect(readdirSync(scene().root)).toEqual(['a', 'b']);
    expect(await told('d')).toEqual({ result: 'done', stamp: 'folder' });
  });

  it('goes on after a part that is not there', async () => {
    const part = scene().parts.writeWhole(Buffer.from('x'));
    rmSync(part);
    const from = { content: { type: 'deleted' }, stamp: '' } as const;
    const to = contentOf('x');
    const outcome = await handIn(
      scene().commit,
      { path: 'a', from, to, entry: { path: 'a', content: to, version: [] } },
      part,
    );
    expect(outcome).toEqual({ result: 'failed', reason: 'there is no such file or folder' });
    expect((await scene().put('b', 'y')).result).toBe('done');
  });

  it('puts thousands of small files there within seconds, and lets others have their turns', async () => {
    const COUNT = 10_000;
    const text = 'x'.repeat(2000);
    for (let folder = 0; folder < 100; folder += 1) scene().makeFolder(`${folder}`);
    const began = performance.now();
    const stall = await longestStall(async () => {
      const outcomes: Promise<{ result: string }>[] = [];
      for (let number = 0; number < COUNT; number += 1) {
        outcomes.push(
          scene().put(`${number % 100}/${number}`, text, { from: { content: { type: 'deleted' }, stamp: '' } }),
        );
        if (number % 50 === 49) await new Promise((resolve) => setImmediate(resolve));
      }
      const results = new Set((await Promise.all(outcomes)).map(({ result }) => result));
      expect([...results]).toEqual(['done']);
    });
    const took = performance.now() - began;
    if (process.env['SHOW_TIMES'])
      console.log(`${COUNT} files in ${took.toFixed()} ms, longest stall ${stall.toFixed()} ms`);
    expect(took).toBeLessThan(10_000);
    expect(readFileSync(scene().at('99/9999'), 'utf8')).toBe(text);
    expect(readdirSync(join(scene().stateFolder, 'tmp'))).toEqual([]);
  });
});

function folderAt(path: string): Change {
  return {
    path,
    from: { content: { type: 'deleted' }, stamp: '' },
    to: FOLDER,
    entry: { path, content: FOLDER, version: [] },
  };
}

describe('DiskSync', () => {
  const scene = shareScene();

  it('brings files onto the disk one by one where there is no command for all', async () => {
    const parts = Array.from({ length: 20 }, (_, number) => scene().parts.writeWhole(Buffer.from(`${number}`)));
    await new DiskSync(scene().root, 'darwin').bring(parts);
    await new DiskSync(join(scene().root, 'no such folder')).bring(parts);
    await new DiskSync(scene().root).bring([]);
    await expectAsync(new DiskSync(scene().root).bring(['/nowhere'])).toBeRejectedWithError(/ENOENT/);
  });
});
