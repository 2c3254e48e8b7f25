import { join } from 'node:path';
import { type Content, type EntryPath, NO_STAMP } from '../../../lib/share/model/entry.ts';
import type { Lying } from '../../../lib/share/state/begun-change.ts';
import type { ShareState } from '../../../lib/share/state/share-state.ts';
import { beginningOf, shareStates } from '../../support/share/share-states.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { changeTo, entryOf, fileOf, savedFile } from './samples.ts';

const IDENTITY = { ino: 2n ** 60n + 1n, size: 7, mtimeNs: 1_795_362_000_123_456_789n };
const FILE: Lying = { type: 'file', identity: IDENTITY, stamp: 'of the file' };
const FOLDER: Lying = { type: 'directory', stamp: 'folder' };
const NOTHING: Lying = { type: 'deleted', stamp: NO_STAMP };

describe('A change that a ShareState was at when its process died', () => {
  const folder = temporaryFolder();
  const open = shareStates();
  const place = () => join(folder(), '.left');

  /** Do something, die, and start again. */
  function afterDeath(act: (state: ShareState) => void): ShareState {
    const state = open(place());
    act(state);
    state.close();
    return open(place());
  }

  async function recovered(state: ShareState, there: Readonly<Record<EntryPath, Lying>>) {
    const looked = await state.recover((path) => there[path] ?? NOTHING);
    return { looked, saved: [...beginningOf(state).saved.values()] };
  }

  for (const [what, content, there] of [
    ['a file whose part lies there', fileOf(7), FILE],
    ['a folder that is there', { type: 'directory' }, FOLDER],
    ['a deletion of what is not there any more', { type: 'deleted' }, NOTHING],
  ] as const) {
    it(`counts as done: ${what}`, async () => {
      const entry = entryOf('a', content);
      const state = afterDeath((before) => {
        before.save(savedFile('b', 41));
        before.begin(changeTo(entry), content.type === 'file' ? IDENTITY : undefined);
      });
      const { looked, saved } = await recovered(state, { a: there });
      expect(looked).toEqual([]);
      // What somebody did to a file since is to be found.
      const stamp = there.type === 'file' ? 'of the file:unsure' : there.stamp;
      expect(saved).toEqual([savedFile('b', 41), { entry, stamp, number: 42 }]);
      state.close();
      const again = await recovered(open(place()), {});
      expect(again).toEqual({ looked: [], saved });
    });
  }

  for (const [what, content, there] of [
    ['nothing came to be', fileOf(7), NOTHING],
    ['there is a folder', fileOf(7), FOLDER],
    ['the file is another one', fileOf(7), { ...FILE, identity: { ...IDENTITY, ino: 1n } }],
    ['the file was changed since', fileOf(7), { ...FILE, identity: { ...IDENTITY, mtimeNs: 1n } }],
    ['the file has grown since', fileOf(7), { ...FILE, identity: { ...IDENTITY, size: 8 } }],
    ['the folder is not there', { type: 'directory' }, NOTHING],
    ['what was to go is there', { type: 'deleted' }, FILE],
  ] as const satisfies readonly (readonly [string, Content, Lying])[]) {
    it(`has to be looked at when ${what}`, async () => {
      const state = afterDeath((before) => before.begin(changeTo(entryOf('a', content)), IDENTITY));
      expect(await recovered(state, { a: there })).toEqual({ looked: ['a'], saved: [] });
      expect(await recovered(state, { a: there })).toEqual({ looked: [], saved: [] });
    });
  }

  it('has to be looked at when the file was not known beforehand', async () => {
    const state = afterDeath((before) => before.begin(changeTo(entryOf('a', fileOf(7)))));
    expect(await recovered(state, { a: FILE })).toEqual({ looked: ['a'], saved: [] });
  });

  it('has what it saved under another name looked at in any case', async () => {
    const entry = entryOf('a', fileOf(7));
    const state = afterDeath((before) => before.begin({ ...changeTo(entry), saveAs: 'a.conflict' }, IDENTITY));
    const { looked, saved } = await recovered(state, { a: FILE });
    expect([looked, saved.map(({ number }) => number)]).toEqual([['a.conflict'], [1]]);
  });

  it('is not asked for when it had come to its end, or was withdrawn', async () => {
    const state = afterDeath((before) => {
      const entry = entryOf('done', fileOf(7));
      before.begin(changeTo(entry), IDENTITY);
      before.save({ entry, stamp: 'x', number: 1 });
      before.begin(changeTo(entryOf('withdrawn', fileOf(7))), IDENTITY);
      before.withdraw('withdrawn');
    });
    const { looked, saved } = await recovered(state, { withdrawn: FILE });
    expect([looked, saved.map(({ entry, stamp }) => [entry.path, stamp])]).toEqual([[], [['done', 'x']]]);
  });

  it('goes on to be asked for when another entry is held at its path meanwhile', async () => {
    const state = afterDeath((before) => {
      before.begin(changeTo(entryOf('a', fileOf(7))), IDENTITY);
      before.save(savedFile('a', 1));
    });
    const { looked, saved } = await recovered(state, { a: FILE });
    expect([looked, saved.map(({ number }) => number)]).toEqual([[], [2]]);
  });
});
