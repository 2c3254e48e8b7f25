import { type BigIntStats, lstatSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileOf, stampOf } from '../../../lib/share/disk/stamp.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MS = 1_000_000n;

describe('stampOf', () => {
  const folder = temporaryFolder();

  function fileWith(changes: Partial<BigIntStats> = {}): BigIntStats {
    const path = join(folder(), 'file');
    writeFileSync(path, 'content');
    return Object.assign(lstatSync(path, { bigint: true }), changes);
  }

  function linkTo(path: string): BigIntStats {
    const link = join(folder(), 'link');
    symlinkSync(path, link);
    return lstatSync(link, { bigint: true });
  }

  /** Long after it was changed. */
  const later = () => ({ beganMs: Date.now() + 10_000 });

  it('tells that a file was only renamed, and that it was written to', () => {
    const before = fileWith();
    const renamed = Object.assign(lstatSync(join(folder(), 'file'), { bigint: true }), {
      ctimeNs: before.ctimeNs + MS,
    });
    const written = Object.assign(lstatSync(join(folder(), 'file'), { bigint: true }), {
      mtimeNs: before.mtimeNs + MS,
    });
    const [one, other, third] = [before, renamed, written].map((stats) => fileOf(stampOf(stats, later())));
    expect([one === other, one === third]).toEqual([true, false]);
  });

  it('is the same for a file that rests', () => {
    const stats = fileWith();
    expect(stampOf(stats, later())).toBe(stampOf(stats, later()));
    expect(stampOf(stats, later())).toMatch(/^\d+:\d+:7:\d{19}:\d{19}$/);
  });

  for (const key of ['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const) {
    it(`is another one with another ${key}`, () => {
      const stats = fileWith();
      const changed = Object.assign(Object.create(null) as BigIntStats, stats, { [key]: stats[key] + 1n });
      expect(stampOf(changed, later())).not.toBe(stampOf(stats, later()));
    });
  }

  it('tells one link to a file from another, and from the file', () => {
    const stats = fileWith();
    const link = linkTo('file');
    const other = Object.assign(Object.create(null) as BigIntStats, link, { ino: link.ino + 1n });
    const stamps = [undefined, link, other].map((of) => stampOf(stats, { ...later(), link: of }));
    expect(new Set(stamps).size).toBe(3);
    expect(stampOf(stats, { ...later(), link })).toBe(stampOf(stats, { ...later(), link }));
  });

  const now = Date.now();
  const at = (ms: number) => BigInt(now + ms) * MS + 1n;
  for (const [what, times, isTrusted] of [
    ['19 ms before', { mtimeNs: at(-5000), ctimeNs: at(-19) }, false],
    ['25 ms before', { mtimeNs: at(-5000), ctimeNs: at(-25) }, true],
    ['meanwhile, by the clock of a server that is ahead', { mtimeNs: at(-5000), ctimeNs: at(30_000) }, false],
    ['just now, where only that time is kept', { mtimeNs: at(-1), ctimeNs: at(-5000) }, false],
    ['long ago, with a time of next year set by hand', { mtimeNs: at(3e10), ctimeNs: at(-5000) }, true],
  ] as const) {
    it(`is ${isTrusted ? 'the same for' : 'never equal to another of'} a file that was changed ${what}`, () => {
      const stats = fileWith(times);
      const [one, other] = [0, 0].map(() => stampOf(stats, { beganMs: now }));
      expect(one === other).toBe(isTrusted);
    });
  }

  it('is never equal to another where the disk keeps whole seconds and the file was changed in the last two', () => {
    const second = BigInt(Math.floor(now / 1000)) * 1000n * MS;
    const stats = fileWith({ mtimeNs: second, ctimeNs: second });
    const [soon, late] = [1500, 2500].map((ms) => ({ beganMs: Number(second / MS) + ms }));
    expect(stampOf(stats, soon ?? later())).not.toBe(stampOf(stats, soon ?? later()));
    expect(stampOf(stats, late ?? later())).toBe(stampOf(stats, late ?? later()));
  });

  it('is never equal to another when the link was made just now', () => {
    const stats = fileWith({ mtimeNs: at(-5000), ctimeNs: at(-5000) });
    const link = linkTo('file');
    const look = { beganMs: Number(link.ctimeNs / MS), link };
    expect(stampOf(stats, look)).not.toBe(stampOf(stats, look));
  });
});
