import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTimetable } from '../../lib/base/timetable.ts';
import type { Site } from '../../lib/ftp/site.ts';
import { openTransport } from '../../lib/mirror/open-transport.ts';
import type { MirrorParameters } from '../../lib/mirror/parameters.ts';
import type { Transport } from '../../lib/transfer/transport.ts';
import { plainParameters } from '../support/mirror-parameters.ts';
import { ScriptedServer } from '../support/scripted-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LONG_WAIT_MS = 60_000;
const MIB = 2 ** 20;
// Time is real here: a loaded machine may take longer than the limit makes it, but nothing may make it quicker by more than
// what was saved up in a tenth of a second, and the last piece, which nobody waits behind.
const QUICKEST = 0.85;
const SLOWEST = 2;

describe('limits of all connections together', () => {
  const folder = temporaryFolder();
  let server: ScriptedServer;
  let transport: Transport | undefined;

  beforeEach(async () => {
    server = await ScriptedServer.start();
  });

  afterEach(async () => {
    await transport?.disconnect();
    transport = undefined;
    await server.stop();
  });

  for (const [kind, count] of [
    ['P', 8],
    ['T', 4],
    ['A', 8],
    ['1', 1],
  ] as const) {
    it(
      `hold ${kind === '1' ? 'one connection' : `--multi ${kind}${count}`} to a bandwidth`,
      async () => {
        await open({ kind, count }, { bandwidth: parseTimetable('2M') ?? [] });
        const seconds = await timeOf(() => send(count, (3 * MIB) / count));
        expect(seconds).toBeGreaterThan(1.5 * QUICKEST);
        expect(seconds).toBeLessThan(1.5 * SLOWEST);
      },
      LONG_WAIT_MS,
    );
  }

  it(
    'give the whole bandwidth to the only worker that works',
    async () => {
      await open({ kind: 'P', count: 8 }, { bandwidth: parseTimetable('2M') ?? [] });
      const seconds = await timeOf(() => send(1, 3 * MIB));
      expect(seconds).toBeGreaterThan(1.5 * QUICKEST);
      expect(seconds).toBeLessThan(1.5 * SLOWEST);
    },
    LONG_WAIT_MS,
  );

  it(
    'hold all workers to a number of commands',
    async () => {
      await open({ kind: 'P', count: 4 }, { commandsPerSecond: 40 });
      const before = server.commands.length;
      const seconds = await timeOf(() =>
        Promise.all(Array.from({ length: 60 }, (_, at) => transport?.mkdir(`d${at}`))),
      );
      const sent = server.commands.length - before;
      expect(sent).toBeGreaterThan(59);
      // Each worker may begin with one command at once.
      expect((sent - 4) / seconds).toBeLessThan(40 / QUICKEST);
      expect(sent / seconds).toBeGreaterThan(40 / SLOWEST);
    },
    LONG_WAIT_MS,
  );

  it('leave nothing behind, and are no file where there are none', async () => {
    const ours = () => readdirSync(tmpdir()).filter((name) => /^filesmirror-[^-]{6}$/.test(name)).length;
    const before = ours();
    await open({ kind: 'A', count: 2 }, {});
    const without = ours();
    await transport?.disconnect();
    await open({ kind: 'A', count: 2 }, { commandsPerSecond: 1000 });
    const within = ours();
    await transport?.disconnect();
    expect([without, within, ours()]).toEqual([before, before + 1, before]);
  });

  /** All workers are there and logged in when it returns. */
  async function open(multi: MirrorParameters['multi'], limits: MirrorParameters['limits']): Promise<void> {
    const site: Site = server.site;
    transport = openTransport(plainParameters(folder(), { site, multi, limits, timeoutSeconds: 20 }), {
      site,
      localRoot: folder(),
    });
    await send(multi.count, 1);
  }

  async function send(files: number, size: number): Promise<void> {
    mkdirSync(join(folder(), 'near'), { recursive: true });
    await Promise.all(
      Array.from({ length: files }, (_, index) => {
        const source = join(folder(), 'near', `${index}-${size}`);
        writeFileSync(source, Buffer.alloc(size));
        return transport?.upload({ path: `${index}-${size}`, source, size, mtimeMs: 0 });
      }),
    );
  }

  async function timeOf(work: () => Promise<unknown>): Promise<number> {
    const begun = performance.now();
    await work();
    return (performance.now() - begun) / 1000;
  }
});
