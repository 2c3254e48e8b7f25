import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TalkToFtp } from '../../lib/far/talk-to-ftp.ts';
import type { TalkRules } from '../../lib/far/transfer-jobs.ts';
import type { Site } from '../../lib/ftp/site.ts';
import type { JobEnd } from '../../lib/transfer/progress.ts';
import { type FarSide, farSideKinds, startFarSide } from '../support/far-side.ts';
import type { Fault } from '../support/faults/fault.ts';
import { FaultProxy } from '../support/faults/fault-proxy.ts';
import { talkRules } from '../support/talk-rules.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { FetchErrand, FetchNews } from '../support/workers/file-fetcher.ts';

const MIB = 1024 * 1024;
const TIME = Date.UTC(2021, 2, 4, 5, 6, 7);
const FETCHER = fileURLToPath(new URL('../support/workers/file-fetcher.js', import.meta.url));

function bytesOf(length: number): Buffer {
  const content = Buffer.alloc(length);
  for (let at = 0; at < length; at += 4096) createHash('sha256').update(`${at}`).digest().copy(content, at);
  return content;
}

const CONTENT = bytesOf(20 * MIB);

for (const kind of farSideKinds) {
  describe(`a large download from ${kind}`, () => {
    const folder = temporaryFolder();
    let far: FarSide;
    let proxy: FaultProxy;
    let target: string;
    let fetchers: ChildProcess[];

    beforeEach(async () => {
      fetchers = [];
      far = await startFarSide(kind);
      proxy = await FaultProxy.start(far);
      writeFileSync(join(far.dataFolder, 'large'), CONTENT);
      utimesSync(join(far.dataFolder, 'large'), TIME / 1000, TIME / 1000);
      mkdirSync(join(folder(), 'here'));
      target = join(folder(), 'here', 'file');
    }, 60_000);
    afterEach(async () => {
      for (const fetcher of fetchers) fetcher.kill('SIGKILL');
      await proxy?.stop();
      await far?.stop();
    });

    const site = (): Site => {
      const { user, password } = far;
      return { protocol: 'ftp', host: '127.0.0.1', port: proxy.port, user, password, directory: '' };
    };

    async function fetchOver(faults: readonly Fault[], rules: Partial<TalkRules> = {}): Promise<JobEnd> {
      proxy.arm(...faults);
      const talk = new TalkToFtp({ site: site(), rules: { ...talkRules, timeoutMs: 2000, attempts: 5, ...rules } });
      const ended = once(talk.events, 'end');
      try {
        await talk.download({ path: 'large', target });
      } finally {
        await talk.disconnect();
      }
      return (await ended)[0] as JobEnd;
    }

    function expectWhole(): void {
      expect(readFileSync(target).equals(CONTENT)).toBeTrue();
      expect(statSync(target).mtimeMs).toBe(TIME);
      expect(readdirSync(join(target, '..'))).toEqual(['file']);
    }

    it('goes on where its data connection was torn, and fetches hardly more than is missing', async () => {
      const { bytes, resumedAt = 0 } = await fetchOver([{ data: /^RETR /, at: 10 * MIB, goes: 'RST' }]);
      expect(proxy.happened).toEqual([1]);
      expect(resumedAt).toBeGreaterThan(0);
      expect(bytes + resumedAt).toBe(CONTENT.length);
      expectWhole();
    });

    for (const [what, fault] of [
      ['before the port is told', { command: /^(EPSV|PASV)/, before: 'RST' }],
      ['behind the command', { command: /^RETR /, before: 'FIN' }],
      ['in place of its last answer', { command: /^RETR /, after: 'RST' }],
      ['when it is asked whether the file is still the same', { command: /^SIZE /, nth: 2, before: 'RST' }],
      ['in order, in the middle of the content', { data: /^RETR /, at: 5 * MIB, goes: 'FIN' }],
      ['by silence, in the middle of the content', { data: /^RETR /, at: 5 * MIB, goes: 'silence' }],
    ] as const satisfies readonly (readonly [string, Fault])[]) {
      it(`is whole though it was cut ${what}`, async () => {
        await fetchOver([fault]);
        expect(proxy.happened).toEqual([1]);
        expectWhole();
      }, 60_000);
    }

    it('C3: goes on when the process before was killed at 40 %', async () => {
      const errand = (rules: Partial<TalkRules>): FetchErrand => ({
        ...{ site: site(), download: { path: 'large', target } },
        rules: { ...talkRules, ...rules },
      });
      const news = async (fetchErrand: FetchErrand, isEnough: (news: FetchNews) => boolean): Promise<FetchNews> => {
        const fetcher = spawn(process.execPath, [FETCHER], { stdio: ['pipe', 'pipe', 'inherit'] });
        fetcher.stdin.end(JSON.stringify(fetchErrand));
        fetchers.push(fetcher);
        let last: FetchNews = { bytes: 0, isDone: false };
        for await (const line of createInterface({ input: fetcher.stdout })) {
          last = JSON.parse(line) as FetchNews;
          if (isEnough(last)) fetcher.kill('SIGKILL');
        }
        return last;
      };
      const slow = { limits: { bandwidth: [{ minute: 0, bytesPerSecond: 20 * MIB }] } };
      const killed = await news(errand(slow), ({ bytes }) => bytes >= 0.4 * CONTENT.length);
      expect(killed.isDone).toBeFalse();
      expect(readdirSync(join(target, '..'))).not.toContain('file');
      const { resumedAt = 0, isDone, bytes } = await news(errand({}), () => false);
      expect(isDone).toBeTrue();
      expect(bytes).toBe(CONTENT.length);
      expect(resumedAt).toBeGreaterThan(0.25 * CONTENT.length);
      expectWhole();
    }, 60_000);
  });
}
