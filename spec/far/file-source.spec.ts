import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { FileSource } from '../../lib/far/file-source.ts';
import { makeFilter } from '../../lib/files/filter.ts';
import { scan } from '../../lib/files/scan.ts';
import { TransferError } from '../../lib/transfer/transfer-error.ts';
import type { Script } from '../support/scripted-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { refusalOf } from '../support/transport-probe.ts';
import { OLD, type Talk, talks } from './talk-rig.ts';

const SMALL = 1000;
const LARGE = 3 * 1024 * 1024;

/** What may befall a source. */
const changes: readonly (readonly [string, (path: string) => void])[] = [
  ['grows', (path) => appendFileSync(path, 'more')],
  ['shrinks', (path) => truncateSync(path, 10)],
  ['is emptied', (path) => truncateSync(path, 0)],
  ['is touched', (path) => utimesSync(path, 1_700_000_000, 1_700_000_000)],
  [
    'is written again, its time set back',
    (path) => {
      const { size, mtime, atime } = statSync(path);
      writeFileSync(path, Buffer.alloc(size, 'm'));
      utimesSync(path, atime, mtime);
    },
  ],
  [
    'is replaced by one of the same size and time',
    (path) => {
      const { size, mtime, atime } = statSync(path);
      writeFileSync(`${path}.new`, Buffer.alloc(size, 'm'));
      utimesSync(`${path}.new`, atime, mtime);
      renameSync(`${path}.new`, path);
    },
  ],
  ['is removed', (path) => rmSync(path)],
  ['is moved away with its folder', (path) => renameSync(dirname(path), `${dirname(path)}-moved`)],
];

describe('a source that changes while it is sent', () => {
  const start = talks();

  /** Do something to the source when its content has begun to travel, and look what became of the far file. */
  async function sendAnd(size: number, change: (path: string) => void): Promise<Talk> {
    let path = '';
    const script: Script = {
      STOR: async ({ ordinary }) => {
        change(path);
        return ordinary();
      },
    };
    const talk = await start({ script });
    talk.server.files.set('/file', Buffer.from(OLD));
    const upload = talk.source(Buffer.alloc(size, 'n'));
    path = upload.source;
    const error = await refusalOf(talk.talk.upload(upload));
    expect([error.code, error.retry]).toEqual(['E_CHANGED', false]);
    return talk;
  }

  for (const [what, change] of changes) {
    for (const [length, size] of [
      ['short', SMALL],
      ['long', LARGE],
    ] as const) {
      it(`and ${what} leaves the old far file alone (${length})`, async () => {
        let moved = '';
        const { server } = await sendAnd(size, (path) => {
          moved = `${dirname(path)}-moved`;
          change(path);
        });
        rmSync(moved, { recursive: true, force: true });
        expect([...server.files].map(([path, content]) => [path, content.toString()])).toEqual([['/file', OLD]]);
        expect(server.verbs).not.toContain('RNTO');
      });
    }
  }
});

