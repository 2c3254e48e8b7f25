import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { GuardError } from '../../lib/sync/guards.ts';
import { syncScene } from '../support/sync-scene.ts';

const T = Date.UTC(2026, 3, 4);
const HOUR = 3_600_000;

describe('Removing what others have on the far side', () => {
  const scene = syncScene();

  beforeEach(() => {
    for (const path of ['f', 'd/g']) scene().write(path, path, T);
    scene().use({ deleteExtra: true, relistEveryMs: HOUR });
  });

  const OWN = { f: 1, d: null, 'd/g': 3 };

  function strangersCome(...paths: readonly string[]): void {
    for (const path of paths) scene().transport.tree.putFile(path, 'of others', T);
  }

  const left = () => Object.keys(scene().transport.tree.all()).sort();

  it('is done at the first contact, with all that is in their folders', async () => {
    strangersCome('s', 'd/s', 'x/y/z', 'x/s');
    scene().transport.tree.putFolder('x/empty');
    expect(await scene().cycle()).toEqual(
      jasmine.objectContaining({ filesRemoved: 4, foldersRemoved: 3, filesSent: 2, failed: 0 }),
    );
    expect(scene().far()).toEqual(OWN);
    scene().transport.calls.length = 0;
    scene().restart();
    await scene().cycle();
    expect(scene().transport.calls).toEqual([]);
  });

  it('is done when the far side is listed again, and not before', async () => {
    await scene().cycle();
    strangersCome('s', 'x/s');
    expect((await scene().cycle()).filesRemoved).toBe(0);
    scene().clock.advance(HOUR);
    expect((await scene().cycle()).filesRemoved).toBe(2);
    expect(scene().far()).toEqual(OWN);
  });

  it('is done in the first cycle when it is asked for anew, though the far side is known', async () => {
    scene().use({ deleteExtra: false });
    await scene().cycle();
    strangersCome('s');
    scene().clock.advance(HOUR);
    await scene().cycle();
    expect(left()).toContain('s');
    scene().restart();
    scene().use({ deleteExtra: true });
    expect((await scene().cycle()).filesRemoved).toBe(1);
  });

  it('is not done when it is not asked for any more, though it was put off before', async () => {
    strangersCome('s');
    scene().transport.fail = ({ kind, path }) => (kind === 'upload' && path === 'f' ? 'E_BUSY' : undefined);
    expect((await scene().cycle()).putOff).toBe(1);
    scene().transport.fail = () => undefined;
    scene().restart();
    scene().use({ deleteExtra: false });
    scene().clock.advance(HOUR);
    expect((await scene().cycle()).filesRemoved).toBe(0);
    expect(left()).toContain('s');
  });

  it('is put off in a cycle with errors, and made good in the next, of this run or another', async () => {
    strangersCome('s', 'x/s');
    scene().transport.fail = ({ kind, path }) => (kind === 'upload' && path === 'f' ? 'E_BUSY' : undefined);
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ putOff: 3, filesRemoved: 0 }));
    scene().transport.fail = ({ path }) => (path === 's' ? 'E_BUSY' : undefined);
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ failed: 1, filesRemoved: 1 }));
    scene().transport.fail = () => undefined;
    scene().restart();
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ failed: 0, filesRemoved: 1 }));
    expect(scene().far()).toEqual(OWN);
  });

  it('makes room for what the near side has, but not in a cycle with errors', async () => {
    strangersCome('d');
    scene().transport.tree.putFile('f/s', 'of others', T);
    scene().transport.fail = ({ kind, path }) => (kind === 'list' && path === 'f' ? 'E_REFUSED' : undefined);
    expect((await scene().cycle()).filesRemoved).toBe(0);
    scene().transport.fail = () => undefined;
    scene().manager.relist();
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ failed: 0, filesRemoved: 2, filesSent: 2 }));
    expect(scene().far()).toEqual(OWN);
  });

  it('leaves what something on the near side hides: a filter, the depth, a link', async () => {
    scene().use({ maxDepth: 2 });
    scene().exclude('*.log', 'cache/');
    symlinkSync('f', join(scene().near, 'link'));
    strangersCome('a.log', 'link/s', 'd/b.log', 'cache/s', 'd/deep/s', 'x/y/s', 's');
    expect((await scene().cycle()).failed).toBe(0);
    for (const path of ['a.log', 'link/s', 'd/b.log', 'cache/s', 'd/deep/s']) expect(left()).toContain(path);
    expect(left()).toContain('x/y/s');
    expect(left()).not.toContain('s');
  });

  it('is over for the next run when all that is left is hidden by something on the near side', async () => {
    scene().exclude('*.log');
    strangersCome('a.log', 's');
    expect((await scene().cycle()).filesRemoved).toBe(1);
    scene().transport.calls.length = 0;
    scene().restart();
    await scene().cycle();
    expect(scene().transport.calls).toEqual([]);
  });

  it('does not raise the limit of removals by what something on the near side hides', async () => {
    scene().exclude('*.log');
    for (let index = 0; index < 30; index += 1) scene().write(`own/${index}`, 'x', T);
    strangersCome(...Array.from({ length: 30 }, (_, index) => `logs/${index}.log`));
    await scene().cycle();
    const before = left();
    scene().remove('own');
    await expectAsync(scene().cycle()).toBeRejectedWithError(GuardError, /would remove 31 of 3\d entries/);
    expect(left()).toEqual(before);
  });

  it('counts against the limit of removals, also where it makes room', async () => {
    strangersCome(...Array.from({ length: 30 }, (_, index) => `many/${index}`));
    const before = left();
    await expectAsync(scene().cycle()).toBeRejectedWithError(GuardError, /would remove 31 of 3\d entries/);
    expect(left()).toEqual(before);
    scene().remove('f');
    scene().write('many', 'a file', T);
    await expectAsync(scene().cycle()).toBeRejectedWithError(GuardError, /would remove 31 of 3\d entries/);
    expect(left()).toEqual(before);
    const maxDelete = { unit: 'entries', most: 31 } as const;
    scene().use({ guards: { maxDelete, allowEmpty: false, allowReplaced: false } });
    expect((await scene().cycle()).failed).toBe(0);
    expect(scene().far()).toEqual({ d: null, 'd/g': 3, many: 6 });
  });

  it('sends a near file that comes in the place of one that waits for its removal', async () => {
    strangersCome('s');
    scene().transport.fail = ({ kind, path }) => (kind === 'upload' && path === 'f' ? 'E_BUSY' : undefined);
    await scene().cycle();
    scene().transport.fail = () => undefined;
    scene().write('s', 'of others', T);
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ failed: 0, filesRemoved: 0, filesSent: 2 }));
    expect(scene().known()).toEqual({ ...OWN, s: 9 });
  });

  it('is only told in a dry run', async () => {
    strangersCome('s');
    scene().restart({ readOnly: true });
    scene().use({ dryRun: true });
    expect((await scene().cycle()).filesRemoved).toBe(1);
    expect(scene().logger.lines).toContain('info Dry run : Remove file s');
    expect(left()).toEqual(['s']);
    scene().restart();
    scene().use({ dryRun: false });
    expect((await scene().cycle()).filesRemoved).toBe(1);
  });

  it('is told in a dry run as it is done, where a folder holds what stays', async () => {
    scene().exclude('*.log');
    strangersCome('x/s', 'x/a.log', 'y/z/s', 'y/z/.filesmirror-fedcba9876543210-0123456789abcdef.part', 'e/s');
    const told = ['info Remove file x/s', 'info Remove file y/z/s', 'info Remove file e/s', 'info Remove folder e'];
    const left = ['x', 'y/z', 'y'].map((path) => `warn Folder left : ${path}, others have entries in it`);
    scene().restart({ readOnly: true });
    scene().use({ dryRun: true });
    const would = await scene().cycle();
    const lines = scene().logger.lines.map((line) => line.replace('Dry run : ', ''));
    expect(lines.filter((line) => /Remove| left /.test(line)).sort()).toEqual([...told, ...left].sort());
    scene().restart();
    scene().use({ dryRun: false });
    const { filesRemoved, foldersRemoved } = await scene().cycle();
    expect([would.filesRemoved, would.foldersRemoved]).toEqual([filesRemoved, foldersRemoved]);
    expect([filesRemoved, foldersRemoved]).toEqual([3, 1]);
  });

  it('leaves temporary files that an upload is going to finish', async () => {
    await scene().cycle();
    scene().write('d/g', 'newer', T + 9000);
    const temporary = scene().transport.temporaryOf({ path: 'd/g', size: 5, mtimeMs: T + 9000 });
    scene().transport.tree.putFile(temporary, 'half', T);
    let wasThere = false;
    scene().transport.fail = ({ kind }) => {
      if (kind === 'upload') wasThere = scene().transport.tree.at(temporary) !== undefined;
      return undefined;
    };
    scene().clock.advance(HOUR);
    expect((await scene().cycle()).filesRemoved).toBe(0);
    expect(wasThere).toBeTrue();
  });

  it('leaves what another mirror is sending', async () => {
    const sent = 'd/.filesmirror-fedcba9876543210-0123456789abcdef.part';
    strangersCome(sent, 's');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 1, failed: 0 }));
    expect(scene().far(sent)).toEqual(OWN);
  });

  it('leaves a folder in which others have something else than files and folders, once it has tried', async () => {
    strangersCome('x/s');
    const list = scene().transport.list.bind(scene().transport);
    spyOn(scene().transport, 'list').and.callFake(async (path) =>
      path === 'x' ? [...(await list(path)), { name: 'link', kind: 'other', size: 0 }] : list(path),
    );
    scene().transport.fail = ({ kind, path }) => (kind === 'rmdir' && path === 'x' ? 'E_NOT_EMPTY' : undefined);
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ failed: 0, filesRemoved: 1 }));
    expect(scene().logger.lines).toContain('warn Folder left : x, others have entries in it');
    scene().transport.calls.length = 0;
    await scene().cycle();
    expect(scene().transport.calls).toEqual([]);
  });
});

