import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../../support/processes.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { arrivalOf, arrivalOfTree, filesBelow, mustBeEqual } from './arrivals.ts';
import { contiguous, insertInFront, overwrite, scattered, smallChanges, tenth } from './changes.ts';
import type { Contestant, PeerPlace } from './contestant.ts';
import { amountsAt, Sources } from './sources.ts';
import { Stage } from './stage.ts';

// What every program here does, without a network: one peer waits, the other one copies what it has.
const copier: Contestant = {
  ...{ isTold: true, mostRounds: 1, missing: () => undefined, prepare: () => undefined },
  command: ({ share }, [first = { share }]) =>
    share === first.share
      ? { words: ['sleep', '3600'] }
      : {
          words: ['sh', '-c', 'while read -r x; do cp -a "$0/." "$1"; echo $? >&3; done', first.share, share],
          reads: true,
        },
};

describe('a stage for two peers', () => {
  const temporary = temporaryFolder();

  beforeEach(() => {
    if (process.platform !== 'linux') pending('setpriv and /proc are known to Linux only');
  });

  it('measures until a change has arrived, and leaves nobody behind', async () => {
    const stage = new Stage(copier, temporary());
    const [here, there] = stage.peers.map(({ share }) => share) as [string, string];
    await stage.startBoth();
    const path = join(here, 'file');
    const figures = await stage.measure(
      () => writeFileSync(path, 'content'),
      () => existsSync(join(there, 'file')),
    );
    mustBeEqual(['file'], here, there);
    const { pids } = stage;
    await stage.close();

    expect(figures.seconds).toBeGreaterThan(0);
    expect(figures.peakMiB).toBeGreaterThan(0.5);
    expect(pids.length).toBe(2);
    expect(pids.filter(isRunning)).toEqual([]);
  });

  it('fails at once when a peer has ended', async () => {
    const fickle: Contestant = {
      ...copier,
      isTold: false,
      command: (peer, peers) =>
        peer === peers[0] ? { words: ['sh', '-c', 'echo enough; exit 1'] } : { words: ['sleep', '9'] },
    };
    const stage = new Stage(fickle, temporary());

    await expectAsync(stage.startBoth()).toBeRejectedWithError(/a peer has ended: enough/);
    await stage.close();
  });

  it('tells why a fetch fails', async () => {
    const stage = new Stage(copier, temporary());
    await stage.startBoth();
    rmSync((stage.peers[0] satisfies PeerPlace).share, { recursive: true });

    await expectAsync(stage.fetch()).toBeRejectedWithError(/status 1.*cannot stat/s);
    await stage.close();
  });
});

describe('an arrival', () => {
  const temporary = temporaryFolder();

  it('is seen by size and time', () => {
    const folder = temporary();
    const [one, other] = twoFolders(folder);
    for (const [place, seconds] of [
      [one, 1000],
      [other, 2000],
    ] as const) {
      writeFileSync(join(place, 'f'), 'abc');
      utimesSync(join(place, 'f'), seconds, seconds);
    }
    expect(arrivalOf('f', one, other)()).toBeFalse();
    utimesSync(join(other, 'f'), 1000, 1000);
    expect(arrivalOf('f', one, other)()).toBeTrue();
    writeFileSync(join(other, 'f'), 'abd');
    expect(() => mustBeEqual(['f'], one, other)).toThrowError(/another content/);
  });

  it('of a tree is that of its last file', () => {
    const folder = temporary();
    const [one, other] = twoFolders(folder);
    const names = ['a/1', 'a/2', 'b/3'];
    for (const name of ['a', 'b']) mkdirSync(join(one, 'tree', name), { recursive: true });
    for (const name of names) writeFileSync(join(one, 'tree', name), name);
    const hasArrived = arrivalOfTree(join(one, 'tree'), join(other, 'tree'));
    const seen = names.map((name) => {
      mkdirSync(join(other, 'tree', name, '..'), { recursive: true });
      writeFileSync(join(other, 'tree', name, '..', '.unfinished'), '');
      const before = hasArrived();
      writeFileSync(join(other, 'tree', name), name);
      return before;
    });

    expect([...seen, hasArrived()]).toEqual([false, false, false, true]);
    expect([...filesBelow(one, 'tree')].sort()).toEqual(names.map((name) => `tree/${name}`));
  });
});

describe('what is changed in the benchmark of sharing', () => {
  const temporary = temporaryFolder();
  const size = 1024 ** 3;

  it('is a thousandth or a tenth of a file, within it', () => {
    const sum = (stretches: readonly { readonly bytes: number }[]) =>
      stretches.reduce((total, { bytes }) => total + bytes, 0);
    expect([contiguous, scattered].map((make) => sum(make(size)))).toEqual([1024 ** 2, 1024 ** 2]);
    expect(scattered(size).length).toBe(256);
    expect(sum(tenth(size)) / size).toBeCloseTo(0.1, 3);
    const all = [contiguous, scattered, tenth].flatMap((make) => make(size));
    expect(all.filter(({ at, bytes }) => at < 0 || at + bytes > size)).toEqual([]);
  });

  it('comes into a file in its place, or in front of it', () => {
    const folder = temporary();
    const [one, other] = twoFolders(folder);
    const path = join(one, 'f');
    writeFileSync(path, Buffer.alloc(4096));
    overwrite(path, [{ at: 100, bytes: 10 }])();
    const insert = insertInFront(path, other);
    expect(() => mustBeEqual(['f'], one, one)).not.toThrow();
    insert();

    expect(readdirSync(other)).toEqual([]);
    writeFileSync(join(other, 'f'), Buffer.alloc(4096 + 5));
    expect(() => mustBeEqual(['f'], one, other)).toThrowError(/another content/);
  });

  it('is seen by its size when it is small', () => {
    const folder = temporary();
    const sizes = new Map<string, number>();
    let same = 0;
    for (const { name, make } of smallChanges(folder, 100)) {
      make();
      const length = sizeOf(join(folder, name));
      if (sizes.get(name) === length) same += 1;
      sizes.set(name, length);
    }
    expect(same).toBe(0);
    expect(sizes.size).toBe(50);
    expect(Math.max(...sizes.values())).toBeLessThanOrEqual(32 * 1024);
  });
});

describe('the sources of the benchmark of sharing', () => {
  const temporary = temporaryFolder();

  it('are as large as the scale tells, and made once', () => {
    const sources = new Sources(temporary(), 0.001);
    const path = sources.make('text');

    expect(sources.make('text')).toBe(path);
    expect(sizeOf(path)).toBe(amountsAt(0.001).bytes);
    expect(filesBelow(sources.make('tree'), '').length).toBe(100);
  });
});

function twoFolders(folder: string): readonly [string, string] {
  const [one, other] = [join(folder, 'one'), join(folder, 'other')];
  mkdirSync(one);
  mkdirSync(other);
  return [one, other];
}

function sizeOf(path: string): number {
  return statSync(path).size;
}
