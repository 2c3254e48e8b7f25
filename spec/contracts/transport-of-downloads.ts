import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../lib/base/coded-error.ts';
import { refusalOf } from '../support/transport-probe.ts';
import { TIME, type TransportRig } from './transport-rig.ts';

const MIB = 1024 * 1024;

/** Content of which no two pieces are the same. */
function bytesOf(length: number): Buffer {
  const content = Buffer.alloc(length);
  for (let at = 0; at < length; at += 4096) createHash('sha256').update(`${at}`).digest().copy(content, at);
  return content;
}

/** The part of the contract about `download` and `survey`. */
export function itDownloads(rig: TransportRig): void {
  let targets = 0;
  let here: string;

  beforeEach(() => {
    targets += 1;
    here = join(rig.near(), `target-${targets}`);
    mkdirSync(here);
  });

  /** A file on the site, made behind the transport's back. */
  function put(path: string, content: string | Buffer, mtimeMs = TIME): void {
    writeFileSync(join(rig.far, path), content);
    utimesSync(join(rig.far, path), mtimeMs / 1000, mtimeMs / 1000);
  }

  const fetch = (path: string, name = 'file') => rig.transport.download({ path, target: join(here, name) });

  describe('download', () => {
    it('brings content, size and time, and tells them', async () => {
      put('a b', 'content');
      expect(await fetch('a b')).toEqual({ size: 7, mtimeMs: TIME });
      expect(readFileSync(join(here, 'file'), 'utf8')).toBe('content');
      expect(statSync(join(here, 'file')).mtimeMs).toBe(TIME);
      expect(statSync(join(here, 'file')).mode & 0o777).toBe(0o666 & ~process.umask());
      expect(readdirSync(here)).toEqual(['file']);
    });

    it('brings an empty file', async () => {
      put('empty', '');
      expect(await fetch('empty')).toEqual({ size: 0, mtimeMs: TIME });
      expect(statSync(join(here, 'file')).size).toBe(0);
    });

    it('brings what a listing told of without asking for it before', async () => {
      put('file', 'content');
      const known = { path: 'file', target: join(here, 'file'), size: 7, mtimeMs: TIME };
      expect(await rig.transport.download(known)).toEqual({ size: 7, mtimeMs: TIME });
      expect(readFileSync(join(here, 'file'), 'utf8')).toBe('content');
    });

    it('brings 3 MiB of any bytes, and tells of one job', async () => {
      const content = bytesOf(3 * MIB);
      put('large', content);
      await fetch('large');
      expect(readFileSync(join(here, 'file')).equals(content)).toBeTrue();
      expect(rig.heard.starts.map(({ kind, path }) => [kind, path])).toEqual([['download', 'large']]);
      expect(rig.heard.ends.map(({ bytes, error }) => [bytes, error])).toEqual([[content.length, undefined]]);
      expect(rig.heard.progress.at(-1)?.bytes).toBe(content.length);
    });

    it('takes the place of a longer file', async () => {
      writeFileSync(join(here, 'file'), 'the long old content');
      put('file', 'new');
      await fetch('file');
      expect(readFileSync(join(here, 'file'), 'utf8')).toBe('new');
      expect(readdirSync(here)).toEqual(['file']);
    });

    it('leaves the old file where there is none on the site, and nothing beside it', async () => {
      writeFileSync(join(here, 'file'), 'old');
      expect((await refusalOf(fetch('none'))).code).toBe('E_REFUSED');
      expect(readFileSync(join(here, 'file'), 'utf8')).toBe('old');
      expect(readdirSync(here)).toEqual(['file']);
    });

    it('writes neither through a link nor over a folder, and says what is there', async () => {
      put('file', 'new');
      writeFileSync(join(here, 'elsewhere'), 'untouched');
      symlinkSync(join(here, 'elsewhere'), join(here, 'link'));
      mkdirSync(join(here, 'folder'));
      expect((await refusalOf(fetch('file', 'link'))).code).toBe('E_TARGET');
      expect((await refusalOf(fetch('file', 'folder'))).code).toBe('E_TARGET');
      expect((await refusalOf(fetch('file', 'none/file'))).code).toBe('E_TARGET');
      expect(readFileSync(join(here, 'elsewhere'), 'utf8')).toBe('untouched');
      expect(existsSync(join(here, 'none'))).toBeFalse();
    });

    it('brings many files that a listing told of, and asks for each that is not what was told', async () => {
      const names = Array.from({ length: 30 }, (_, index) => `f${index}`);
      for (const name of names) put(name, `content of ${name}`);
      put('f7', 'another content');
      put('f9', 'content of f9', TIME + 60_000);
      const told = (name: string) => ({ size: `content of ${name}`.length, mtimeMs: TIME });
      const results = await Promise.allSettled(
        names.map((name) => rig.transport.download({ path: name, target: join(here, name), ...told(name) })),
      );
      // It may be told as changed where the rules give it one try only; who asks again gets what is there by then.
      const reasons = results.flatMap((result) => (result.status === 'rejected' ? [codeOf(result.reason)] : []));
      expect(new Set(['E_CHANGED', ...reasons])).toEqual(new Set(['E_CHANGED']));
      expect(reasons.length).toBeLessThanOrEqual(2);
      await Promise.all(names.map((name) => fetch(name, name)));
      expect(names.map((name) => readFileSync(join(here, name), 'utf8'))).toEqual(
        names.map((name) => (name === 'f7' ? 'another content' : `content of ${name}`)),
      );
      expect(statSync(join(here, 'f9')).mtimeMs).toBe(TIME + 60_000);
      expect(readdirSync(here).sort()).toEqual([...names].sort());
    });

    it('brings many files side by side', async () => {
      const names = Array.from({ length: 30 }, (_, index) => `f${index}`);
      for (const name of names) put(name, `content of ${name}`);
      await Promise.all(names.map((name) => fetch(name, name)));
      expect(names.map((name) => readFileSync(join(here, name), 'utf8'))).toEqual(
        names.map((name) => `content of ${name}`),
      );
    });
  });

  describe('survey', () => {
    it('tells all that is in a folder, and that this is all', async () => {
      put('file', 'content');
      mkdirSync(join(rig.far, 'folder'));
      const { entries, unreadable } = await rig.transport.survey('');
      expect(unreadable).toBe(0);
      expect(entries.map(({ name, kind, size }) => `${name} ${kind} ${size}`).sort()).toEqual([
        'file file 7',
        'folder directory 0',
      ]);
      expect(entries.find(({ name }) => name === 'file')?.mtimeMs).toBe(TIME);
    });

    it('refuses a folder that is not there with E_MISSING', async () => {
      expect((await refusalOf(rig.transport.survey('none'))).code).toBe('E_MISSING');
    });
  });
}