describe('Removing what others have on a far side that ignores case', () => {
  const scene = syncScene({ ignoresCase: true });

  it('does not take for theirs what it lists under a name in another case', async () => {
    scene().write('photos/beach', 'x', T);
    scene().use({ relistEveryMs: HOUR });
    await scene().cycle();
    scene().transport.tree.take('photos');
    scene().transport.tree.putFile('PHOTOS/BEACH', 'x', T);
    scene().use({ deleteExtra: true });
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 0, filesSent: 0, failed: 0 }));
    scene().transport.tree.putFile('PHOTOS/stranger', 'x', T);
    scene().clock.advance(HOUR);
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 1, filesSent: 0, failed: 0 }));
    expect(scene().transport.tree.all()).toEqual({ PHOTOS: null, 'PHOTOS/BEACH': 'x' });
  });

  it('ends equal when theirs has the name of a near entry in another case', async () => {
    scene().write('photos/beach', 'x', T);
    scene().transport.tree.putFile('PHOTOS/BEACH', 'other', T);
    scene().transport.tree.putFile('PHOTOS/s', 'other', T);
    scene().use({ deleteExtra: true });
    expect((await scene().cycle()).failed).toBe(0);
    expect(scene().far()).toEqual({ photos: null, 'photos/beach': 1 });
  });
});
