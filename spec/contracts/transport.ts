import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusalOf } from '../support/transport-probe.ts';
import { itDownloads } from './transport-of-downloads.ts';
import { itCarriesNames, itUploads } from './transport-of-files.ts';
import { type Opened, ownRig, sharedRig, TIME } from './transport-rig.ts';

/** What a server behind a transport is known not to do. */
export interface Shortcomings {
  /** What is particular to names that the server takes for something else or does not take, as {@link itCarriesNames} has it. */
  readonly refuses?: readonly string[];
}

/**
 * The promises of lib/transfer/transport.ts, made true by whoever is one: call it within a `describe`.
 *
 * All specs but those of `disconnect` use one transport, for starting children is most of their time.
 */
export function itKeepsThePromisesOfATransport(open: () => Promise<Opened>, { refuses = [] }: Shortcomings = {}): void {
  describe('connected', () => {
    const rig = sharedRig(open);

    itUploads(rig);
    itDownloads(rig);
    itCarriesNames(rig, refuses);

    describe('mkdir', () => {
      it('makes a folder', async () => {
        await rig.transport.mkdir('a');
        await rig.transport.mkdir('a/b');
        expect(statSync(join(rig.far, 'a/b')).isDirectory()).toBeTrue();
      });

      it('succeeds when the folder is there, and leaves what is in it', async () => {
        await rig.transport.mkdir('a');
        await rig.transport.upload({ path: 'a/file', ...rig.source('x') });
        await rig.transport.mkdir('a');
        expect(rig.read('a/file')).toBe('x');
      });

      it('fails when its parent is missing', async () => {
        expect((await refusalOf(rig.transport.mkdir('no/a'))).code).toBe('E_REFUSED');
        expect(readdirSync(rig.far)).toEqual([]);
      });

      it('fails when a file is in its place, and leaves the file', async () => {
        await rig.transport.upload({ path: 'a', ...rig.source('x') });
        expect((await refusalOf(rig.transport.mkdir('a'))).code).toBe('E_REFUSED');
        expect(rig.read('a')).toBe('x');
      });
    });

    describe('rmdir', () => {
      it('removes an empty folder', async () => {
        await rig.transport.mkdir('a');
        await rig.transport.rmdir('a');
        expect(readdirSync(rig.far)).toEqual([]);
      });

      it('succeeds when there is no such folder, nor its parent', async () => {
        await rig.transport.rmdir('a');
        await expectAsync(rig.transport.rmdir('no/a')).toBeResolved();
      });

      it('refuses a folder that holds entries with E_NOT_EMPTY, and leaves them', async () => {
        await rig.transport.mkdir('a');
        await rig.transport.upload({ path: 'a/.hidden', ...rig.source('x') });
        const error = await refusalOf(rig.transport.rmdir('a'));
        expect([error.code, error.retry]).toEqual(['E_NOT_EMPTY', false]);
        expect(rig.read('a/.hidden')).toBe('x');
      });

      it('takes along what this mirror began to send into it and never finished', async () => {
        await rig.transport.mkdir('a');
        writeFileSync(join(rig.far, rig.transport.temporaryOf({ path: 'a/f', size: 1, mtimeMs: TIME })), 'x');
        await rig.transport.rmdir('a');
        expect(readdirSync(rig.far)).toEqual([]);
      });

      it('leaves a file of that name', async () => {
        await rig.transport.upload({ path: 'a', ...rig.source('x') });
        await rig.transport.rmdir('a').catch(() => undefined);
        expect(rig.read('a')).toBe('x');
      });
    });

    describe('remove', () => {
      it('removes a file', async () => {
        await rig.transport.upload({ path: 'a', ...rig.source('x') });
        await rig.transport.remove('a');
        expect(readdirSync(rig.far)).toEqual([]);
      });

      it('succeeds when there is no such file, nor its folder', async () => {
        await rig.transport.remove('a');
        await expectAsync(rig.transport.remove('no/a')).toBeResolved();
      });

      it('leaves a folder of that name and says so', async () => {
        await rig.transport.mkdir('a');
        expect((await refusalOf(rig.transport.remove('a'))).code).toBe('E_REFUSED');
        expect(readdirSync(rig.far)).toEqual(['a']);
      });
    });

    describe('remove of what is known', () => {
      const known = { size: 7, mtimeMs: TIME + 999 };
      const put = (path: string, content: string, mtimeMs = TIME) => {
        writeFileSync(join(rig.far, path), content);
        utimesSync(join(rig.far, path), mtimeMs / 1000, mtimeMs / 1000);
      };

      it('removes a file that is still what was sent, to the second', async () => {
        const sent = await rig.transport.upload({ path: 'a', ...rig.source('content', TIME + 345) });
        await rig.transport.remove('a', sent);
        put('b', 'content');
        await rig.transport.remove('b', known);
        expect(readdirSync(rig.far)).toEqual([]);
      });

      it('succeeds when there is no such file, nor its folder', async () => {
        await rig.transport.remove('a', known);
        await expectAsync(rig.transport.remove('no/a', known)).toBeResolved();
      });

      it('refuses a file of another size or time, or a folder, with E_OTHER_CONTENT, and leaves them', async () => {
        put('size', 'contents');
        put('time', 'content', TIME + 1000);
        put('older', 'content', TIME - 1000);
        await rig.transport.mkdir('folder');
        for (const path of ['size', 'time', 'older', 'folder']) {
          const error = await refusalOf(rig.transport.remove(path, known));
          expect([path, error.code, error.retry]).toEqual([path, 'E_OTHER_CONTENT', false]);
        }
        expect(readdirSync(rig.far).sort()).toEqual(['folder', 'older', 'size', 'time']);
        expect(statSync(join(rig.far, 'time')).mtimeMs).toBe(TIME + 1000);
      });
    });

    describe('list', () => {
      it('tells kinds, sizes and times, of hidden files too', async () => {
        await rig.transport.upload({ path: 'one', ...rig.source('1') });
        await rig.transport.upload({ path: '.two', ...rig.source('22', TIME + 1000) });
        await rig.transport.mkdir('folder');
        const entries = [...(await rig.transport.list(''))].sort((a, b) => (a.name < b.name ? -1 : 1));
        expect(entries.filter(({ kind }) => kind === 'file')).toEqual([
          { name: '.two', kind: 'file', size: 2, mtimeMs: TIME + 1000 },
          { name: 'one', kind: 'file', size: 1, mtimeMs: TIME },
        ]);
        expect(entries.at(1)).toEqual(jasmine.objectContaining({ name: 'folder', kind: 'directory', size: 0 }));
        expect(entries.length).toBe(3);
      });

      it('tells the temporary files of this mirror from those of others, and from folders', async () => {
        const [mine, other] = ['f', 'g'].map((path) => rig.transport.temporaryOf({ path, size: 1, mtimeMs: TIME }));
        const stranger = `${mine}`.replace(/-[0-9a-f]+-/, '-fedcba9876543210-');
        for (const name of [`${mine}`, stranger, '.in.file.', 'file.part']) writeFileSync(join(rig.far, name), 'xy');
        await rig.transport.mkdir(`${other}`);
        const entries = await rig.transport.list('');
        expect(entries.filter(({ kind }) => kind === 'temporary').map(({ name, size }) => [name, size])).toEqual([
          [`${mine}`, 2],
        ]);
        expect(entries.filter(({ kind }) => kind === 'file').length).toBe(3);
        expect(entries.filter(({ isBeingSent }) => isBeingSent).map(({ name }) => name)).toEqual([stranger]);
        await rig.transport.remove(`${mine}`);
        expect((await rig.transport.list('')).filter(({ kind }) => kind === 'temporary')).toEqual([]);
      });

      it('is empty for an empty folder', async () => {
        await rig.transport.mkdir('a');
        expect(await rig.transport.list('a')).toEqual([]);
      });

      it('tells all of 300 files with their times', async () => {
        for (let index = 0; index < 300; index += 1) {
          writeFileSync(join(rig.far, `f${index}`), 'x');
          utimesSync(join(rig.far, `f${index}`), TIME / 1000 + index, TIME / 1000 + index);
        }
        const entries = await rig.transport.list('');
        const times = new Map(entries.map(({ name, mtimeMs }) => [name, mtimeMs]));
        expect([...Array(300).keys()].filter((index) => times.get(`f${index}`) !== TIME + index * 1000)).toEqual([]);
      });

      it('refuses a folder that is not there with E_MISSING', async () => {
        expect((await refusalOf(rig.transport.list('no'))).code).toBe('E_MISSING');
      });
    });

    it('tells that the far side keeps times, and changes nothing by asking', async () => {
      await rig.transport.upload({ path: 'file', ...rig.source('content') });
      expect(await rig.transport.keepsTimes('file', TIME)).toBeTrue();
      expect(statSync(join(rig.far, 'file')).mtimeMs).toBe(TIME);
      expect(rig.read('file')).toBe('content');
    });

    it('does many calls that are under way at once', async () => {
      await Promise.all([...Array(5).keys()].map((index) => rig.transport.mkdir(`d${index}`)));
      const uploads = [...Array(60).keys()].map((index) => ({
        path: `d${index % 5}/f${index}`,
        ...rig.source(`${index}`),
      }));
      const [listed] = await Promise.all([
        rig.transport.list(''),
        ...uploads.map((upload) => rig.transport.upload(upload)),
      ]);
      expect(listed.length).toBe(5);
      expect(uploads.filter(({ path }) => rig.read(path) !== path.split('f')[1])).toEqual([]);
    });

    describe('events', () => {
      it('are one start and one end for each job, with what it is about', async () => {
        await rig.transport.mkdir('a');
        await rig.transport.upload({ path: 'a/file', ...rig.source('content') });
        await rig.transport.remove('a/file');
        await rig.transport.rmdir('a');
        const jobs = rig.heard.starts.map(({ job }) => job);
        expect(new Set(jobs).size).toBe(4);
        expect(rig.heard.starts.map(({ kind, path, attempt }) => [kind, path, attempt])).toEqual([
          ['mkdir', 'a', 1],
          ['upload', 'a/file', 1],
          ['remove', 'a/file', 1],
          ['rmdir', 'a', 1],
        ]);
        expect(rig.heard.ends.map(({ job }) => job)).toEqual(jobs);
        expect(rig.heard.ends.map(({ bytes }) => bytes)).toEqual([0, 7, 0, 0]);
        for (const [index, { bytes, tookMs, ...begun }] of rig.heard.ends.entries()) {
          expect(begun).toEqual(rig.heard.starts.at(index) ?? begun);
          expect(begun.worker).toMatch(/^((thread )?[0-9]+(\/[0-9]+)?|connection [0-9]+)$/);
          expect(Math.abs(Date.now() - begun.at)).toBeLessThan(120_000);
          expect(tookMs).toBeGreaterThanOrEqual(0);
          expect(bytes).toBeGreaterThanOrEqual(0);
        }
      });

      it('tell why a job failed, as plain values', async () => {
        await rig.transport.mkdir('a');
        const error = await refusalOf(rig.transport.mkdir('no/b'));
        const [, end] = rig.heard.ends;
        expect(end?.error).toEqual({ code: error.code, message: error.message, retry: false, reply: error.reply ?? 0 });
        expect(JSON.parse(JSON.stringify(end))).toEqual(end);
      });

      it('are none for list and keepsTimes', async () => {
        writeFileSync(join(rig.far, 'file'), 'x');
        await rig.transport.list('');
        await rig.transport.keepsTimes('file', TIME);
        expect([...rig.heard.starts, ...rig.heard.ends]).toEqual([]);
      });

      it('are one pair for each of many jobs under way, failed ones included', async () => {
        await rig.transport.mkdir('a');
        rig.heard.starts.length = 0;
        rig.heard.ends.length = 0;
        const calls = [...Array(40).keys()].map((index) =>
          index % 4 === 0 ? rig.transport.mkdir(`no/${index}`) : rig.transport.mkdir(`a/${index}`),
        );
        await Promise.allSettled(calls);
        expect(new Set(rig.heard.starts.map(({ job }) => job)).size).toBe(40);
        expect(rig.heard.starts.length).toBe(40);
        expect(rig.heard.ends.map(({ job }) => job).sort()).toEqual(rig.heard.starts.map(({ job }) => job).sort());
        expect(rig.heard.ends.filter(({ error }) => error).length).toBe(10);
      });
    });
  });

  describe('disconnect', () => {
    const rig = ownRig(open);

    it('finishes what has begun, and may be called twice', async () => {
      const large = Buffer.alloc(2 * 1024 * 1024, 'x');
      const begun = new Promise((resolve) => rig.transport.events.once('start', resolve));
      const upload = rig.transport.upload({ path: 'file', ...rig.source(large) });
      await begun;
      await Promise.all([rig.transport.disconnect(), rig.transport.disconnect()]);
      expect(await upload).toEqual({ size: large.length, mtimeMs: TIME });
      expect(statSync(join(rig.far, 'file')).size).toBe(large.length);
      await rig.transport.disconnect();
    });

    it('makes every later call fail with E_CLOSED, without events', async () => {
      await rig.transport.disconnect();
      const calls = [
        rig.transport.connect(),
        rig.transport.mkdir('a'),
        rig.transport.rmdir('a'),
        rig.transport.remove('a'),
        rig.transport.upload({ path: 'a', ...rig.source('x') }),
        rig.transport.list(''),
        rig.transport.keepsTimes('a', TIME),
      ];
      const errors = await Promise.all(calls.map(refusalOf));
      expect(errors.map(({ code, retry }) => `${code} ${retry}`)).toEqual(Array(7).fill('E_CLOSED false'));
      expect([...rig.heard.starts, ...rig.heard.ends]).toEqual([]);
      expect(readdirSync(rig.far)).toEqual([]);
    });
  });
}
