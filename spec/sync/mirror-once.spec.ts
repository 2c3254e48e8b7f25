import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { codeOf } from '../../lib/base/coded-error.ts';
import { makeFilter } from '../../lib/files/filter.ts';
import { parsePatterns } from '../../lib/files/pattern.ts';
import { isComplete } from '../../lib/sync/cycle-summary.ts';
import { DEFAULT_DELETE_LIMIT } from '../../lib/sync/guards.ts';
import { type MirrorOnceOptions, mirrorOnce } from '../../lib/sync/mirror-once.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { MemoryTransport } from '../support/memory-transport.ts';
import { recordingLogger } from '../support/recording-logger.ts';

const NOON = Date.UTC(2026, 0, 2, 12);

describe('mirrorOnce', () => {
  let folder: string;
  let near: string;
  let transport: MemoryTransport;
  let logger: ReturnType<typeof recordingLogger>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'filesmirror-once-'));
    near = join(folder, 'near');
    transport = new MemoryTransport();
    logger = recordingLogger();
    await transport.connect();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (options: Partial<MirrorOnceOptions> = {}) =>
    mirrorOnce({
      ...{ direction: 'pull', transport, farName: '/far', localRoot: near, maxDepth: 9, links: 'skip' },
      ...{ filter: makeFilter(), deletes: false, dryRun: false, logger, clock: new ManualClock() },
      guards: { maxDelete: DEFAULT_DELETE_LIMIT, allowEmpty: false },
      signal: new AbortController().signal,
      ...options,
    });

  function write(path: string, content: string, mtimeMs = NOON): void {
    mkdirSync(dirname(join(near, path)), { recursive: true });
    writeFileSync(join(near, path), content);
    utimesSync(join(near, path), mtimeMs / 1000, mtimeMs / 1000);
  }

  const read = (path: string) => readFileSync(join(near, path), 'utf8');
  const refused = async (once: Promise<unknown>) =>
    codeOf(
      await once.then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
  const problems = () => logger.lines.filter((line) => !line.startsWith('info'));

  describe('pull', () => {
    it('fills a folder that is not there yet, the largest files first', async () => {
      transport.tree.putFile('small', 'x', NOON);
      transport.tree.putFile('a/b/large', 'a long content', NOON + 1000);
      transport.tree.putFolder('empty');
      const summary = await run();
      expect([summary.foldersMade, summary.filesSent, summary.failed]).toEqual([3, 2, 0]);
      expect([read('small'), read('a/b/large')]).toEqual(['x', 'a long content']);
      expect(statSync(join(near, 'a/b/large')).mtimeMs).toBe(NOON + 1000);
      expect(existsSync(join(near, 'empty'))).toBeTrue();
      expect(problems()).toEqual([]);
    });

    it('begins with the largest file', async () => {
      transport.tree.putFile('a', 'x', NOON);
      transport.tree.putFile('b', 'xxx', NOON);
      transport.tree.putFile('c', 'xx', NOON);
      await run();
      expect(transport.callsOf('download')).toEqual(['download b', 'download c', 'download a']);
    });

    it('fetches nothing that is the same by size and second, and what is not', async () => {
      for (const name of ['same', 'older', 'shorter']) transport.tree.putFile(name, 'content', NOON);
      write('same', 'CONTENT', NOON + 999);
      write('older', 'CONTENT', NOON - 60_000);
      write('shorter', 'x');
      await run();
      expect([...transport.callsOf('download')].sort()).toEqual(['download older', 'download shorter']);
      expect((await run()).filesSent).toBe(0);
      expect(read('same')).toBe('CONTENT');
    });

    it('fetches a file of which nobody tells the time', async () => {
      transport.tree.putFile('file', 'content');
      write('file', 'CONTENT');
      await run();
      expect(read('file')).toBe('content');
    });

    it('removes nothing unless told, and then what the site does not have', async () => {
      transport.tree.putFile('kept', 'x', NOON);
      write('kept', 'x');
      write('gone', 'x');
      write('d/e/gone', 'x');
      await run();
      expect(existsSync(join(near, 'd/e/gone'))).toBeTrue();
      const summary = await run({ deletes: true });
      expect([summary.filesRemoved, summary.foldersRemoved]).toEqual([2, 2]);
      expect([existsSync(join(near, 'kept')), existsSync(join(near, 'gone')), existsSync(join(near, 'd'))]).toEqual([
        true,
        false,
        false,
      ]);
    });

    it('leaves alone what a filter leaves out, or what lies too deep, on both sides', async () => {
      transport.tree.putFile('b.log', 'x', NOON);
      transport.tree.putFile('a/b/c', 'x', NOON);
      write('a.log', 'x');
      write('a/b/gone', 'x');
      write('gone', 'x');
      const filter = makeFilter({ patterns: parsePatterns('*.log', 'spec') });
      await run({ deletes: true, filter, maxDepth: 2 });
      expect([existsSync(join(near, 'a.log')), existsSync(join(near, 'a/b/gone'))]).toEqual([true, true]);
      expect([existsSync(join(near, 'b.log')), existsSync(join(near, 'gone'))]).toEqual([false, false]);
    });

    for (const dryRun of [true, false]) {
      it(`leaves a folder in which something is left out${dryRun ? ', in a dry run as well' : ''}`, async () => {
        transport.tree.putFile('kept', 'x', NOON);
        for (const path of ['d/a.log', 'd/gone', 'e/f/a.log', 'g/gone']) write(path, 'x');
        symlinkSync('nowhere', join(near, 'g/link'));
        const filter = makeFilter({ patterns: parsePatterns('*.log', 'spec') });
        const { filesRemoved, foldersRemoved } = await run({ deletes: true, filter, dryRun });
        expect([filesRemoved, foldersRemoved]).toEqual([2, 0]);
        expect(problems()).toEqual([]);
      });
    }

    it('only tells what it would do in a dry run', async () => {
      transport.tree.putFile('d/file', 'content', NOON);
      expect((await run({ dryRun: true })).filesSent).toBe(1);
      expect(logger.lines).toEqual(['info Dry run : Create folder d', 'info Dry run : Fetch file d/file (7 B)']);
      expect(existsSync(near)).toBeFalse();
      write('gone', 'x');
      await run({ dryRun: true, deletes: true });
      expect(existsSync(join(near, 'gone'))).toBeTrue();
    });

    it('leaves, and says so, a folder in which something was made meanwhile, and a file that was changed', async () => {
      transport.tree.putFile('new', 'x', NOON);
      write('d/old', 'x');
      write('changed', 'x');
      const onPlan = () => {
        write('d/mine', 'x');
        write('changed', 'something else');
      };
      const { failed, filesRemoved } = await run({ deletes: true, onPlan });
      expect([failed, filesRemoved]).toEqual([0, 1]);
      expect([read('d/mine'), read('changed')]).toEqual(['x', 'something else']);
      expect(problems()).toEqual([
        jasmine.stringMatching(/^warn Remove file changed put off : .* has changed since it was looked at$/),
        jasmine.stringMatching(/^warn Remove folder d put off : .* holds other entries$/),
      ]);
    });

    it('removes nothing when the site is empty all of a sudden, unless that is meant', async () => {
      write('file', 'x');
      expect(await refused(run({ deletes: true }))).toBe('E_GUARD_EMPTY');
      expect(existsSync(join(near, 'file'))).toBeTrue();
      await run({ deletes: true, guards: { maxDelete: DEFAULT_DELETE_LIMIT, allowEmpty: true } });
      expect(existsSync(join(near, 'file'))).toBeFalse();
    });

    it('removes no more than it may, and changes nothing then', async () => {
      transport.tree.putFile('new', 'x', NOON);
      for (let index = 0; index < 30; index += 1) write(`f${index}`, 'x');
      expect(await refused(run({ deletes: true }))).toBe('E_GUARD_DELETES');
      expect(existsSync(join(near, 'new'))).toBeFalse();
      const guards = { maxDelete: { unit: 'entries', most: 30 }, allowEmpty: false } as const;
      expect((await run({ deletes: true, guards })).filesRemoved).toBe(30);
    });

    it('removes nothing where not all of the site could be seen: a closed folder, or lines nobody can read', async () => {
      transport.tree.putFile('d/file', 'x', NOON);
      write('d/mine', 'x');
      write('gone', 'x');
      transport.fail = ({ kind, path }) => (kind === 'survey' && path === 'd' ? 'E_REFUSED' : undefined);
      expect((await run({ deletes: true })).putOff).toBe(1);
      transport.fail = () => undefined;
      transport.unreadable.set('', 2);
      expect((await run({ deletes: true })).putOff).toBe(2);
      expect([existsSync(join(near, 'gone')), existsSync(join(near, 'd/mine'))]).toEqual([true, true]);
    });

    it('makes no room either where not all of the site could be seen', async () => {
      transport.tree.putFile('a', 'x', NOON);
      transport.tree.putFile('closed/file', 'x', NOON);
      for (let index = 0; index < 30; index += 1) write(`a/f${index}`, 'x');
      transport.fail = ({ kind, path }) => (kind === 'survey' && path === 'closed' ? 'E_REFUSED' : undefined);
      const summary = await run({ deletes: true });
      expect([summary.failed, summary.putOff, summary.filesRemoved]).toEqual([1, 30, 0]);
      expect(read('a/f29')).toBe('x');
      expect(problems()).toContain('warn Removals put off : 30, to a run without errors');
    });

    it('is not complete when lines of a listing could not be read', async () => {
      transport.tree.putFile('d/file', 'x', NOON);
      transport.unreadable.set('d', 2);
      const summary = await run();
      expect([summary.filesSent, summary.unreadable, isComplete(summary)]).toEqual([1, 1, false]);
      expect(problems()).toEqual([
        'warn Left out : d, the site does not show all of it (2 lines of its listing cannot be read)',
      ]);
    });

    it('is not complete when the site has a name that cannot be kept here', async () => {
      transport.tree.putFile('con\u0000', 'x', NOON);
      const summary = await run();
      expect([summary.failed, summary.leftOut, isComplete(summary)]).toEqual([1, 1, false]);
    });

    it('makes no near folder for a site that cannot be listed', async () => {
      transport.fail = ({ kind }) => (kind === 'survey' ? 'E_MISSING' : undefined);
      expect(await refused(run())).toBe('E_MISSING');
      expect(existsSync(near)).toBeFalse();
    });

    it('makes the near folder also when there is nothing to put into it', async () => {
      await run();
      expect(existsSync(near)).toBeTrue();
      write('file', 'x');
      expect(await refused(run({ localRoot: join(near, 'file') }))).toBe('E_ROOT_NOT_A_FOLDER');
      expect(await refused(run({ localRoot: join(near, 'file/below') }))).toBe('E_ROOT_UNREADABLE');
    });

    it('fails as a whole when a listing breaks off for good', async () => {
      transport.tree.putFile('d/file', 'x', NOON);
      write('gone', 'x');
      transport.fail = ({ kind, path }) => (kind === 'survey' && path === 'd' ? 'E_TRUNCATED' : undefined);
      expect(await refused(run({ deletes: true }))).toBe('E_TRUNCATED');
      expect(existsSync(join(near, 'gone'))).toBeTrue();
    });

    it('removes nothing when a file could not be fetched, and goes on with the others', async () => {
      transport.tree.putFile('bad', 'x', NOON);
      transport.tree.putFile('good', 'x', NOON);
      write('gone', 'x');
      transport.fail = ({ kind, path }) => (kind === 'download' && path === 'bad' ? 'E_REFUSED' : undefined);
      const { failed, filesSent, putOff } = await run({ deletes: true });
      expect([failed, filesSent, putOff]).toEqual([1, 1, 1]);
      expect(problems()).toContain('error Fetch file bad (1 B) failed : download bad is made to fail');
    });

    it('counts a file that changes again and again as changed, not as failed', async () => {
      transport.tree.putFile('file', 'x', NOON);
      transport.fail = ({ kind }) => (kind === 'download' ? 'E_CHANGED' : undefined);
      const { failed, changedMeanwhile } = await run();
      expect([failed, changedMeanwhile]).toEqual([0, 1]);
    });

    it('puts a folder in the place of a file, and the other way round, only when it may remove', async () => {
      transport.tree.putFile('a/file', 'x', NOON);
      transport.tree.putFile('b', 'x', NOON);
      write('a', 'old');
      write('b/old', 'old');
      expect((await run()).failed).toBe(3);
      expect([read('a'), read('b/old')]).toEqual(['old', 'old']);
      expect((await run({ deletes: true })).failed).toBe(0);
      expect([read('a/file'), read('b')]).toEqual(['x', 'x']);
    });

    it('threat 44: goes through no link that lies in its way', async () => {
      mkdirSync(join(folder, 'outside'));
      mkdirSync(near);
      symlinkSync(join(folder, 'outside'), join(near, 'd'));
      transport.tree.putFile('d/file', 'x', NOON);
      const summary = await run({ deletes: true });
      expect(summary.failed).toBe(2);
      expect(existsSync(join(folder, 'outside/file'))).toBeFalse();
    });

    it('has no eye for what fetches have left that broke off', async () => {
      transport.tree.putFile('kept', 'x', NOON);
      const part = '.filesmirror-0123456789abcdef-0123456789abcdef.part';
      write(part, 'x');
      await run({ deletes: true });
      expect(existsSync(join(near, part))).toBeTrue();
    });

    it('ends in order when it is stopped', async () => {
      transport.tree.putFile('a', 'x', NOON);
      transport.tree.putFile('d/b', 'x', NOON);
      const controller = new AbortController();
      transport.holds = ({ kind }) => kind === 'download';
      const ended = run({ signal: controller.signal, onPlan: () => controller.abort() });
      expect((await ended).notBegun).toBe(3);
    });
  });

  describe('push', () => {
    it('sends what differs, and removes only when told', async () => {
      write('same', 'content', NOON);
      transport.tree.putFile('same', 'CONTENT', NOON);
      transport.tree.putFile('gone', 'x', NOON);
      write('d/new', 'new');
      await run({ direction: 'push' });
      expect(transport.tree.all()).toEqual({ same: 'CONTENT', gone: 'x', d: null, 'd/new': 'new' });
      await run({ direction: 'push', deletes: true });
      expect(transport.tree.all()).toEqual({ same: 'CONTENT', d: null, 'd/new': 'new' });
    });

    for (const dryRun of [true, false]) {
      it(`leaves a folder in which something is left out${dryRun ? ', in a dry run as well' : ''}`, async () => {
        write('kept', 'x');
        for (const path of ['d/a.log', 'd/gone', 'e/f/a.log']) transport.tree.putFile(path, 'x', NOON);
        const others = 'g/.filesmirror-fedcba9876543210-0123456789abcdef.part';
        transport.tree.putFile(others, 'half', NOON);
        const filter = makeFilter({ patterns: parsePatterns('*.log', 'spec') });
        const { filesRemoved, foldersRemoved } = await run({ direction: 'push', deletes: true, filter, dryRun });
        expect([filesRemoved, foldersRemoved]).toEqual([1, 0]);
        expect(problems()).toEqual([]);
      });
    }

    it('takes a newer file of the same size for the same where the site keeps no times', async () => {
      transport = new MemoryTransport({ keepsTimes: false, nowMs: NOON + 60_000 });
      await transport.connect();
      write('file', 'content', NOON);
      expect((await run({ direction: 'push' })).filesSent).toBe(1);
      expect((await run({ direction: 'push' })).filesSent).toBe(0);
    });

    it('removes nothing when the near folder is empty all of a sudden', async () => {
      mkdirSync(near);
      transport.tree.putFile('file', 'x', NOON);
      expect(await refused(run({ direction: 'push', deletes: true }))).toBe('E_GUARD_EMPTY');
      expect(transport.tree.all()).toEqual({ file: 'x' });
    });

    it('tells in a dry run what it would send to a folder that is not there yet', async () => {
      transport = new MemoryTransport({ rootMissing: true, makesRoot: false });
      await transport.connect();
      write('d/new', 'new');
      const { filesSent, foldersMade } = await run({ direction: 'push', dryRun: true });
      expect([filesSent, foldersMade]).toEqual([1, 1]);
      expect(await refused(run({ direction: 'push' }))).toBe('E_MISSING');
      expect(await refused(run({ dryRun: true }))).toBe('E_MISSING');
    });

    it('says that there is no near folder', async () => {
      expect(await refused(run({ direction: 'push' }))).toBe('E_ROOT_MISSING');
    });
  });
});
