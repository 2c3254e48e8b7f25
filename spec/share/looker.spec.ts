import { ReadError } from '../../lib/share/chunks/read-error.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { fileAt, lookOf, makeLooker, SEEN } from './make-looker.ts';

describe('A Looker', () => {
  it('reads a file that is being written again and again, but ever less often, until it has come to rest', async () => {
    const clock = new ManualClock();
    const found: string[] = [];
    let reads = 0;
    let isWritten = true;
    const looker = makeLooker({
      look: async () => lookOf({ found: [fileAt('large')], regions: ['large'], asked: new Map([['large', 'file']]) }),
      reader: {
        read: async () => {
          reads += 1;
          if (isWritten) throw new ReadError('E_CHANGED', 'it was changed while it was read', { retry: true });
          return { content: SEEN, stamp: 'new' };
        },
        readMany: async () => [],
      },
      clock,
      onFound: (path) => found.push(path),
    });
    looker.dirty(['large']);
    const pass = async (ms: number) => {
      for (let left = ms; left > 0; left -= 50) {
        await looker.idle();
        clock.advance(50);
      }
      await looker.idle();
    };
    await pass(10_000);
    expect(reads).toBeGreaterThan(6);
    expect(reads).toBeLessThan(15);
    expect(found).toEqual([]);
    isWritten = false;
    await pass(2_000);
    expect(found).toEqual(['large']);
    const [before] = [reads];
    await pass(5_000);
    expect(reads).toBe(before);
    looker.close();
  });

  it('tells of a large file while it reads it, but not of one that was only renamed', async () => {
    const told: string[] = [];
    const stampOf = (ino: number, ctime: number) => `1:${ino}:${2 ** 21}:5:${ctime}`;
    const found = [fileAt('new name', { stamp: stampOf(7, 2) }), fileAt('new', { stamp: stampOf(8, 2) })];
    const looker = makeLooker({
      look: async () => lookOf({ gone: ['old name'], found, regions: [''] }),
      reader: {
        read: async (where, { onChunks } = {}) => {
          onChunks?.(Buffer.from(where));
          return { content: SEEN, stamp: 'new' };
        },
        readMany: async () => [],
      },
      unchanged: () => ({ ...SEEN, stamp: stampOf(7, 1) }),
      onReading: ({ path }) => ({
        add: (chunks) => told.push(`${path}: ${chunks}`),
        end: (content) => told.push(`${path} is ${content?.id[0]}`),
      }),
      onFound: (path, { type }) => told.push(`${type} ${path}`),
    });
    looker.dirty(['']);
    await looker.idle();
    looker.close();
    expect(told.filter((text) => text.startsWith('new'))).toEqual(['new: /new', 'new is a']);
    expect(told.indexOf('file new')).toBeGreaterThan(told.indexOf('new is a'));
    expect(told).toContain('file new name');
  });

  it('tells when a path was looked at, also while it is at something else, and what lies there was read', async () => {
    const did: string[] = [];
    const looks: (() => void)[] = [];
    let endReading: () => void = fail;
    const looker = makeLooker({
      look: async (paths) => {
        await new Promise<void>((resolve) => looks.push(resolve));
        did.push(`looked at ${paths.join()}`);
        return lookOf({ found: paths.map((path) => fileAt(path)), regions: paths });
      },
      reader: {
        read: async () => {
          await new Promise<void>((resolve) => (endReading = resolve));
          return { content: SEEN, stamp: 'new' };
        },
        readMany: async () => [],
      },
      onReading: () => ({ add: () => undefined, end: () => undefined }),
      onFound: (path) => did.push(`found ${path}`),
    });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    looker.dirty(['other']);
    const looked = looker.lookedAt('large').then(() => did.push('told'));
    looks[0]?.();
    await turn();
    endReading();
    await turn();
    expect(did).toEqual(['looked at other', 'found other']);
    looks[1]?.();
    await turn();
    expect(did.at(-1)).toBe('looked at large');
    endReading();
    await looked;
    expect(did.slice(2)).toEqual(['looked at large', 'found large', 'told']);
    looker.close();
  });

  it('does not say that a path is empty at which something was put after it was looked at', async () => {
    const told: string[] = [];
    let isHeld = false;
    const looker = makeLooker({
      look: async () =>
        lookOf({
          gone: ['deleted'],
          found: [fileAt('small', { size: 1 })],
          asked: new Map([
            ['deleted', 'gone'],
            ['never there', 'gone'],
          ]),
        }),
      reader: {
        read: () => Promise.reject(new Error('nothing large is to be read')),
        readMany: async () => {
          // That takes its time: meanwhile a peer brings a new file.
          isHeld = true;
          return [];
        },
      },
      unchanged: (path) => (isHeld && path === 'deleted' ? { ...SEEN, stamp: 'of the new one' } : undefined),
      onFound: (path, { type }) => told.push(`${type} ${path}${isHeld ? ' at the end' : ''}`),
    });
    looker.dirty(['deleted', 'never there']);
    await looker.idle();
    expect(told).toEqual(['deleted deleted', 'deleted never there at the end']);
    looker.close();
  });

  it('says of a path that it is taken also where the file that lies there cannot be read', async () => {
    const told: string[] = [];
    const unreadable = new ReadError('E_UNREADABLE', 'it cannot be read');
    const found = [fileAt('small', { size: 1 }), fileAt('large')];
    const looker = makeLooker({
      look: async (paths) => lookOf({ found, regions: paths, asked: new Map([['small', 'file']]) }),
      reader: {
        read: () => Promise.reject(unreadable),
        readMany: async (_, onRead) => {
          onRead?.([unreadable], 0);
          return [];
        },
      },
      onTaken: (path) => told.push(`${path} is taken`),
      onUnreadable: (path) => told.push(`${path} is unreadable`),
    });
    looker.dirty(['small', 'large']);
    await looker.idle();
    expect(told.sort()).toEqual(['large', 'small'].flatMap((path) => [`${path} is taken`, `${path} is unreadable`]));
    looker.close();
  });

  it('waits no more for a file to come to rest that was deleted, or is again as it was', async () => {
    const clock = new ManualClock();
    let isWritten = true;
    const looker = makeLooker({
      look: async (paths) => {
        const found = paths.map((path) => fileAt(path));
        const lies = (path: string) => (path === 'deleted' ? 'gone' : 'file');
        const asked = new Map(paths.map((path) => [path, isWritten ? 'file' : lies(path)] as const));
        return lookOf({ found: isWritten ? found : [], regions: paths, asked });
      },
      reader: {
        read: () => Promise.reject(new ReadError('E_CHANGED', 'it was changed while it was read')),
        readMany: async () => [],
      },
      clock,
      unchanged: (path) => (path === 'deleted' ? undefined : { ...SEEN, stamp: 'old' }),
      onFound: () => undefined,
    });
    looker.dirty(['deleted', 'as it was']);
    await looker.idle();
    expect([...looker.restless]).toEqual(['deleted', 'as it was']);
    isWritten = false;
    clock.advance(2_000);
    await looker.idle();
    expect([...looker.restless]).toEqual([]);
    looker.close();
  });
});
