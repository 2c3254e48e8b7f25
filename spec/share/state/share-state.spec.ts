import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SavedEntry } from '../../../lib/share/replica/events.ts';
import { Replica } from '../../../lib/share/replica/replica.ts';
import { beginningOf, shareStates } from '../../support/share/share-states.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { changeTo, entryOf, fileOf, OTHER, PEER, savedFile } from './samples.ts';

const CHUNKS = Buffer.from(Array.from({ length: 70 }, (_, at) => (at * 37) % 256));

describe('ShareState', () => {
  const folder = temporaryFolder();
  const open = shareStates();
  const place = () => join(folder(), '.left');

  it('gives back every kind of entry as it was saved', () => {
    const file = fileOf(7);
    const entries: readonly SavedEntry[] = [
      savedFile('a file', 1),
      { entry: entryOf('folder', { type: 'directory' }), number: 2, stamp: 'folder' },
      { entry: { ...entryOf('folder/ж "\n', file), replaced: '0'.repeat(64) }, number: 3, stamp: '1:2:3' },
      { entry: entryOf('gone', { type: 'deleted' }), number: 4, stamp: '' },
      { entry: { ...entryOf('no version', file), version: [] }, number: 5, stamp: '1' },
      {
        entry: entryOf('large', {
          ...file,
          type: 'file',
          size: 2 ** 40,
          id: 'f'.repeat(64),
          mtimeMs: -5,
          isExecutable: true,
          chunks: CHUNKS,
        }),
        number: 6,
        stamp: '2',
      },
    ];
    const state = open(place());
    for (const saved of entries) state.save(saved);
    state.close();
    expect([...beginningOf(open(place())).saved.values()]).toEqual([...entries]);
  });

  for (const [what, take] of [
    ['its folder is removed', (state: string) => rmSync(state, { recursive: true })],
    ['its folder is moved away', (state: string) => renameSync(state, `${state}.old`)],
    ['a copy takes the place of its folder', copied],
    ['its journal is removed', (state: string) => rmSync(join(state, 'journal'))],
  ] as const) {
    it(`is not in place any more, and says what to do, when ${what}`, () => {
      const state = open(place());
      state.together(() => state.save(savedFile('a', 1)));
      take(place());
      const refusal = jasmine.objectContaining({
        code: 'E_JOURNAL_WRITE',
        message: jasmine.stringMatching(
          /^The state in \/.*\.left was removed or replaced .*: put it back, or start again/,
        ),
      });
      expect(() => state.assertInPlace()).toThrow(refusal);
    });
  }

  it('is in place after its journal was compacted, and after it was closed', async () => {
    const state = open(place());
    const inode = () => statSync(join(place(), 'journal')).ino;
    const before = inode();
    for (let number = 1; number < 8000; number += 1) state.save(savedFile('a', number));
    await state.compacted();
    expect(inode()).not.toBe(before);
    state.assertInPlace();
    state.close();
    state.assertInPlace();
  });

  it('gives back the newest entry of each path, and what is settled, for a replica to begin with', () => {
    const state = open(place());
    state.save(savedFile('a', 1));
    state.save(savedFile('b', 2));
    state.save(savedFile('a', 3));
    state.settle(PEER, 5);
    state.settle(OTHER, 1);
    state.settle(PEER, 8);
    state.close();
    const replica = new Replica(open(place()).beginning);
    expect([...replica.allHeld()].map(({ entry, number }) => [entry.path, number]).sort()).toEqual([
      ['a', 3],
      ['b', 2],
    ]);
    expect([PEER, OTHER, '?'].map((peer) => replica.settledOf(peer))).toEqual([8, 1, 0]);
  });

  it('gives back what each peer was told', () => {
    const state = open(place());
    for (const upTo of [3, 7]) state.tell(PEER, upTo);
    state.tell(OTHER, 5);
    state.close();
    expect([...(open(place()).beginning.told ?? [])]).toEqual([
      [PEER, 7],
      [OTHER, 5],
    ]);
  });

  it('is that of a new peer after it was renewed, with all that was kept', () => {
    const state = open(place());
    state.save(savedFile('a', 1));
    state.settle(PEER, 5);
    state.tell(PEER, 7);
    state.renew();
    expect([...(state.beginning.told ?? [])]).toEqual([]);
    state.close();
    const next = open(place());
    expect(next.id).not.toBe(state.id);
    expect(next.notices).toEqual([]);
    // Under that id it has met nobody. Others would take what it had dealt with for proof that they have forgotten something.
    expect([...beginningOf(next).saved.keys(), ...beginningOf(next).settled]).toEqual(['a']);
    // And nobody was told anything: were it brought back from a backup, that would go unnoticed otherwise.
    expect([...(next.beginning.told ?? []), ...(next.beginning.met ?? [])]).toEqual([]);
  });

  it('does not give back a deletion that was forgotten, but its number', () => {
    const state = open(place());
    state.save(savedFile('a', 1));
    state.save({ entry: entryOf('gone', { type: 'deleted' }), number: 2, stamp: '' });
    state.forget('gone', 2);
    state.close();
    const { beginning } = open(place());
    expect([beginning.forgotten, ...[...(beginning.saved ?? [])].map(({ number }) => number)]).toEqual([2, 1]);
    const replica = new Replica(beginning);
    replica.handle({ kind: 'found', path: 'b', seen: { type: 'directory', stamp: 'folder' } }, 0);
    expect(replica.held('b')?.number).toBe(3);
  });

  it('gives back whom it has met, and the numbers that all got for that, deletions as well', async () => {
    const state = open(place());
    state.save(savedFile('a', 3));
    state.save({ entry: entryOf('gone', { type: 'deleted' }), number: 7, stamp: '' });
    state.meet({ peer: OTHER, forgotten: 4 });
    state.meet({ peer: PEER, forgotten: 9, retold: { upTo: 8, by: 6 } });
    state.begin(changeTo(entryOf('b', { type: 'directory' })));
    state.close();
    const next = open(place());
    await next.recover(() => ({ type: 'directory', stamp: 'folder' }));
    expect([...(next.beginning.met ?? [])]).toEqual([
      [OTHER, 4],
      [PEER, 9],
    ]);
    const numbers = [...(next.beginning.saved ?? [])].map(({ entry: { path }, number }) => [path, number]);
    expect(numbers).toEqual([
      ['a', 9],
      ['gone', 13],
      ['b', 14],
    ]);
    const replica = new Replica(next.beginning);
    expect(replica.encounter(PEER, { heard: 0, forgotten: 9 })).toBe('again');
    expect(replica.encounter(PEER, { heard: 0, forgotten: 10 })).toBe('behind');
  });

  it('gives back what the root of the share was', () => {
    const state = open(place());
    expect(state.root).toBeUndefined();
    const root = { dev: 64769n, ino: 2n ** 63n + 1n };
    state.rootIs(root);
    expect(state.root).toEqual(root);
    state.close();
    expect(open(place()).root).toEqual(root);
  });

  it('is readable by its owner only', () => {
    open(place()).save(savedFile('secret', 1));
    expect(statSync(place()).mode & 0o777).toBe(0o700);
    expect(statSync(join(place(), 'journal')).mode & 0o777).toBe(0o600);
  });

  it('is locked until it is closed', () => {
    const state = open(place());
    expect(() => open(place())).toThrowMatching(
      (error) => error.code === 'E_LOCKED' && error.message.includes(`${place()}/lock is held by another instance`),
    );
    state.close();
    state.close();
    expect(() => open(place())).not.toThrow();
  });

  it('leaves no lock behind when its journal cannot be opened', () => {
    mkdirSync(join(place(), 'journal'), { recursive: true });
    expect(() => open(place())).toThrowMatching(({ code }) => code === 'E_JOURNAL_OPEN');
    rmSync(join(place(), 'journal'), { recursive: true });
    expect(() => open(place())).not.toThrow();
  });
});

