import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../../lib/base/coded-error.ts';
import { LanePool } from '../../../lib/pool/lane-pool.ts';
import { ChunkList } from '../../../lib/share/chunks/chunk-list.ts';
import { Chunker } from '../../../lib/share/chunks/chunker.ts';
import { ContentReader } from '../../../lib/share/chunks/content-reader.ts';
import { ReadError } from '../../../lib/share/chunks/read-error.ts';
import type { ReadContent, ReadingPool } from '../../../lib/share/chunks/reading-jobs.ts';
import { openReadingPool } from '../../../lib/share/chunks/reading-pool.ts';
import { readingService } from '../../../lib/share/chunks/reading-service.ts';
import { idOfChunk } from '../../../lib/share/model/content-id.ts';
import { asPlainUser } from '../../support/plain-user.ts';
import { seededBytes } from '../../support/seeded-bytes.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MIB = 2 ** 20;

// A time in the past: the clock of the disk has gone on since.
const LONG_AGO = 1_600_000_000;

async function errorOf(reading: Promise<unknown>): Promise<ReadError> {
  const error = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ReadError) return error;
  throw new Error(`Not a ReadError: ${String(error)}`);
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, packed) => sum + new ChunkList(packed).size, 0);
}

for (const [kind, open] of [
  ['in threads', () => openReadingPool(2)],
  ['in lanes of this thread', () => new LanePool(readingService, 2)],
] as const) {
  describe(`ContentReader ${kind}`, () => {
    const folder = temporaryFolder();
    let pool: ReadingPool;
    let reader: ContentReader;

    beforeEach(() => {
      pool = open();
      reader = new ContentReader(pool);
    });

    afterEach(() => reader.close());

    function lay(name: string, bytes: Uint8Array | string): string {
      const path = join(folder(), name);
      writeFileSync(path, bytes);
      return path;
    }

    /** Of a file that was changed just now no two are the same. */
    async function restingStampOf(path: string): Promise<string> {
      let [before, { stamp }] = ['', await reader.read(path)];
      while (stamp !== before) [before, { stamp }] = [stamp, await reader.read(path)];
      return stamp;
    }

    for (const size of [0, 1, 64 * 1024, 64 * 1024 + 1, MIB, 3 * MIB + 7]) {
      it(`tells what a file of ${size} bytes is`, async () => {
        const bytes = seededBytes(size, size);
        const path = lay('file', bytes);
        chmodSync(path, 0o640);
        utimesSync(path, LONG_AGO, LONG_AGO + 0.9996);
        const chunker = new Chunker(size);
        chunker.write(bytes);
        const { content } = await reader.read(path);
        expect(content).toEqual({
          type: 'file',
          ...chunker.end(),
          mtimeMs: LONG_AGO * 1000 + 999,
          isExecutable: false,
        });
        expect(content.chunks === undefined).toBe(size <= 64 * 1024 + 1);
      });
    }

    it('rounds times down, also those before 1970', async () => {
      const path = lay('old', 'old');
      execFileSync('touch', ['-d', '1969-12-31 23:59:59.9985 UTC', path]);
      expect((await reader.read(path)).content.mtimeMs).toBe(-2);
    });

    it('takes a file for executable that its owner may execute', async () => {
      const path = lay('program', 'program');
      const seen: boolean[] = [];
      for (const mode of [0o700, 0o611]) {
        chmodSync(path, mode);
        seen.push((await reader.read(path)).content.isExecutable);
      }
      expect(seen).toEqual([true, false]);
    });

    it('tells the chunks of a large file as they are found', async () => {
      const told: Uint8Array[] = [];
      const { content } = await reader.read(lay('large', seededBytes(1, 8 * MIB)), { onChunks: (c) => told.push(c) });
      const packed = Buffer.concat(told);
      expect(packed.equals((content.chunks ?? new Uint8Array()).subarray(0, packed.length))).toBeTrue();
      expect(told.length).toBeGreaterThan(4);
      expect(8 * MIB - sizeOf(told)).toBeLessThan(1.5 * MIB);
    });

    it('tells a stamp that stays while the file rests, and is another when it was changed', async () => {
      const path = lay('file', 'content');
      const stamp = await restingStampOf(path);
      appendFileSync(path, 'more');
      expect(await restingStampOf(path)).not.toBe(stamp);
    });

    it('follows a link, whose stamp is another than that of the file', async () => {
      const path = lay('file', 'content');
      symlinkSync('file', join(folder(), 'link'));
      const [file, link] = await Promise.all([reader.read(path), reader.read(join(folder(), 'link'))]);
      expect(link.content).toEqual(file.content);
      const stamp = await restingStampOf(path);
      expect((await restingStampOf(join(folder(), 'link'))).startsWith(`${stamp}:`)).toBeTrue();
    });

    it('says that a file is not there any more, nor what a link leads to', async () => {
      symlinkSync('nowhere', join(folder(), 'link'));
      lay('file', 'no folder');
      for (const name of ['missing', 'link', 'file/below']) {
        const { code, retry } = await errorOf(reader.read(join(folder(), name)));
        expect([code, retry]).toEqual(['E_VANISHED', false]);
      }
    });

    it('says that something else than a file cannot be read, and does not wait for a pipe', async () => {
      mkdirSync(join(folder(), 'folder'));
      execFileSync('mkfifo', [join(folder(), 'pipe')]);
      symlinkSync('circle', join(folder(), 'circle'));
      for (const [name, why] of [
        ['folder', 'it is no file'],
        ['pipe', 'it is no file'],
        ['circle', 'its links lead in a circle'],
      ] as const) {
        const path = join(folder(), name);
        const { code, message } = await errorOf(reader.read(path));
        expect([code, message]).toEqual(['E_UNREADABLE', `${path} cannot be read: ${why}`]);
      }
    });

    it('reads many small files in one go, and tells of each what became of it', async () => {
      const paths = Array.from({ length: 300 }, (_, n) => (n % 100 === 7 ? join(folder(), 'no') : lay(`${n}`, `${n}`)));
      const early: unknown[] = [];
      const outcomes = await reader.readMany(paths, (some, first) => {
        for (const [index, one] of some.entries()) early[first + index] = one;
      });
      expect(early).toEqual([...outcomes]);
      const told = outcomes.map((one) => (one instanceof ReadError ? one.code : one.content.id));
      expect(told).toEqual(paths.map((_, n) => (n % 100 === 7 ? 'E_VANISHED' : idOfChunk(Buffer.from(`${n}`)))));
      expect(await reader.readMany([])).toEqual([]);
    });

    it('reads small files while a large one is being read', async () => {
      const path = lay('large', '');
      truncateSync(path, 64 * MIB);
      const order: string[] = [];
      const large = reader.read(path, {
        onChunks: () => {
          if (order.length === 0) void reader.readMany([lay('small', 's')]).then(() => order.push('small'));
          order.push('chunks');
        },
      });
      await large;
      order.push('large');
      expect(order.indexOf('small')).toBeGreaterThan(0);
      expect(order.indexOf('small')).toBeLessThan(order.indexOf('large'));
    });
  });
}