describe('FileSource', () => {
  const folder = temporaryFolder();

  function failureOf(work: () => unknown): TransferError {
    try {
      work();
    } catch (error) {
      if (error instanceof TransferError) return error;
      throw error;
    }
    throw new Error('it did not fail');
  }

  function place(name: string): string {
    return join(folder(), name);
  }

  it('refuses with E_CHANGED what was removed before, or whose folder became a file', () => {
    writeFileSync(place('file'), '');
    expect(failureOf(() => new FileSource(place('gone'))).code).toBe('E_CHANGED');
    expect(failureOf(() => new FileSource(place('file/gone'))).code).toBe('E_CHANGED');
  });

  it('refuses with E_CHANGED a folder or a named pipe in its place, without waiting', () => {
    mkdirSync(place('folder'));
    execFileSync('mkfifo', [place('pipe')]);
    expect(failureOf(() => new FileSource(place('folder'))).code).toBe('E_CHANGED');
    expect(failureOf(() => new FileSource(place('pipe'))).code).toBe('E_CHANGED');
  });

  it('refuses with E_SOURCE what cannot be opened', () => {
    symlinkSync(place('loop'), place('loop'));
    const loop = failureOf(() => new FileSource(place('loop')));
    expect([loop.code, loop.message, loop.retry]).toEqual(['E_SOURCE', `Cannot read ${place('loop')}: ELOOP`, false]);
    expect(failureOf(() => new FileSource(place('n'.repeat(300)))).message).toContain('ENAMETOOLONG');
  });

  it('leaves no descriptor open when it refuses', () => {
    mkdirSync(place('folder'));
    const before = readdirSync('/proc/self/fd').length;
    for (let times = 0; times < 20; times += 1) failureOf(() => new FileSource(place('folder')));
    expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + 20);
  });

  it('is the only one to close its descriptor, also when the stream is destroyed before its end', async () => {
    writeFileSync(place('file'), Buffer.alloc(LARGE));
    const source = new FileSource(place('file'));
    const content = source.stream();
    content.once('data', () => content.destroy());
    await once(content, 'close');
    // Were it closed, this would take its number, and be closed in its place.
    const other = openSync(place('other'), 'w');
    source.close();
    writeSync(other, 'is open');
    closeSync(other);
    expect(readFileSync(place('other'), 'utf8')).toBe('is open');
  });

  it('refuses with E_SOURCE what cannot be read, when it is read', () => {
    // A regular file by its looks, which has no speed to tell.
    const unreadable = '/sys/class/net/lo/speed';
    if (!existsSync(unreadable)) pending(`there is no ${unreadable}`);
    const source = new FileSource(unreadable);
    try {
      expect(failureOf(() => source.stream()).code).toBe('E_SOURCE');
    } finally {
      source.close();
    }
  });

  it('does not take the failure of a socket that its content went to for one of its own', async () => {
    writeFileSync(place('file'), Buffer.alloc(LARGE));
    const source = new FileSource(place('file'));
    try {
      const content = source.stream();
      const failed = once(content, 'error').catch((error: unknown) => error);
      content.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }));
      await failed;
      expect(source.failure).toBeUndefined();
    } finally {
      source.close();
    }
  });

  it('remembers why a long file could not be read to its end', async () => {
    writeFileSync(place('file'), Buffer.alloc(LARGE));
    const source = new FileSource(place('file'));
    const stream = source.stream();
    source.close();
    await expectAsync(stream.toArray()).toBeRejected();
    expect(source.failure?.code).toBe('E_SOURCE');
    expect(failureOf(() => source.assertUnchanged()).message).toContain('EBADF');
  });

  for (const [what, change] of changes) {
    it(`refuses with E_CHANGED to give a content at one go that ${what} before it is read`, () => {
      mkdirSync(place('folder'));
      const path = place('folder/file');
      writeFileSync(path, 'x'.repeat(SMALL));
      const source = new FileSource(path);
      try {
        change(path);
        expect(failureOf(() => source.content()).code).toBe('E_CHANGED');
      } finally {
        source.close();
      }
    });
  }

  for (const size of [0, 1, 256 * 1024, 256 * 1024 + 1]) {
    it(`gives all of ${size} bytes, and finds them unchanged`, async () => {
      writeFileSync(place('file'), Buffer.alloc(size, 'x'));
      const source = new FileSource(place('file'));
      try {
        expect(Buffer.concat(await source.stream().toArray()).length).toBe(size);
        expect(source.size).toBe(size);
        expect(() => source.assertUnchanged()).not.toThrow();
      } finally {
        source.close();
      }
    });
  }
});

describe('an upload whose source cannot be read', () => {
  const start = talks();

  it('fails with E_SOURCE and leaves the old far file alone', async () => {
    const unreadable = '/sys/class/net/lo/speed';
    if (!existsSync(unreadable)) pending(`there is no ${unreadable}`);
    const { talk, server } = await start();
    server.files.set('/file', Buffer.from(OLD));
    const error = await refusalOf(talk.upload({ path: 'file', source: unreadable, size: 1, mtimeMs: 0 }));
    expect([error.code, error.retry]).toEqual(['E_SOURCE', false]);
    expect([...server.files.keys()]).toEqual(['/file']);
  });

  it('of another pair leaves the temporary files of that alone', async () => {
    const { talk, server, source } = await start();
    const other = '/.filesmirror-fedcba9876543210-0123456789abcdef.part';
    server.files.set(other, Buffer.from('half'));
    await talk.upload(source('new'));
    expect(server.files.get(other)?.toString()).toBe('half');
    expect(server.commands.filter((line) => line.includes('fedcba'))).toEqual([]);
  });
});

describe('the time of a source', () => {
  const folder = temporaryFolder();

  // A double holds the seconds of our years to some hundred nanoseconds: just below a whole millisecond it is rounded up.
  for (const time of [
    '1767225600.123999999',
    '1767225600.000000001',
    '-1.500000001',
    '-0.000000001',
    '4102444800.9999999',
  ]) {
    it(`is the one that a scan tells (${time})`, async () => {
      const path = join(folder(), 'a');
      writeFileSync(path, 'a');
      execFileSync('touch', ['-d', `@${time}`, path]);
      const source = new FileSource(path);
      source.close();
      const { root } = await scan(folder(), { maxDepth: 1, links: 'skip', filter: makeFilter() });
      expect(source.mtimeMs).toBe(root.file('a')?.mtimeMs ?? Number.NaN);
    });
  }
});