describe('The id of a replica in a ShareState', () => {
  const folder = temporaryFolder();
  const open = shareStates();
  const place = () => join(folder(), '.left');
  const journal = () => join(place(), 'journal');

  /** The id that a state has which was left like this, and the ids before and after; the entry must be there all the same. */
  function afterwards(how: { isClosed: boolean; bootId: string | undefined }) {
    const state = open(place(), bootOf(how.bootId === undefined ? undefined : 'boot 1'));
    state.save(savedFile('a', 1));
    state.settle(PEER, 3);
    const whole = readFileSync(journal(), 'utf8');
    state.close();
    if (!how.isClosed) writeFileSync(journal(), whole);
    const next = open(place(), bootOf(how.bootId));
    expect([...beginningOf(next).saved.keys()]).toEqual(['a']);
    // As another peer it has met nobody.
    expect([...beginningOf(next).settled]).toEqual(next.id === state.id ? [[PEER, 3]] : []);
    return { isNew: next.id !== state.id, notices: next.notices.length, partsAreUnsure: next.partsAreUnsure };
  }

  function bootOf(bootId: string | undefined) {
    return bootId === undefined ? { bootId: '' } : { bootId };
  }

  it('is made of 64 random bits', () => {
    const random = (bytes: number) => Buffer.alloc(bytes, 0xa5);
    const { id, notices } = open(place(), { random });
    expect(id).toBe('a5'.repeat(8));
    expect(notices.map(({ level }) => level)).toEqual(['info']);
  });

  it('stays when it was closed in order', () => {
    expect(afterwards({ isClosed: true, bootId: 'boot 1' })).toEqual({
      isNew: false,
      notices: 0,
      partsAreUnsure: false,
    });
  });

  it('stays when it was closed in order before the machine was started anew', () => {
    expect(afterwards({ isClosed: true, bootId: 'boot 2' })).toEqual({
      isNew: false,
      notices: 0,
      partsAreUnsure: true,
    });
  });

  it('stays when the process was killed', () => {
    expect(afterwards({ isClosed: false, bootId: 'boot 1' })).toEqual({
      isNew: false,
      notices: 0,
      partsAreUnsure: false,
    });
  });

  it('is a new one when the machine stopped under it', () => {
    expect(afterwards({ isClosed: false, bootId: 'boot 2' })).toEqual({
      isNew: true,
      notices: 1,
      partsAreUnsure: true,
    });
  });

  it('is a new one after a kill where the system does not tell of its starts', () => {
    expect(afterwards({ isClosed: false, bootId: undefined })).toEqual({
      isNew: true,
      notices: 1,
      partsAreUnsure: true,
    });
  });

  it('stays after an end in order where the system does not tell of its starts', () => {
    expect(afterwards({ isClosed: true, bootId: undefined })).toEqual({
      isNew: false,
      notices: 0,
      partsAreUnsure: true,
    });
  });

  it('is a new one in a copy of the folder, and the old one in a folder that was moved', () => {
    const state = open(place());
    state.save(savedFile('a', 1));
    state.close();
    cpSync(place(), join(folder(), 'copy'), { recursive: true });
    const copy = open(join(folder(), 'copy'));
    expect(copy.id).not.toBe(state.id);
    expect(copy.notices.length).toBe(1);
    expect([...beginningOf(copy).saved.keys()]).toEqual(['a']);
    renameSync(place(), join(folder(), 'moved'));
    expect(open(join(folder(), 'moved')).id).toBe(state.id);
  });

  for (const [what, damage] of [
    ['holds a line that cannot be read', (text: string) => text.replace('["s"', '[s')],
    ['is of another version', (text: string) => text.replace('"version":2', '"version":1')],
    ['holds a record that is not known', (text: string) => text.replace('["s"', '["?"')],
    ['holds a record with something missing', (text: string) => text.replace(/\["s",1,/, '["s",')],
  ] as const) {
    it(`is a new one when the journal ${what}, which is moved aside`, () => {
      const state = open(place());
      state.save(savedFile('a', 1));
      state.save(savedFile('b', 2));
      state.close();
      const damaged = damage(readFileSync(journal(), 'utf8'));
      writeFileSync(journal(), damaged);
      const next = open(place());
      expect(next.id).not.toBe(state.id);
      expect(beginningOf(next).saved.size).toBe(0);
      const [notice] = next.notices;
      expect(notice?.level).toBe('warn');
      const [, aside = ''] = notice?.text.match(/it is now (\S+);/) ?? [];
      expect(readFileSync(aside, 'utf8')).toBe(damaged.replace(what.includes('record') ? '["closed"]\n' : '?', ''));
      next.save(savedFile('c', 1));
      next.close();
      const last = open(place());
      expect([last.id, ...beginningOf(last).saved.keys()]).toEqual([next.id, 'c']);
    });
  }
});

function copied(state: string): void {
  cpSync(state, `${state}.copy`, { recursive: true });
  renameSync(state, `${state}.old`);
  renameSync(`${state}.copy`, state);
}
