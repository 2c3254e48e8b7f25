import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_DELETE_LIMIT, GuardError } from '../../lib/sync/guards.ts';
import { syncScene } from '../support/sync-scene.ts';

const T = Date.UTC(2026, 3, 4);
const NAMES = ['a', 'b', 'd/c', 'd/e'];
const strict = { maxDelete: DEFAULT_DELETE_LIMIT, allowEmpty: false, allowReplaced: false };

describe('A near folder in whose place there is another', () => {
  const scene = syncScene();

  beforeEach(async () => {
    for (const name of NAMES) scene().write(name, name, T);
    await scene().cycle();
  });

  /** Another folder of the same name, with some files. */
  function replace(...names: readonly string[]): void {
    renameSync(scene().near, join(scene().folder, `old ${Math.random()}`));
    mkdirSync(scene().near);
    for (const name of names) scene().write(name, name, T);
  }

  async function expectRefused(): Promise<void> {
    const before = scene().transport.tree.all();
    await expectAsync(scene().cycle()).toBeRejectedWithError(GuardError, /is another folder .* --allow-replaced$/);
    expect(scene().transport.tree.all()).toEqual(before);
  }

  it('is refused when most of what was mirrored is not in it, in this run and the next', async () => {
    replace('a', 'other');
    await expectRefused();
    scene().restart();
    await expectRefused();
  });

  it('is refused also when it took the place of one that was just built anew', async () => {
    replace(...NAMES);
    expect((await scene().cycle()).failed).toBe(0);
    replace('x');
    await expectRefused();
  });

  it('is mirrored when half of it is the same, as when a program built it anew', async () => {
    replace('a', 'd/c', 'new');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesSent: 1, filesRemoved: 2, failed: 0 }));
    expect(scene().far()).toEqual({ a: 1, d: null, 'd/c': 3, new: 3 });
  });

  it('is mirrored when the user means it, also where the usual limit would not let it, and then is the known one', async () => {
    for (let index = 0; index < 30; index += 1) scene().write(`many/${index}`, 'x', T);
    await scene().cycle();
    replace('x');
    scene().use({ guards: { ...strict, allowReplaced: true } });
    scene().transport.fail = ({ path }) => (path === 'x' ? 'E_BUSY' : undefined);
    expect((await scene().cycle()).putOff).toBeGreaterThan(30);
    scene().transport.fail = () => undefined;
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ failed: 0, putOff: 0, filesRemoved: 34 }));
    expect(scene().far()).toEqual({ x: 1 });
    scene().use({ guards: strict });
    scene().remove('x');
    scene().write('y', 'y', T);
    expect((await scene().cycle()).filesRemoved).toBe(1);
  });

  it('is refused when it is empty, too, until the user means both', async () => {
    replace();
    await expectAsync(scene().cycle()).toBeRejectedWithError(GuardError, / add --allow-empty --allow-replaced$/);
    scene().use({ guards: { ...strict, allowEmpty: true } });
    await expectRefused();
    scene().use({ guards: { ...strict, allowEmpty: true, allowReplaced: true } });
    expect((await scene().cycle()).filesRemoved).toBe(NAMES.length);
  });

  it('does not count what is only left out', async () => {
    scene().exclude('d/', 'b');
    replace('a');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ failed: 0, filesRemoved: 0 }));
  });

  it('does not matter while nothing is known of the far side', async () => {
    scene().use({ guards: { ...strict, allowEmpty: true } });
    for (const name of ['a', 'b', 'd']) scene().remove(name);
    await scene().cycle();
    replace('x');
    scene().use({ guards: strict });
    expect((await scene().cycle()).filesSent).toBe(1);
  });

  it('may be the same folder, of which so much is removed as the limit allows', async () => {
    for (const name of ['a', 'b', 'd/c']) scene().remove(name);
    expect((await scene().cycle()).filesRemoved).toBe(3);
  });
});