describe('ContentReader', () => {
  const folder = temporaryFolder();

  /** A file of so many zeros, which takes no room. */
  function sparse(bytes: number): string {
    const path = join(folder(), 'sparse');
    writeFileSync(path, '');
    truncateSync(path, bytes);
    return path;
  }

  async function withLanes(act: (reader: ContentReader) => Promise<void>): Promise<void> {
    const reader = new ContentReader(new LanePool(readingService, 2));
    try {
      await act(reader);
    } finally {
      await reader.close();
    }
  }

  for (const [what, change] of [
    ['longer', (path: string) => appendFileSync(path, 'more')],
    ['shorter', (path: string) => truncateSync(path, MIB)],
    ['newer', (path: string) => utimesSync(path, 1, 1)],
  ] as const) {
    it(`says that a file was changed that became ${what} while it was read`, () =>
      withLanes(async (reader) => {
        const path = sparse(8 * MIB);
        let isChanged = false;
        const onChunks = () => {
          if (!isChanged) change(path);
          isChanged = true;
        };
        const { code, retry, message } = await errorOf(reader.read(path, { onChunks }));
        expect([code, retry, message]).toEqual(['E_CHANGED', true, `${path} was changed while it was read`]);
      }));
  }

  it('does not read a file to its end that was changed near its beginning', () =>
    withLanes(async (reader) => {
      const path = sparse(200 * MIB);
      const told: Uint8Array[] = [];
      const onChunks = (packed: Uint8Array) => {
        if (told.length === 0) appendFileSync(path, 'more');
        told.push(packed);
      };
      expect((await errorOf(reader.read(path, { onChunks }))).code).toBe('E_CHANGED');
      expect(sizeOf(told)).toBeLessThan(65 * MIB);
    }));

  it('says why a file cannot be read that nobody gave the right to read', () =>
    withLanes(async (reader) => {
      const path = sparse(1);
      chmodSync(path, 0);
      chmodSync(folder(), 0o755);
      const { code, message } = await asPlainUser(() => errorOf(reader.read(path)));
      expect([code, message]).toEqual(['E_UNREADABLE', `${path} cannot be read: there is no permission`]);
    }));

  it('loses the files of a thread that ends, says that they may be read again, and reads them in another', async () => {
    const pool = openReadingPool(1);
    const reader = new ContentReader(pool);
    try {
      const path = sparse(512 * MIB);
      let isEnded = false;
      const onChunks = () => {
        if (!isEnded) pool.abandon(0);
        isEnded = true;
      };
      const { code, retry } = await errorOf(reader.read(path, { onChunks }));
      expect([code, retry]).toEqual(['E_UNREADABLE', true]);
      truncateSync(path, 10);
      expect((await reader.read(path)).content.size).toBe(10);
      expect((await reader.readMany([path])) as readonly ReadContent[]).toHaveSize(1);
    } finally {
      await reader.close();
    }
  });

  it('breaks off what it reads when it is closed, and reads nothing after that', async () => {
    const reader = new ContentReader(openReadingPool(1));
    const path = sparse(2 ** 40);
    const begun = new Promise<void>((resolve) => {
      const reading = errorOf(reader.read(path, { onChunks: () => resolve() }));
      void reading.then(({ code }) => expect(code).toBe('E_UNREADABLE'));
    });
    await begun;
    await reader.close();
    await reader.close();
    expect(codeOf(await reader.read(path).catch((error: unknown) => error))).toBe('E_CLOSED');
    expect(codeOf(await reader.readMany([path]).catch((error: unknown) => error))).toBe('E_CLOSED');
  });

  it('breaks off in lanes of this thread as well', () =>
    withLanes(async (reader) => {
      const path = sparse(2 ** 40);
      const error = errorOf(reader.read(path, { onChunks: () => void reader.close() }));
      expect((await error).code).toBe('E_UNREADABLE');
    }));
});
