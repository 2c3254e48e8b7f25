import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../../lib/base/coded-error.ts';
import { FarShell } from '../../lib/far/far-shell.ts';
import { TalkToFtp } from '../../lib/far/talk-to-ftp.ts';
import { makeFilter } from '../../lib/files/filter.ts';
import type { CycleSummary } from '../../lib/sync/cycle-summary.ts';
import { DEFAULT_DELETE_LIMIT } from '../../lib/sync/guards.ts';
import { mirrorOnce } from '../../lib/sync/mirror-once.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { type Script, ScriptedServer } from '../support/scripted-server.ts';
import { talkRules } from '../support/talk-rules.ts';
import { refusalOf } from '../support/transport-probe.ts';

const FACTS = 'type=file;size=5;modify=20200913122640;';

describe('threat 44: a hostile site', () => {
  let folder: string;
  let here: string;
  let server: ScriptedServer;
  let logger: ReturnType<typeof recordingLogger>;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'filesmirror-hostile-'));
    here = join(folder, 'deep', 'here');
    mkdirSync(here, { recursive: true });
    logger = recordingLogger();
  });
  afterEach(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  /** Lists these lines, whatever is asked, and gives the same five bytes under every name. */
  async function start(lines: readonly string[], script: Script = {}, end = '\r\n'): Promise<void> {
    const content = Buffer.from('hello');
    server = await ScriptedServer.start({
      CWD: '250 there',
      MLSD: async ({ data, control }) => {
        const socket = await data();
        control.write('150 listen\r\n');
        socket.end(lines.join('\r\n') + end);
        return '226 that is all';
      },
      RETR: async ({ data, control }) => {
        const socket = await data();
        control.write('150 take\r\n');
        await new Promise<void>((resolve) => {
          socket.once('close', resolve);
          socket.end(content);
          socket.resume();
        });
        return '226 that is all';
      },
      SIZE: '213 5',
      MDTM: '213 20200913122640',
      ...script,
    });
  }

  async function pull(deletes = false): Promise<CycleSummary> {
    const transport = new TalkToFtp({ site: server.site, rules: { ...talkRules, timeoutMs: 2000 } });
    try {
      return await mirrorOnce({
        ...{ direction: 'pull', transport, farName: '/', localRoot: here, maxDepth: 3, links: 'skip' },
        ...{ filter: makeFilter(), deletes, dryRun: false, logger, clock: new ManualClock() },
        guards: { maxDelete: DEFAULT_DELETE_LIMIT, allowEmpty: true },
        signal: new AbortController().signal,
      });
    } finally {
      await transport.disconnect();
    }
  }

  /** All that lies below the folder of the spec. */
  const all = () => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

  it('cannot have anything written outside of the folder, by whatever name it lists', async () => {
    const names = ['../x', '../../x', '/etc/filesmirror-x', 'a/../../x', './x', '..', '.', '', 'a\0b', 'a\rb', '|id'];
    await start(names.map((name) => `${FACTS} ${name}`));
    const summary = await pull();
    expect(summary.filesSent).toBe(1);
    // A name is never a command: this one is a file like any other.
    expect(all()).toEqual(['deep', 'deep/here', 'deep/here/|id']);
    expect(logger.lines.filter((line) => line.startsWith('warn Left out'))).toHaveSize(1);
  });

  it('has nothing removed by a listing in which there are lines that nobody can read', async () => {
    writeFileSync(join(here, 'mine'), 'x');
    await start([`${FACTS} ../x`, `${FACTS} file`]);
    expect((await pull(true)).putOff).toBe(1);
    expect(readdirSync(here).sort()).toEqual(['file', 'mine']);
  });

  it('has nothing removed by a listing that was cut off', async () => {
    writeFileSync(join(here, 'mine'), 'x');
    await start([`${FACTS} file`, 'type=file;si'], {}, '');
    expect(
      codeOf(
        await pull(true).then(
          () => undefined,
          (error: unknown) => error,
        ),
      ),
    ).toBe('E_TRUNCATED');
    expect(readdirSync(here)).toEqual(['mine']);
  });

  it('cannot have a folder followed through a link that lies in its place', async () => {
    mkdirSync(join(folder, 'outside'));
    symlinkSync(join(folder, 'outside'), join(here, 'd'));
    let isRoot = true;
    await start([], {
      MLSD: async ({ data, control }) => {
        const socket = await data();
        control.write('150 listen\r\n');
        socket.end(isRoot ? 'type=dir; d\r\n' : `${FACTS} file\r\n`);
        isRoot = false;
        return '226 that is all';
      },
    });
    expect((await pull(true)).failed).toBeGreaterThan(0);
    expect(readdirSync(join(folder, 'outside'))).toEqual([]);
  });

  it('cannot send more than it told without being noticed', async () => {
    await start([`${FACTS} file`], {
      RETR: async ({ data, control }) => {
        const socket = await data();
        control.write('150 take\r\n');
        await new Promise<void>((resolve) => {
          socket.once('close', resolve);
          socket.end(Buffer.alloc(100_000));
          socket.resume();
        });
        return '226 that is all';
      },
    });
    expect((await pull()).failed).toBe(1);
    expect(readdirSync(here)).toEqual([]);
  });

  it('cannot make a listing for a user do anything to his terminal or his folders', async () => {
    await start([`${FACTS} ../x`, `${FACTS} a\rb`, `${FACTS} fine`]);
    const shell = new FarShell({ site: server.site, rules: talkRules });
    await shell.connect();
    const { entries, unreadable } = await shell.list();
    expect(entries.map(({ name }) => name)).toEqual(['fine']);
    expect(unreadable).toHaveSize(2);
    await shell.disconnect();
  });

  it('cannot fill the memory with a greeting that does not end', async () => {
    await start([], {
      greeting: ({ control }) => {
        const line = `220-${'x'.repeat(1000)}\r\n`;
        const more = () => control.writable && control.write(line.repeat(100), () => setImmediate(more));
        more();
        return undefined;
      },
    });
    const shell = new FarShell({ site: server.site, rules: talkRules });
    expect((await refusalOf(shell.connect())).code).toMatch(/^E_(LOST|CONNECT)$/);
    await shell.disconnect();
  });

  it('cannot lead a command of its own into ours by a name that a user types', async () => {
    await start([]);
    const shell = new FarShell({ site: server.site, rules: talkRules });
    await shell.connect();
    for (const call of [
      () => shell.mkdir('a\r\nDELE b'),
      () => shell.quote('NOOP\r\nDELE b'),
      () => shell.download('a\nb', join(here, 'x')),
      () => shell.rename('a', 'b\r\nDELE c'),
    ]) {
      expect((await refusalOf(call())).code).toBe('E_NAME');
    }
    expect(server.verbs).not.toContain('DELE');
    expect(server.sessions).toBe(1);
    await shell.disconnect();
  });
});