describe('A near folder that is emptied on purpose', () => {
  const scene = syncScene();

  it('needs --allow-empty and nothing else, however much is in it', async () => {
    for (let index = 0; index < 30; index += 1) scene().write(`many/${index}`, 'x', T);
    await scene().cycle();
    scene().remove('many');
    scene().use({ guards: { ...strict, allowEmpty: true } });
    expect((await scene().cycle()).filesRemoved).toBe(30);
    expect(scene().far()).toEqual({});
  });

  it('still keeps to a limit that the user chose', async () => {
    scene().write('a', 'x', T);
    await scene().cycle();
    scene().remove('a');
    scene().use({ guards: { ...strict, maxDelete: { unit: 'entries', most: 0 }, allowEmpty: true } });
    await expectAsync(scene().cycle()).toBeRejectedWithError(GuardError, /--max-delete 1$/);
  });
});

// Any folder on another device will do for a mounted disk; memory is one on every Linux.
const OTHER_DEVICE = '/dev/shm';

describe('A disk mounted below the near folder', () => {
  const scene = syncScene();
  let disk: string;

  beforeEach(async () => {
    if (!existsSync(OTHER_DEVICE) || statSync(OTHER_DEVICE).dev === statSync(scene().folder).dev) {
      pending('there is no second device on this machine');
    }
    disk = mkdtempSync(join(OTHER_DEVICE, 'filesmirror-spec-'));
    for (const name of ['p', 'q', 'r']) writeFileSync(join(disk, name), 'x');
    scene().write('f', 'x', T);
    scene().use({ links: 'follow' });
    mount();
    await scene().cycle();
    scene().restart();
  });
  afterEach(() => disk && rmSync(disk, { recursive: true, force: true }));

  const at = () => join(scene().near, 'disk');

  function mount(): void {
    rmSync(at(), { recursive: true, force: true });
    symlinkSync(disk, at());
  }

  /** What is left of a mounted disk: the folder it was mounted in, or not even that. */
  function unmount(...names: readonly string[]): void {
    rmSync(at());
    for (const name of names) scene().write(`disk/${name}`, 'x', T);
  }

  const FAR = { f: 1, disk: null, 'disk/p': 1, 'disk/q': 1, 'disk/r': 1 };

  const ways: Readonly<Record<string, () => void>> = {
    'leaves an empty folder': () => {
      unmount();
      mkdirSync(at());
    },
    'leaves nothing': () => unmount(),
    'shows what lay below it': () => unmount('p', 'below'),
  };
  for (const [way, lose] of Object.entries(ways)) {
    it(`stays on the far side when it is not mounted any more and ${way}`, async () => {
      lose();
      for (let turn = 0; turn < 2; turn += 1) {
        const summary = await scene().cycle();
        expect(summary).toEqual(jasmine.objectContaining({ unreadable: 1, filesSent: 0, filesRemoved: 0 }));
        expect(scene().far()).toEqual(FAR);
        scene().restart();
      }
      expect(scene().logger.lines[0]).toBe(
        'warn Left out : disk, it cannot be read (its disk is not mounted; if that is meant, add --allow-replaced)',
      );
      mount();
      expect(await scene().cycle()).toEqual(jasmine.objectContaining({ unreadable: 0, filesSent: 0, filesRemoved: 0 }));
    });
  }

  it('stays on the far side also when it was taken away while a filter left it out', async () => {
    scene().exclude('disk');
    await scene().cycle();
    unmount();
    scene().exclude();
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ unreadable: 1, filesSent: 0, filesRemoved: 0 }));
    expect(scene().far()).toEqual(FAR);
  });

  it('is removed from the far side when the user means it', async () => {
    unmount();
    scene().use({ guards: { ...strict, allowReplaced: true } });
    expect((await scene().cycle()).filesRemoved).toBe(3);
    expect(scene().far()).toEqual({ f: 1 });
  });

  it('is like any other folder while it is mounted, and when its files lie in the folder itself', async () => {
    rmSync(join(disk, 'p'));
    rmSync(join(disk, 'q'));
    expect((await scene().cycle()).filesRemoved).toBe(2);
    unmount('r');
    expect((await scene().cycle()).unreadable).toBe(0);
    scene().remove('disk');
    expect((await scene().cycle()).filesRemoved).toBe(1);
  });
});
