import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { FileLock, LockError } from '../../lib/base/file-lock.ts';
import { thisProcess } from '../../lib/base/process-identity.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { programs } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CONTENDER = fileURLToPath(new URL('../support/workers/lock-contender.js', import.meta.url));

describe('FileLock', () => {
  const folder = temporaryFolder();
  const run = programs();
  const file = () => join(folder(), 'state', 'pair.lock');
  const since = '2026-01-02T03:04:05.000Z';

  const take = () => FileLock.take(file(), new ManualClock());

  /** A lock as another process left it. */
  function left(holder: object | string): void {
    mkdirSync(dirname(file()), { recursive: true });
    writeFileSync(file(), typeof holder === 'string' ? holder : JSON.stringify({ ...thisProcess(), since, ...holder }));
  }

  /** The file of the lock by which one may take over the lock that is there. */
  function secondLock(): string {
    return `${file()}.${createHash('sha256').update(readFileSync(file())).digest('hex').slice(0, 16)}`;
  }

  function refusal(): LockError {
    try {
      take();
    } catch (error) {
      if (error instanceof LockError) return error;
      throw error;
    }
    throw new Error('it was not refused');
  }

  it('says who has it, to nobody but its owner, and leaves nothing when it is released', () => {
    const lock = take();
    const { pid, host, since: begin } = JSON.parse(readFileSync(file(), 'utf8'));
    expect({ pid, host, begin }).toEqual({ pid: process.pid, host: hostname(), begin: since });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(file()))).toEqual(['pair.lock']);
    lock.release();
    lock.release();
    expect(readdirSync(dirname(file()))).toEqual([]);
  });

  it('is refused while it is held, with the process and since when, and can be had after that', () => {
    const lock = take();
    const { code, message, retry } = refusal();
    expect([code, retry]).toEqual(['E_LOCKED', true]);
    const which = `process ${process.pid}, since ${since}`;
    expect(message).toBe(`${file()} is held by another instance: ${which}; wait for its end, or stop it`);
    expect(readdirSync(dirname(file()))).toEqual(['pair.lock']);
    lock.release();
    take().release();
  });

  it('leaves the lock of another alone that came in its place', () => {
    const lock = take();
    left({ pid: 1, began: undefined });
    const before = readFileSync(file(), 'utf8');
    lock.release();
    expect(readFileSync(file(), 'utf8')).toBe(before);
  });

  it('can be released where the folder that it lay in is a file by now', () => {
    const lock = take();
    rmSync(dirname(file()), { recursive: true });
    writeFileSync(dirname(file()), 'of somebody');
    lock.release();
    expect(readFileSync(dirname(file()), 'utf8')).toBe('of somebody');
  });

  describe('takes over from a process', () => {
    const ended: Readonly<Record<string, object>> = {
      'whose number is not in use': { pid: 2 ** 31 - 1 },
      'whose number another has now': { began: '1' },
      'of an earlier start of the machine': { boot: 'another' },
    };
    for (const [what, holder] of Object.entries(ended)) {
      it(what, () => {
        left(holder);
        const lock = take();
        expect(refusal().message).toContain(`process ${process.pid}, `);
        expect(readdirSync(dirname(file()))).toEqual(['pair.lock']);
        lock.release();
      });
    }

    it('that has ended but of which its parent has not taken notice', async () => {
      const parent = spawn('sh', ['-c', 'read _ <&3 & echo $!; exec sleep 60'], {
        stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
      });
      try {
        const [text] = (await once(parent.stdout as Readable, 'data')) as [Buffer];
        const pid = Number(text.toString());
        // A shell would take notice; what takes its place does not.
        while (readFileSync(`/proc/${parent.pid}/comm`, 'latin1') !== 'sleep\n') await new Promise(setImmediate);
        (parent.stdio[3] as Writable).end();
        while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))) await new Promise(setImmediate);
        left({ pid });
        take().release();
      } finally {
        parent.kill('SIGKILL');
      }
    });

    it('that was killed while it took over from one that had ended', () => {
      left({ began: '1' });
      writeFileSync(secondLock(), JSON.stringify({ ...thisProcess(), since, began: '2' }));
      const lock = take();
      expect(readdirSync(dirname(file()))).toEqual(['pair.lock']);
      lock.release();
    });
  });

  it('is refused while another takes over from a process that has ended', () => {
    left({ began: '1' });
    const text = readFileSync(file(), 'utf8');
    writeFileSync(secondLock(), JSON.stringify({ ...thisProcess(), since }));
    expect(refusal().message).toContain(`process ${process.pid}, since ${since}`);
    expect(readFileSync(file(), 'utf8')).toBe(text);
  });

  describe('is not taken over', () => {
    it('from a process whose begin nobody knows, as long as its number is in use', () => {
      left({ began: undefined });
      expect(refusal().code).toBe('E_LOCKED');
    });

    it('from another machine, which it names', () => {
      left({ host: 'other\u001b[2J', pid: 2 ** 31 - 1 });
      expect(refusal().message).toMatch(
        / is held on another machine, other\\u\{1b\}\[2J: process 2147483647 there, since .*; remove it if it has ended$/,
      );
    });

    for (const text of ['', 'rubbish', 'null', '{}', '{"pid":0,"host":"h"}', '{"pid":"1","host":"h"}']) {
      it(`when it does not say who has it: ${JSON.stringify(text)}`, () => {
        left(text);
        expect(refusal().message).toBe(`${file()} does not say who holds this lock; remove it if nobody does`);
      });
    }
  });

  describe('taken briefly', () => {
    for (const text of ['', '\0\0\0']) {
      it(`takes over what a crash of the machine left: ${JSON.stringify(text)}`, () => {
        left(text);
        const lock = FileLock.takeBriefly(file());
        expect(refusal().message).toContain(` process ${process.pid}, `);
        lock.release();
        expect(readdirSync(dirname(file()))).toEqual([]);
      });
    }

    it('is refused while somebody holds it, and where it says something else', () => {
      const lock = FileLock.takeBriefly(file());
      expect(() => FileLock.takeBriefly(file())).toThrowError(LockError, /is held by another instance/);
      lock.release();
      left('rubbish');
      expect(() => FileLock.takeBriefly(file())).toThrowError(LockError, /does not say who holds this lock/);
    });
  });

  it('says which file cannot be made, and why', () => {
    writeFileSync(join(folder(), 'state'), '');
    const { code, message } = refusal();
    expect(code).toBe('E_LOCK_FILE');
    expect(message).toMatch(/^Cannot lock .*pair\.lock: E(EXIST|NOTDIR)$/);
  });

  describe('ends with E_LOCK_FILE', () => {
    /** How a process fares that wants the lock: one that would never come to an end must not hold up all specs. */
    async function fate(prepare: (pid: number) => void = () => undefined): Promise<string> {
      const contender = run(CONTENDER, { args: [file(), '1', '1'] });
      await contender.waitForLine(/^ready$/);
      prepare(contender.pid);
      contender.write('go\n');
      return (await contender.ended).stderr;
    }

    it('where a link that leads nowhere is in its place, which stays', async () => {
      mkdirSync(dirname(file()));
      symlinkSync('nowhere', file());
      const told = await fate();
      expect(told).toContain(`LockError: ${file()} is there and cannot be read; if it is a link that leads nowhere, `);
      expect(told).toContain("code: 'E_LOCK_FILE'");
      expect(readdirSync(dirname(file()))).toEqual(['pair.lock']);
    });

    it('where the disk is full, and leaves nothing behind', async () => {
      const told = await fate((pid) => execFileSync('prlimit', ['--pid', String(pid), '--fsize=0:']));
      expect(told).toContain(`LockError: Cannot lock ${file()}: EFBIG`);
      expect(told).toMatch(/retry: true,?\n\s+code: 'E_LOCK_FILE'|code: 'E_LOCK_FILE',\n\s+retry: true/);
      expect(readdirSync(dirname(file()))).toEqual([]);
    });
  });

  it('is never had by two at a time, though many take it over from each other', async () => {
    mkdirSync(dirname(file()));
    const contenders = [1, 2, 3, 4].map((seed) => run(CONTENDER, { args: [file(), '200', String(seed)] }));
    await Promise.all(contenders.map((contender) => contender.waitForLine(/^ready$/)));
    for (const contender of contenders) contender.write('go\n');
    const ended = await Promise.all(contenders.map((contender) => contender.ended));
    expect(ended.map(({ status, stderr }) => [status, stderr])).toEqual(contenders.map(() => [0, '']));
    // A lock that was left, and no draft of one.
    expect(readdirSync(dirname(file())).filter((name) => name !== 'pair.lock')).toEqual([]);
    rmSync(file(), { force: true });
  });
});
