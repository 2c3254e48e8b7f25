import { execFileSync } from 'node:child_process';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../lib/base/clock.ts';
import { idOfChunk } from '../../lib/share/model/content-id.ts';
import type { SavedEntry } from '../../lib/share/replica/events.ts';
import { makeShare, prepareFolders, ShareFolder } from '../../lib/share/share-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('The bytes of a small file that go along with its entry', () => {
  const folder = temporaryFolder();
  const file = () => join(folder(), 'share', 'notes.txt');

  function shareWithNotes(): ShareFolder {
    makeShare(join(folder(), 'share'));
    writeFileSync(file(), 'notes');
    const folders = prepareFolders(join(folder(), 'share'), join(folder(), '.left'), 'follow');
    return new ShareFolder({ ...folders, leavesDots: false }, systemClock, {
      kept: undefined,
      known: new Set(),
      keeper: { together: (work) => work(), assertInPlace: () => undefined },
    });
  }

  it('are those that are held', () => {
    expect(String(shareWithNotes().read(NOTES))).toBe('notes');
  });

  it('are none when the file was changed, or is gone', () => {
    const share = shareWithNotes();
    appendFileSync(file(), ' and more');
    expect(share.read(NOTES)).toBeUndefined();
    writeFileSync(file(), 'NOTES');
    expect(share.read(NOTES)).toBeUndefined();
    rmSync(file());
    expect(share.read(NOTES)).toBeUndefined();
  });

  it('are none when a pipe that nobody writes to has taken the place of the file', () => {
    const share = shareWithNotes();
    rmSync(file());
    execFileSync('mkfifo', [file()]);
    expect(share.read(NOTES)).toBeUndefined();
  });
});

const NOTES: SavedEntry = {
  entry: {
    path: 'notes.txt',
    content: {
      type: 'file',
      size: 5,
      id: idOfChunk(Buffer.from('notes')),
      mtimeMs: 0,
      isExecutable: false,
    },
    version: [],
  },
  stamp: '',
  number: 1,
};
