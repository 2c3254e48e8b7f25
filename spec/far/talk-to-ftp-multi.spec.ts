import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { codeOf } from '../../lib/base/coded-error.ts';
import { TalkToFtpMulti } from '../../lib/far/talk-to-ftp-multi.ts';
import type { TalkRules, TransferEvent, TransferJobs } from '../../lib/far/transfer-jobs.ts';
import { openTransferPool, type PoolKind } from '../../lib/far/transfer-pool.ts';
import { ProcessPool } from '../../lib/pool/process-pool.ts';
import type { SessionInfo } from '../../lib/server/session-events.ts';
import type { JobEnd, JobStart } from '../../lib/transfer/progress.ts';
import type { Upload } from '../../lib/transfer/transport.ts';
import { type EmbeddedServer, startEmbeddedServer } from '../support/embedded-server.ts';
import { FaultProxy } from '../support/faults/fault-proxy.ts';
import { childrenOf, tcpPortsOfThisProcess } from '../support/processes.ts';
import { talkRules } from '../support/talk-rules.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { listenTo, refusalOf } from '../support/transport-probe.ts';

const LONG_WAIT_MS = 120_000;

describe('TalkToFtpMulti', () => {
  const near = temporaryFolder();
  let embedded: EmbeddedServer;
  let talk: TalkToFtpMulti;

  beforeEach(async () => {
    embedded = await startEmbeddedServer();
  });

  afterEach(async () => {
    await talk.disconnect();
    await embedded.stop();
  });

  function open(kind: PoolKind, size: number, rules: Partial<TalkRules> = {}, children = size): TalkToFtpMulti {
    const pool = openTransferPool(kind, size, children);
    talk = new TalkToFtpMulti({ site: embedded.site, rules: { ...talkRules, ...rules } }, pool);
    return talk;
  }

  function upload(path: string, content: string | Buffer = path): Upload {
    const source = join(near(), path.replaceAll('/', '_'));
    writeFileSync(source, content);
    utimesSync(source, 1_600_000_000, 1_600_000_000);
    return { path, source, size: Buffer.byteLength(content), mtimeMs: 1_600_000_000_000 };
  }

  /** Folders, files in them, and the removal of half of it: `4 * (2 + 2 * files)` jobs for each of so many rounds. */
  async function manyJobs(folders: number, files: number): Promise<number> {
    const names = [...Array(folders).keys()].map((index) => `d${index}`);
    await Promise.all(names.map((name) => talk.mkdir(name)));
    const paths = names.flatMap((name) => [...Array(files).keys()].map((index) => `${name}/f${index}`));
    await Promise.all(paths.map((path) => talk.upload(upload(path))));
    const gone = names.filter((_, index) => index % 2 === 1);
    await Promise.all(
      paths.filter((path) => gone.some((name) => path.startsWith(`${name}/`))).map((path) => talk.remove(path)),
    );
    await Promise.all(gone.map((name) => talk.rmdir(name)));
    return names.length + paths.length + gone.length * (files + 1);
  }

  it('tells once what the far side cannot do, although each worker finds it out', async () => {
    const proxy = await FaultProxy.start({ host: '127.0.0.1', port: embedded.site.port });
    try {
      // Our own server can do it: what each worker asks for is answered without.
      proxy.arm({ command: /^FEAT$/, answer: '211-I can\r\n SIZE\r\n MFMT\r\n211 that\r\n', times: 2 });
      const site = { ...embedded.site, port: proxy.port };
      talk = new TalkToFtpMulti({ site, rules: { ...talkRules, verify: 'hash' } }, openTransferPool('P', 2));
      const notes: string[] = [];
      talk.events.on('note', (note) => notes.push(note));
      const { ends } = listenTo(talk);
      await Promise.all([...Array(40).keys()].map((index) => talk.upload(upload(`f${index}`))));
      expect(new Set(ends.map(({ worker }) => worker)).size).toBe(2);
      expect(notes).toEqual(['no-hash']);
    } finally {
      await proxy.stop();
    }
  });

  for (const [what, command] of [
    ['the 226', (temporary: string) => new RegExp(`^STOR .*${temporary}$`)],
    ['the answer to the renaming', () => /^RNTO .*\/large$/],
  ] as const) {
    it(`sends a large file once when ${what} was lost, though another worker tries again`, async () => {
      const proxy = await FaultProxy.start({ host: '127.0.0.1', port: embedded.site.port });
      try {
        const site = { ...embedded.site, port: proxy.port };
        const rules = { ...talkRules, attempts: 3, resumeAbove: 1000 };
        talk = new TalkToFtpMulti({ site, rules }, openTransferPool('A', 2));
        const large = upload('large', 'x'.repeat(3_000_000));
        proxy.arm({ command: command(talk.temporaryOf(large)), after: 'RST' });
        await talk.connect();
        await Promise.all([...Array(40).keys()].map((index) => talk.upload(upload(`f${index}`))));
        const { ends } = listenTo(talk);
        let stored = 0;
        embedded.server.events.on('requestReceived', ({ verb }) => {
          if (verb === 'STOR') stored += 1;
        });
        await talk.upload(large);
        expect(proxy.happened).toEqual([1]);
        expect(new Set(ends.map(({ worker }) => worker)).size).toBe(2);
        expect(stored).toBe(1);
        expect(readFileSync(join(embedded.dataFolder, 'large')).length).toBe(3_000_000);
      } finally {
        await proxy.stop();
      }
    });
  }

  it(
    'does 2,000 jobs in 8 children, each with one start and one end, and none of them in this process',
    async () => {
      const sessions: SessionInfo[] = [];
      const commands = new Map<number, string[]>();
      const portsHere = new Set<number>();
      const look = (): void => {
        const { local } = tcpPortsOfThisProcess();
        for (const port of local) portsHere.add(port);
      };
      embedded.server.events.on('sessionOpened', ({ session }) => sessions.push(session));
      embedded.server.events.on('requestReceived', ({ session, verb }) => {
        commands.set(session.id, [...(commands.get(session.id) ?? []), verb]);
        // Each session is looked at while it lives, when it logs in and when it stores.
        if (verb === 'PASS') look();
      });
      open('P', 8);
      await talk.connect();
      const heard = listenTo(talk);
      const count = await manyJobs(32, 40);
      look();
      expect(count).toBeGreaterThanOrEqual(1950);

      const children = new Set(childrenOf(process.pid).map(String));
      expect(heard.starts.length).toBe(count);
      expect(heard.ends.length).toBe(count);
      expect(new Set(heard.starts.map(({ job }) => job)).size).toBe(count);
      expect(heard.ends.filter(({ error }) => error)).toEqual([]);
      const startOf = new Map<number, JobStart>(heard.starts.map((start) => [start.job, start]));
      const apart = heard.ends.filter(({ bytes: _b, tookMs: _t, ...of }: JobEnd) => {
        const begun = startOf.get(of.job);
        return begun?.worker !== of.worker || begun.at !== of.at || begun.path !== of.path;
      });
      expect(apart).toEqual([]);

      // Every session came from a port that no socket of this process has: the server's own end is another one.
      expect(sessions.length).toBe(8);
      expect(portsHere.size).toBeGreaterThan(0);
      expect(sessions.filter(({ remotePort }) => portsHere.has(remotePort))).toEqual([]);
      expect(new Set(heard.starts.map(({ worker }) => worker)).size).toBe(8);
      expect(heard.starts.filter(({ worker }) => !children.has(worker) || worker === `${process.pid}`)).toEqual([]);
      for (const verbs of commands.values()) expect(verbs.filter((verb) => verb === 'PASS').length).toBe(1);

      const kept = readdirSync(embedded.dataFolder);
      expect(kept.length).toBe(16);
      expect(kept.every((name) => readdirSync(join(embedded.dataFolder, name)).length === 40)).toBeTrue();
      expect(readFileSync(join(embedded.dataFolder, 'd2/f39'), 'utf8')).toBe('d2/f39');
    },
    LONG_WAIT_MS,
  );

  it(
    'would be seen by that proof if it worked in this process',
    async () => {
      const sessions: SessionInfo[] = [];
      const portsHere = new Set<number>();
      embedded.server.events.on('requestReceived', ({ session, verb }) => {
        if (verb !== 'PASS') return;
        sessions.push(session);
        for (const port of tcpPortsOfThisProcess().local) portsHere.add(port);
      });
      open('A', 2);
      await talk.connect();
      expect(sessions.filter(({ remotePort }) => portsHere.has(remotePort)).length).toBe(1);
    },
    LONG_WAIT_MS,
  );

  for (const [size, children] of [
    [3, 3],
    [6, 2],
  ] as const) {
    it(
      `does the jobs of a killed child in another one, with ${size} connections in ${children}`,
      async () => {
        open('P', size, { attempts: 3 }, children);
        await talk.connect();
        mkdirSync(join(embedded.dataFolder, 'd'));
        const heard = listenTo(talk);
        let killed = 0;
        // With a file that takes long, so that the child is surely at work.
        talk.events.on('start', ({ path, worker }) => {
          if (killed !== 0 || path !== 'd/f150') return;
          killed = Number.parseInt(worker, 10);
          process.kill(killed, 'SIGKILL');
        });
        const slow = Buffer.alloc(32 * 1024 * 1024);
        const paths = [...Array(300).keys()].map((index) => `d/f${index}`);
        const results = await Promise.allSettled(
          paths.map((path) => talk.upload(upload(path, path === 'd/f150' ? slow : path.repeat(500)))),
        );
        expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
        expect(killed).not.toBe(0);
        expect(readdirSync(join(embedded.dataFolder, 'd')).filter((name) => !name.endsWith('.part')).length).toBe(300);
        expect(readFileSync(join(embedded.dataFolder, 'd/f299'), 'utf8')).toBe('d/f299'.repeat(500));

        const key = ({ job, attempt }: { job: number; attempt: number }) => `${job} ${attempt}`;
        expect(heard.ends.map(key).sort()).toEqual(heard.starts.map(key).sort());
        const done = heard.ends.filter(({ error }) => !error).map(({ job }) => job);
        expect(new Set(done).size).toBe(300);
        expect(heard.ends.filter(({ error }) => error && error.code !== 'E_WORKER')).toEqual([]);
        const again = heard.starts.filter(({ attempt }) => attempt > 1);
        expect(again.length).toBeGreaterThan(0);
        expect(again.filter(({ worker }) => Number.parseInt(worker, 10) === killed)).toEqual([]);
      },
      LONG_WAIT_MS,
    );
  }

  it(
    'gives a job up with E_WORKER when every worker dies with it, and does the others',
    async () => {
      open('P', 2, { attempts: 3 });
      talk.events.on('start', ({ path, worker }) => {
        if (path === 'poison') process.kill(Number(worker), 'SIGKILL');
      });
      const heard = listenTo(talk);
      const large = upload('poison', Buffer.alloc(32 * 1024 * 1024));
      const others = [...Array(30).keys()].map((index) => talk.mkdir(`d${index}`));
      const [poisoned] = await Promise.all([refusalOf(talk.upload(large)), ...others]);
      expect([poisoned.code, poisoned.retry]).toEqual(['E_WORKER', true]);
      expect(poisoned.message).toContain('upload poison');
      const ofPoison = heard.ends.filter(({ path }) => path === 'poison');
      expect(ofPoison.map(({ attempt, error }) => [attempt, error?.code])).toEqual([
        [1, 'E_WORKER'],
        [2, 'E_WORKER'],
        [3, 'E_WORKER'],
      ]);
      expect(readdirSync(embedded.dataFolder).filter((name) => /^d\d+$/.test(name)).length).toBe(30);
      expect(readdirSync(embedded.dataFolder)).not.toContain('poison');
    },
    LONG_WAIT_MS,
  );

  for (const kind of ['P', 'T', 'A'] as const) {
    it(
      `finishes what is with a worker and refuses the rest with E_CLOSED when it is closed (${kind})`,
      async () => {
        open(kind, 1);
        const heard = listenTo(talk);
        const begun = new Promise((resolve) => talk.events.once('start', resolve));
        const calls = [...Array(100).keys()].map((index) => talk.mkdir(`d${index}`));
        const settled = Promise.allSettled(calls);
        await begun;
        await talk.disconnect();
        const results = await settled;
        const made = results.filter(({ status }) => status === 'fulfilled').length;
        const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
        expect(made).toBe(readdirSync(embedded.dataFolder).length);
        expect(made).toBeGreaterThan(0);
        expect(refused).toEqual(Array(100 - made).fill('E_CLOSED'));
        expect(refused.length).toBeGreaterThan(0);
        expect([heard.starts.length, heard.ends.length]).toEqual([made, made]);
        expect(childrenOf(process.pid).length).toBe(0);
      },
      LONG_WAIT_MS,
    );
  }

  it(
    'does not call a job unbegun that a lost worker may have done, when it is closed before the next try',
    async () => {
      let chance = 0;
      // Those that the worker died with get their next try one after the other, with time in between.
      talk = new TalkToFtpMulti(
        { site: embedded.site, rules: { ...talkRules, attempts: 3 } },
        openTransferPool('P', 1),
        { random: () => (chance += 0.1) },
      );
      talk.events.once('start', ({ worker }) => process.kill(Number(worker), 'SIGKILL'));
      const again = new Promise<void>((resolve) => {
        talk.events.on('start', ({ attempt }) => attempt > 1 && resolve());
      });
      // Half of the jobs travel together; the first is at work long enough to be killed, and tried again alone.
      const large = talk.upload(upload('large', Buffer.alloc(15 * 1024 * 1024)));
      const small = [...Array(11).keys()].map((index) => talk.mkdir(`d${index}`));
      const settled = Promise.allSettled([large, ...small]);
      await again;
      await talk.disconnect();
      const codes = (await settled).map((result) => (result.status === 'rejected' ? codeOf(result.reason) : 'done'));
      expect(codes).toEqual(['done', ...Array(5).fill('E_WORKER'), ...Array(6).fill('done')]);
    },
    LONG_WAIT_MS,
  );

  /** The child is started within the next turns of the event loop; the spec's own time bounds the waiting. */
  async function killFirstChild(): Promise<void> {
    while (childrenOf(process.pid).length === 0) await turn();
    for (const child of childrenOf(process.pid)) process.kill(child, 'SIGKILL');
  }

  it(
    'tells when no worker can be started',
    async () => {
      open('P', 1);
      const connected = refusalOf(talk.connect());
      await killFirstChild();
      expect((await connected).code).toBe('E_WORKER');
    },
    LONG_WAIT_MS,
  );

  it(
    'connects by another worker when the first one is killed while it connects',
    async () => {
      open('P', 1, { attempts: 2 });
      const connected = talk.connect();
      await killFirstChild();
      expect(await connected).toBeFalse();
    },
    LONG_WAIT_MS,
  );

  it(
    'does the jobs of a child that is stopped in another one',
    async () => {
      const pool = new ProcessPool<TransferJobs, TransferEvent>({
        entry: new URL('../../lib/far/transfer-worker.js', import.meta.url),
        ...{ kind: 'process', size: 2, environment: {}, silenceMs: 1500 },
      });
      talk = new TalkToFtpMulti({ site: embedded.site, rules: { ...talkRules, attempts: 2 } }, pool);
      await talk.connect();
      const stopped = new Promise<number>((resolve) => {
        talk.events.once('start', ({ worker }) => {
          process.kill(Number(worker), 'SIGSTOP');
          resolve(Number(worker));
        });
      });
      const heard = listenTo(talk);
      const paths = [...Array(40).keys()].map((index) => `f${index}`);
      await Promise.all(paths.map((path) => talk.upload(upload(path, path.repeat(500)))));
      expect(readdirSync(embedded.dataFolder).sort()).toEqual(paths.sort());
      const broken = heard.ends.filter(({ error }) => error);
      // One is under way, and perhaps the next one was sent ahead.
      expect(new Set(broken.map(({ worker, error }) => `${worker} ${error?.code}`))).toEqual(
        new Set([`${await stopped} E_WORKER`]),
      );
      expect(broken.length).toBeLessThan(3);
      expect(childrenOf(process.pid)).not.toContain(await stopped);
    },
    LONG_WAIT_MS,
  );

  it(
    'lets no child see the password or the variables of this program',
    async () => {
      const secret = 'a very secret word';
      await embedded.stop();
      embedded = await startEmbeddedServer(secret);
      const before = { ...process.env };
      Object.assign(process.env, { FTP_PASSWORD: secret, FILESMIRROR_PASSWORD: secret, FILESMIRROR_RETRIES: '3' });
      try {
        open('P', 2);
        await talk.connect();
        await Promise.all([...Array(8).keys()].map((index) => talk.mkdir(`d${index}`)));
        const children = childrenOf(process.pid);
        expect(children.length).toBe(2);
        for (const child of children) {
          const seen = ['environ', 'cmdline'].map((file) => readFileSync(`/proc/${child}/${file}`, 'utf8')).join('\0');
          expect(seen).toContain('transfer-worker.js');
          expect(seen).not.toMatch(/a very secret word|FTP_PASSWORD|FILESMIRROR_/);
        }
      } finally {
        for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
        Object.assign(process.env, before);
      }
    },
    LONG_WAIT_MS,
  );
});
