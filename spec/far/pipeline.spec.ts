import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TalkToFtpMulti } from '../../lib/far/talk-to-ftp-multi.ts';
import { temporaryName } from '../../lib/far/temporary-name.ts';
import type { TalkRules } from '../../lib/far/transfer-jobs.ts';
import { openTransferPool } from '../../lib/far/transfer-pool.ts';
import type { JobEnd } from '../../lib/transfer/progress.ts';
import { inLanes } from '../support/in-lanes.ts';
import { type Cut, type Script, ScriptedServer } from '../support/scripted-server.ts';
import { talkRules } from '../support/talk-rules.ts';

const FILES = 12;
const TIME = 1_600_000_000_000;
// Where an answer never comes, nothing but this brings the end of the wait. Too soon on a busy machine, it costs another try.
const SOON_MS = 500;

/** Files sent by one worker to a server that says what a spec wants. */
interface Sent {
  readonly server: ScriptedServer;
  /** What the server has, by the final name of each file. */
  readonly stored: Readonly<Record<string, string>>;
  readonly wanted: Readonly<Record<string, string>>;
  readonly ends: readonly JobEnd[];
  readonly notes: readonly string[];
  /** Errors of the calls. */
  readonly failures: readonly string[];
  /** Files that were called sent while the server had something else under their names. */
  readonly lies: readonly string[];
}

