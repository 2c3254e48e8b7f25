import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMirror } from '../../lib/mirror/run-mirror.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { MemoryTransport } from '../support/memory-transport.ts';
import { plainParameters } from '../support/mirror-parameters.ts';
import { asPlainUser } from '../support/plain-user.ts';
import { recordingLogger } from '../support/recording-logger.ts';

describe('A mirror whose journal cannot be used', () => {
  const doubts: Readonly<Record<string, { readonly spoil: (file: string) => void; readonly why: string }>> = {
    'since it may not be read': {
      spoil: (file) => chmodSync(file, 0),
      why: 'there is no permission',
    },
    'since it is something else': {
      spoil: (file) => writeFileSync(file, 'something else\n'),
      why: 'it is the journal of something else, or of another version',
    },
    'since it is damaged': {
      spoil: (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('\n', '\n["f","half\n')),
      why: 'line 2 cannot be read',
    },
    'since it is not text': {
      spoil: (file) => writeFileSync(file, Buffer.from([0xff, 0x0a]), { flag: 'a' }),
      why: 'it is not text in UTF-8',
    },
    'since it is too large': {
      spoil: (file) => truncateSync(file, 3 * 2 ** 30),
      why: 'it is too large to read',
    },
  };

  for (const [what, { spoil, why }] of Object.entries(doubts)) {
    it(`${what}, says so in one line, lists the site, and neither removes nor sends what it need not`, async () => {
      await asPlainUser(async () => {
        const folder = mkdtempSync(join(tmpdir(), 'filesmirror-spec-'));
        try {
          await goOnAfter(spoil, { folder, why });
        } finally {
          rmSync(folder, { recursive: true });
        }
      });
    });
  }

  async function goOnAfter(
    spoil: (file: string) => void,
    { folder, why }: { readonly folder: string; readonly why: string },
  ): Promise<void> {
    const near = join(folder, 'near');
    mkdirSync(near);
    for (const name of ['same', 'removed']) writeFileSync(join(near, name), name);
    const transport = new MemoryTransport();
    const logger = recordingLogger();
    const parameters = plainParameters(folder);
    const pair = { site: parameters.site, localRoot: near };
    const run = () => {
      const { signal } = new AbortController();
      return runMirror({
        parameters,
        pair,
        transport,
        logger,
        clock: new ManualClock(),
        signal,
        onPlan: () => undefined,
      });
    };
    expect(await run()).toBe(0);

    spoil(join(folder, 'state', readdirSync(join(folder, 'state'))[0] ?? ''));
    rmSync(join(near, 'removed'));
    writeFileSync(join(near, 'new'), 'new');
    transport.tree.putFile('strange', 'not ours');
    transport.calls.length = 0;
    logger.lines.length = 0;
    expect(await run()).toBe(0);
    const told = logger.lines.filter((line) => /^(warn|error) /.test(line));
    expect(told).toEqual([`warn The journal of earlier runs cannot be used, ${why} : the site is listed instead`]);
    expect(transport.callsOf('list')).toEqual(['list ']);
    expect(transport.callsOf('upload', 'remove')).toEqual(['upload new']);
    expect(Object.keys(transport.tree.all()).sort()).toEqual(['new', 'removed', 'same', 'strange']);

    transport.calls.length = 0;
    expect(await run()).toBe(0);
    expect(transport.callsOf('connect', 'list')).toEqual([]);
  }
});
