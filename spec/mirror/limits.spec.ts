import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
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
    mkdirSync(join(folder(), 'state'));
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

  it('are shared by a file beside the journal, which is there only while it is needed', async () => {
    const limits = { commandsPerSecond: 1000 };
    const two = { kind: 'A', count: 2 } as const;
    const seen: string[][] = [];
    for (const [of, dryRun] of [
      [{}, false],
      [limits, true],
      [limits, false],
    ] as const) {
      await open(two, of, dryRun);
      seen.push(readdirSync(join(folder(), 'state')));
      await transport?.disconnect();
    }
    expect(seen).toEqual([[], [], [jasmine.stringMatching(/^127\.0\.0\.1-[0-9a-f]{16}\.working$/)]]);
    expect(readdirSync(join(folder(), 'state'))).toEqual([]);
  });

  it('leave every worker its smallest share in a dry run, which may stand beside a mirror at work', async () => {
    await open({ kind: 'A', count: 4 }, { bandwidth: parseTimetable('2M') ?? [] }, true);
    const seconds = await timeOf(() => send(1, MIB / 2));
    // A second at a quarter of the rate, but for a piece and what was saved up; a quarter of a second at the whole.
    expect(seconds).toBeGreaterThan(0.8);
  });

  /** All workers are there and logged in when it returns. */
  async function open(
    multi: MirrorParameters['multi'],
    limits: MirrorParameters['limits'],
    dryRun = false,
  ): Promise<void> {
    const site: Site = server.site;
    transport = await openTransport(plainParameters(folder(), { site, multi, limits, dryRun, timeoutSeconds: 20 }), {
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