describe('a pipeline', () => {
  let running: ScriptedServer | undefined;
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function send(script: Script = {}, cut?: Cut, rules: Partial<TalkRules> = {}): Promise<Sent> {
    const server = await ScriptedServer.start(script, cut);
    running = server;
    const near = mkdtempSync(join(tmpdir(), 'filesmirror-near-'));
    const talk = new TalkToFtpMulti(
      { site: server.site, rules: { ...talkRules, timeoutMs: 2000, attempts: 5, ...rules } },
      openTransferPool('A', 1),
      { random: () => 0 },
    );
    closing.push(
      () => rmSync(near, { recursive: true, force: true }),
      () => server.stop(),
      () => talk.disconnect(),
    );
    const wanted: Record<string, string> = {};
    const ends: JobEnd[] = [];
    const notes: string[] = [];
    const lies: string[] = [];
    talk.events.on('note', (note) => notes.push(note));
    talk.events.on('end', (end) => {
      ends.push(end);
      if (!end.error && server.files.get(`/${end.path}`)?.toString() !== wanted[end.path]) lies.push(end.path);
    });
    const calls = [...Array(FILES).keys()].map((index) => {
      const path = `f${index}`;
      const content = `${index}`.repeat(10 + (index % 3));
      const source = join(near, path);
      writeFileSync(source, content);
      utimesSync(source, 1_600_000_000, 1_600_000_000);
      wanted[path] = content;
      return talk.upload({ path, source, size: content.length, mtimeMs: TIME });
    });
    const results = await Promise.allSettled(calls);
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    const stored = Object.fromEntries([...server.files].map(([path, content]) => [path.slice(1), `${content}`]));
    return { server, stored, wanted, ends, notes, failures, lies };
  }

  function expectAllSent({
    stored,
    wanted,
    failures,
    lies,
  }: Pick<Sent, 'stored' | 'wanted' | 'failures' | 'lies'>): void {
    expect(lies).toEqual([]);
    expect(failures).toEqual([]);
    expect(stored).toEqual(wanted);
  }

  it('sends the steps of three files in one flight, and nothing between STOR and its end', async () => {
    const between: string[] = [];
    const { server, ends, ...sent } = await send({
      STOR: async (command) => {
        const before = running?.commands.length ?? 0;
        const answer = await command.ordinary();
        between.push(...(running?.commands.slice(before) ?? []));
        return answer;
      },
    });
    expectAllSent(sent);
    const flight = 'RNFR RNTO SIZE MFMT EPSV STOR';
    expect(server.verbs.join(' ')).toContain(`${flight} ${flight} ${flight}`);
    expect(between).toEqual([]);
    expect(ends.filter(({ bytes, attempt, error }) => bytes < 10 || attempt > 1 || error)).toEqual([]);
  });

  it('sends one command at a time when it is told to', async () => {
    const { server, ...sent } = await send({}, undefined, { pipeline: false });
    expectAllSent(sent);
    expect(server.verbs.join(' ')).not.toContain('EPSV STOR SIZE MFMT EPSV');
    expect(server.verbs.join(' ')).not.toContain('RNTO SIZE');
  });

  for (const [times, sessions] of [
    [[4], 2],
    [[2, 5, 8], 3],
  ] as const) {
    it(`does the file again when the server refuses its port ${times.length} times with STOR on its way`, async () => {
      let isRefused = false;
      const { server, ends, ...sent } = await send({
        EPSV: async (command) => {
          isRefused = times.some((time) => time === command.before);
          return isRefused ? '425 Address already in use' : command.ordinary();
        },
        // ProFTPD makes an empty file, and waits for a data connection that never comes.
        STOR: (command) => {
          if (!isRefused) return command.ordinary();
          command.files.set(command.argument, Buffer.alloc(0));
          return undefined;
        },
      });
      expectAllSent(sent);
      // The third time it had waited for the port.
      expect(server.sessions).toBe(sessions);
      expect(ends.filter(({ attempt, error }) => attempt > 1 || error)).toEqual([]);
    });
  }

  for (const [what, answer] of [
    ['lets nobody store one', '550 not this one'],
    ['has no room for one', '552 quota'],
  ] as const) {
    it(`fails one file and sends the others on the same connection when the server ${what}`, async () => {
      const temporary = temporaryName(talkRules.pairId, 'f5', { size: 12, mtimeMs: TIME });
      const { server, failures, stored, wanted, lies } = await send({
        STOR: (command) => (command.argument.endsWith(temporary) ? answer : command.ordinary()),
      });
      const { f5: _missing, ...others } = wanted;
      expect(stored).toEqual(others);
      expect(lies).toEqual([]);
      expect(failures).toHaveSize(1);
      expect(failures[0]).toContain(answer);
      expect(server.sessions).toBe(1);
    });
  }

  it('does the file again that has another size than was sent', async () => {
    const { server, ...sent } = await send({
      SIZE: (command) => (command.before === 4 ? '213 7' : command.ordinary()),
    });
    expectAllSent(sent);
    expect(server.sessions).toBe(1);
  });

  it('goes on in the plain way where a name cannot be taken', async () => {
    const { failures, stored, lies } = await send({
      RNTO: (command) => (command.argument === '/f4' ? '553 not this name' : command.ordinary()),
    });
    expect(lies).toEqual([]);
    expect(failures).toEqual([]);
    expect(Object.keys(stored)).toHaveSize(FILES);
  });

  it('believes no name that an answer to another RNFR may have brought about', async () => {
    // Pure-FTPd keeps the file of an earlier RNFR when the next is refused.
    const result = await send({
      RNFR: (command) => {
        if (command.before !== 4) return command.ordinary();
        command.files.delete(command.argument);
        return '550 no such file';
      },
      RNTO: async (command) => {
        const [last = ''] = (running?.commands ?? []).filter((line) => line.startsWith('RNFR')).slice(-1);
        if (command.files.has(last.slice('RNFR '.length))) return command.ordinary();
        command.files.set(command.argument, Buffer.from('of another file'));
        return '250 renamed';
      },
    });
    expectAllSent(result);
  });

  it('takes no old file for the new one when the new one is gone before it got its name', async () => {
    const old = Buffer.from('x'.repeat(11));
    const result = await send({
      MDTM: '213 20200913122640',
      RNFR: (command) => {
        if (command.before !== 4) return command.ordinary();
        // Of the same size and time, and all that is left.
        command.files.delete(command.argument);
        command.files.set('/f4', old);
        return '550 no such file';
      },
    });
    expectAllSent(result);
  });

  it('goes on with no part that it has not sent itself', async () => {
    const temporary = `/${temporaryName(talkRules.pairId, 'f5', { size: 12, mtimeMs: TIME })}`;
    let isRefused = false;
    const result = await send({
      STOR: (command) => {
        if (command.argument !== temporary || isRefused) return command.ordinary();
        isRefused = true;
        command.files.set(temporary, Buffer.from('of another!!'));
        return '450 busy';
      },
    });
    expect(isRefused).toBeTrue();
    expectAllSent(result);
  });

  // Everything that the server says is counted, and one thing in it is spoilt: in what comes before the first file is
  // sent ahead, in the midst of it, and at its end.
  const spoilings: Readonly<Record<string, (reply: string, next: string) => string>> = {
    'says twice': (reply, next) => `${reply}${reply}${next}`,
    'says too late': (reply, next) => `${next}${reply}`,
    'says 226 instead of': (_reply, next) => `226 what?\r\n${next}`,
    'says 250 instead of': (_reply, next) => `250 what?\r\n${next}`,
    'says 213 instead of': (_reply, next) => `213 12\r\n${next}`,
    'does not say': (_reply, next) => next,
  };
  for (const [how, spoil] of Object.entries(spoilings)) {
    it(`calls nothing done that is not, whichever answer the server ${how}`, async () => {
      const places = [...Array(60).keys()].map((index) => index + 16);
      const outcomes = inLanes(60, places, async (place) => {
        const { lies, stored, wanted } = await send({}, spoilt(place, spoil), { timeoutMs: SOON_MS });
        return { place, lies, missing: Object.keys(wanted).filter((path) => stored[path] !== wanted[path]) };
      });
      for (const { place, ...wrong } of await Promise.all(outcomes)) {
        expect(wrong).withContext(`answer ${place}`).toEqual({ lies: [], missing: [] });
      }
    }, 120_000);
  }

  it('reads answers that come byte by byte', async () => {
    const { server, ...sent } = await send({}, (text) => [...text]);
    expectAllSent(sent);
    expect(server.sessions).toBe(1);
  });
});

/** Spoil the answer that comes in a place, together with the one behind it. */
function spoilt(place: number, spoil: (reply: string, next: string) => string): Cut {
  let count = 0;
  let held = '';
  return (text) => {
    count += 1;
    if (count === place) {
      held = text;
      return [];
    }
    return count === place + 1 ? [spoil(held, text)] : [text];
  };
}
