import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlLine } from '../support/control-line.ts';
import { serverPrograms } from '../support/server-program.ts';

// Each command is tried so often, and more often until it has met both places; all of them together no more than that.
const ROUNDS = 60;
const MOST_ROUNDS = 1_200;

// A folder and a link to outside change places as fast as they can.
const SWAPPER = `const { renameSync } = require('node:fs');
  for (;;) {
    renameSync('in', 'away'); renameSync('link', 'in'); renameSync('in', 'link'); renameSync('away', 'in');
  }`;

/** Tries something, each time with names that have another number. @returns the code it was answered with */
type Deed = (line: ControlLine, round: number) => Promise<number>;

const deeds: Readonly<Record<string, Deed>> = {
  'RETR sends nothing of what is': async (line, round) => {
    const { code, text } = await received(line, `RETR in/file-${round}`);
    expect(text).not.toContain('outside');
    return code;
  },
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
    const { code, text } = await received(line, 'MLSD in');
    expect(text).not.toContain('secret');
    return code;
  },
};

/** What comes over a data connection, if anything, and the code of the last reply. */
async function received(line: ControlLine, command: string): Promise<{ readonly code: number; readonly text: string }> {
  const data = await line.dataConnection();
  let text = '';
  data.setEncoding('utf8').on('data', (piece) => {
    text += piece;
  });
  // Also by a reset: a connection that was refused before it was seen.
  const closed = new Promise((resolve) => data.once('close', resolve));
  const begun = await line.code(command);
  const code = begun === 150 ? (await line.reply()).code : begun;
  await closed;
  return { code, text };
}

describe('threat 12: the server program, while somebody swaps a folder for a link to outside:', () => {
  const scene = serverPrograms();
  const outside = () => scene().at('outside');
  let swapper: ChildProcess;

  /** Everything outside, as a text. */
  function lookOutside(): readonly string[] {
    return readdirSync(outside())
      .map((name) => [name, statSync(join(outside(), name))] as const)
      .map(([name, { size, mtimeMs }]) => `${name} ${size} ${name.startsWith('folder') ? '' : mtimeMs}`);
  }

  beforeEach(async () => {
    await scene().init();
    const home = scene().at('docs', 'zhangsan');
    const inside = join(home, 'in');
    for (const folder of [inside, outside()]) mkdirSync(folder);
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      for (const folder of [home, inside]) writeFileSync(join(folder, `file-${round}`), 'content');
      writeFileSync(join(outside(), `file-${round}`), 'outside');
      for (const folder of [inside, outside()]) mkdirSync(join(folder, `folder-${round}`));
    }
    writeFileSync(join(outside(), 'secret'), '');
    symlinkSync(outside(), join(home, 'link'));
    swapper = spawn(process.execPath, ['-e', SWAPPER], { cwd: home });
  });

  afterEach(async () => {
    const closed = once(swapper, 'close');
    swapper.kill();
    await closed;
  });

  it('nothing there is read, made, cut, taken or removed', async () => {
    const before = lookOutside();
    const line = await (await scene().start()).session();
    let round = 0;
    for (const [what, deed] of Object.entries(deeds)) {
      const codes = new Set<number>();
      for (const end = round + ROUNDS; round < MOST_ROUNDS && (round < end || codes.size < 2); round += 1) {
        codes.add(await deed(line, round));
      }
      // The swapper was met, and nothing broke.
      expect([...codes].filter((code) => code >= 400))
        .withContext(what)
        .toEqual([550]);
      expect(Math.min(...codes))
        .withContext(what)
        .toBeLessThan(300);
    }
    const after = new Set(lookOutside());
    expect([...before].filter((entry) => !after.delete(entry))).toEqual([]);
    expect([...after]).toEqual([]);
  });
});
