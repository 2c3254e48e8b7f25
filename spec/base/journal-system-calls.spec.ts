import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireStrace } from '../support/foreign/found.ts';
import { servedFolder } from '../support/ftp-server.ts';
import { type SystemCall, traced } from '../support/strace.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const WRITER = fileURLToPath(new URL('../support/workers/journal-writer.js', import.meta.url));
const FILES = 600;
const LATEST_S = 0.2;

describe('A journal, seen from the system,', () => {
  const folder = temporaryFolder();
  const served = servedFolder();

  const isRecord = ({ name, file }: SystemCall) => name === 'write' && file.endsWith('.journal');
  const isSync = ({ name, file }: SystemCall) => name.endsWith('sync') && file.endsWith('.journal');

  it('gets each record in a write of its own, before its program goes on to the next step', async () => {
    requireStrace();
    const words = [WRITER, join(folder(), 'a.journal'), '{"journal":"of a spec"}', 'steps'];
    const calls = await traced(['write'], words, { file: join(folder(), 'trace') });
    const steps = calls.filter((call) => isRecord(call) || /^, "\d+\\n"/.test(call.given));
    const numbers = steps.map(({ given }) => /^, "(?:\[\\"n\\",)?(\d+)\]?\\n"/.exec(given)?.[1]);
    expect(numbers).toEqual(Array.from({ length: 200 }, (_, index) => String(index >> 1)));
    expect(steps.filter((_, index) => index % 2 === 0).every(isRecord)).toBeTrue();
  });

  it('is on the disk with the folders that were made for it before its first record is written', async () => {
    requireStrace();
    const words = [WRITER, join(folder(), 'new/newer/a.journal'), '{"journal":"of a spec"}', 'steps'];
    const calls = await traced(['write', 'fsync'], words, { file: join(folder(), 'trace') });
    const before = calls.slice(0, calls.findIndex(isRecord));
    const synced = before.filter(({ name }) => name === 'fsync').map(({ file }) => file);
    expect(synced).toEqual(['new', '', 'new/newer/a.journal.new', 'new/newer'].map((path) => join(folder(), path)));
  });

  it('is synced at most 200 ms after each write while a mirror sends files, with one sync for all of 50 ms', async () => {
    requireStrace();
    const near = join(folder(), 'near');
    mkdirSync(near);
    for (let index = 0; index < FILES; index += 1) writeFileSync(join(near, `${index}.txt`), `${index}`);
    const site = `ftp://steve@127.0.0.1:${served().port}/test`;
    const words = [
      'bin/mirror.js',
      site,
      near,
      '4',
      '1',
      '--once',
      '--multi',
      'A2',
      '--state-dir',
      join(folder(), 'state'),
    ];
    const env = { FTP_PASSWORD: 'secret' };
    const calls = await traced(['write', 'fsync', 'fdatasync'], words, { file: join(folder(), 'trace'), env });
    const records = calls.filter(isRecord);
    const syncs = calls.filter(isSync);
    expect(records.length).toBeGreaterThan(2 * FILES);
    for (const { given } of records) expect(given.match(/\\n/g)).withContext(given).toHaveSize(1);
    const late = records.map((record) => {
      const later = syncs.filter(({ begun }) => begun >= record.begun);
      const first = (moment: 'begun' | 'ended') => Math.min(...later.map((sync) => sync[moment])) - record.begun;
      return { begun: first('begun'), ended: first('ended') };
    });
    const begun = late.map((of) => of.begun).sort((one, other) => one - other);
    expect(begun[Math.floor(0.95 * begun.length)]).toBeLessThan(LATEST_S);
    // How long the disk takes, and how long a busy machine lets the program wait, is not in its hands.
    expect(Math.max(...late.map(({ ended }) => ended))).toBeLessThan(10 * LATEST_S);
    expect(syncs.length).toBeGreaterThan(2);
    // Opening and closing have some of their own; in between there is one in 50 ms, however slow the machine is.
    const tookS = (records.at(-1)?.begun ?? 0) - (records[0]?.begun ?? 0);
    expect(syncs.length).toBeLessThan(tookS / 0.05 + 10);
  });
});
