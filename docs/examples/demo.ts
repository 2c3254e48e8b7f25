// npm run demo: a real mirror of real files on this machine, which leaves nothing behind.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changeFolder } from './demo/change-folder.ts';
import { assertEqual, contentsOf, countFiles } from './demo/compare-sides.ts';
import { fillNearFolder } from './demo/near-folder.ts';
import { runMirror } from './demo/run-mirror.ts';
import { type Served, serve } from './demo/serve.ts';

// 128 and the number of the signal, as shells have it.
const STOPS: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
];

process.exitCode = await main();

async function main(): Promise<number> {
  const stop = new AbortController();
  let stopped = 0;
  for (const [name, status] of STOPS) {
    process.on(name, () => {
      stopped = status;
      stop.abort();
    });
  }
  // Whoever reads this may go away; what was begun still has to be cleaned up.
  process.stdout.on('error', () => stop.abort());
  try {
    await demo(stop.signal);
    return 0;
  } catch (error) {
    process.stderr.write(stopped ? 'demo: stopped\n' : `demo: ${error instanceof Error ? error.message : error}\n`);
    return stopped || 1;
  }
}

async function demo(signal: AbortSignal): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'filesmirror-demo-'));
  try {
    const [near, home] = [join(folder, 'near'), join(folder, 'home')];
    for (const path of [near, home]) mkdirSync(path);
    const served = await serve(home);
    try {
      await mirrorAndCompare({ folder, near, far: join(home, 'site'), served, signal });
    } finally {
      await served.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  say('Cleaned up', `server stopped, ${folder} removed`);
}

interface Stage {
  readonly folder: string;
  readonly near: string;
  /** Where the server keeps the far folder. */
  readonly far: string;
  readonly served: Served;
  readonly signal: AbortSignal;
}

async function mirrorAndCompare(stage: Stage): Promise<void> {
  const { near, served } = stage;
  say(
    'FTP server',
    `ours, on ${served.address} port ${served.port}, with the account ${served.user} and a random password`,
  );
  fillNearFolder(near);
  const filled = contentsOf(near);
  const files = countFiles(filled);
  say('Near folder', `${near}, ${files} files in ${filled.size - files} folders, copied from this package`);
  say('Command', `FTP_PASSWORD=... node bin/mirror.js ${argumentsFor(stage).join(' ')}`);

  await mirror('First run', stage);
  compare(stage);
  say('Changed', changeFolder(near));
  await mirror('Second run', stage);
  compare(stage);
  await mirror('Third run', stage);
}

function argumentsFor({ folder, near, served }: Stage): readonly string[] {
  const site = `ftp://${served.user}@${served.address}:${served.port}/site`;
  return [
    site,
    near,
    '20',
    '10',
    '--once',
    '--multi',
    'P2',
    '--state-dir',
    join(folder, 'state'),
    '--log-format',
    'json',
  ];
}

async function mirror(label: string, stage: Stage): Promise<void> {
  const { served, signal } = stage;
  const [begin, before] = [performance.now(), served.connections()];
  const what = await runMirror({ args: argumentsFor(stage), password: served.password, signal });
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  const connections = served.connections() - before;
  say(label, `${what}; ${seconds} s from start to end of the program, connections to the server: ${connections}`);
}

function compare({ near, far }: Stage): void {
  const contents = contentsOf(near);
  assertEqual(contents, contentsOf(far));
  say('Compared', `equal, ${countFiles(contents)} files by the SHA-256 of their content`);
}

function say(label: string, text: string): void {
  process.stdout.write(`${label.padEnd(11)} : ${text}\n`);
}
