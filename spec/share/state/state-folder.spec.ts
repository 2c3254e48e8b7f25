import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isFreeForState } from '../../../lib/share/state/state-folder.ts';
import { shareStates } from '../../support/share/share-states.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('A folder for the state of a share', () => {
  const folder = temporaryFolder();
  const open = shareStates();
  const place = () => join(folder(), 'state');

  function write(name: string, text = 'text'): void {
    mkdirSync(dirname(join(place(), name)), { recursive: true });
    writeFileSync(join(place(), name), text);
  }

  it('may be missing, or empty', () => {
    expect(isFreeForState(place())).toBeTrue();
    mkdirSync(place());
    expect(isFreeForState(place())).toBeTrue();
  });

  it('may be one that was used before', () => {
    open(place()).close();
    write('trash/2026-11-20/notes.txt');
    expect(isFreeForState(place())).toBeTrue();
  });

  it('may be one whose journal was lost, or cannot be used any more', () => {
    write('log/share.log');
    write('trash/2026-11-20/notes.txt');
    expect(isFreeForState(place())).toBeTrue();
    write('journal', '\0\0\0\0');
    expect(isFreeForState(place())).toBeTrue();
  });

  it('may be one into which the keys of a lost state were put, and whom they trust', () => {
    for (const name of ['device.key', 'device.crt', 'peers.json']) write(name);
    expect(isFreeForState(place())).toBeTrue();
  });

  it('may be one whose log could not be written when it was begun', () => {
    mkdirSync(join(place(), 'log'), { recursive: true });
    expect(isFreeForState(place())).toBeTrue();
    write('notes.txt');
    expect(isFreeForState(place())).toBeFalse();
  });

  for (const name of ['trash/2020-01-01/notes.txt', 'journal', 'log/other.log', 'peers.txt']) {
    it(`is none in which somebody has put ${name}`, () => {
      write(name);
      expect(isFreeForState(place())).toBeFalse();
    });
  }

  it('is none for a pipe that is called as the journal, and nobody waits for that', () => {
    mkdirSync(place());
    execFileSync('mkfifo', [join(place(), 'journal')]);
    expect(isFreeForState(place())).toBeFalse();
    rmSync(join(place(), 'journal'));
  });

  it('is none for the journal of another program', () => {
    write('journal', '{"filesmirror":"journal","version":1}\n');
    expect(isFreeForState(place())).toBeFalse();
  });
});
