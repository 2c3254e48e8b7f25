import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlLine } from '../support/control-line.ts';
import { servedFolder } from '../support/ftp-server.ts';

// Enough for some hundred swaps; each command is tried so often, and more often until it has met both places.
const ROUNDS = 150;
const MOST_ROUNDS = 1_000;

// A folder and a link to outside change places as fast as they can.
const SWAPPER = `const { renameSync } = require('node:fs');
  for (;;) {
    renameSync('in', 'away'); renameSync('link', 'in'); renameSync('in', 'link'); renameSync('away', 'in');
  }`;

/** Tries something for the so-many-th time. @returns the code it was answered with */
type Deed = (line: ControlLine, round: number) => Promise<number>;

const deeds: Readonly<Record<string, Deed>> = {
  'STOR makes nothing': async (line, round) => {
    const data = await line.dataConnection();
    const begun = await line.code(`STOR in/new-${round}`);
    if (begun !== 150) return begun;
    data.end('mine');
    return (await line.reply()).code;
  },
  'STOR cuts nothing': async (line, round) => {
    const data = await line.dataConnection();
    const begun = await line.code(`STOR in/file-${round}`);
    if (begun !== 150) return begun;
    data.end();
    return (await line.reply()).code;
  },
  'MKD makes nothing': (line, round) => line.code(`MKD in/new-${round}`),
  'DELE removes nothing': (line, round) => line.code(`DELE in/file-${round}`),
  'RMD removes nothing': (line, round) => line.code(`RMD in/folder-${round}`),
  'RNTO puts nothing': async (line, round) => {
    await line.code(`RNFR file-${round}`);
    return line.code(`RNTO in/new-${round}`);
  },
  'RNFR takes nothing': async (line, round) => {
    const found = await line.code(`RNFR in/file-${round}`);
    return found === 350 ? line.code(`RNTO taken-${round}`) : found;
  },
  'MFMT changes nothing': (line, round) => line.code(`MFMT 20010203040506 in/file-${round}`),
  'MLSD tells nothing of what is': async (line) => {
    const data = await line.dataConnection();
    let listed = '';
    data.setEncoding('utf8').on('data', (text) => {
      listed += text;
    });
    const closed = once(data, 'close');
    const begun = await line.code('MLSD in');
    const code = begun === 150 ? (await line.reply()).code : begun;
    await closed;
    expect(listed).not.toContain('secret');
    return code;
  },
};

describe('threat 12: while somebody swaps a folder for a link to outside', () => {
  const served = servedFolder();
  let swapper: ChildProcess;

  /** Everything outside, as a text. */
  function lookOutside(): readonly string[] {
    return readdirSync(served().outside)
      .map((name) => [name, statSync(join(served().outside, name))] as const)
      .map(([name, { size, mtimeMs }]) => `${name} ${size} ${name.startsWith('folder') ? '' : mtimeMs}`);
  }

  beforeEach(() => {
    const { home, outside } = served();
    const inside = join(home, 'in');
    mkdirSync(inside);
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      for (const folder of [home, inside, outside]) writeFileSync(join(folder, `file-${round}`), 'content');
      for (const folder of [inside, outside]) mkdirSync(join(folder, `folder-${round}`));
    }
    writeFileSync(join(outside, 'secret'), '');
    symlinkSync(outside, join(home, 'link'));
    swapper = spawn(process.execPath, ['-e', SWAPPER], { cwd: home });
  });

  for (const [what, deed] of Object.entries(deeds)) {
    it(`${what} there`, async () => {
      const before = lookOutside();
      const line = await served().session();
      const codes = new Set<number>();
      for (let round = 0; round < MOST_ROUNDS && (round < ROUNDS || codes.size < 2); round += 1) {
        codes.add(await deed(line, round));
      }
      swapper.kill();
      await once(swapper, 'close');
      expect(lookOutside()).toEqual(before);
      // The swapper was met, and nothing broke.
      expect([...codes].filter((code) => code >= 400)).toEqual([550]);
      expect(Math.min(...codes)).toBeLessThan(300);
    });
  }
});
