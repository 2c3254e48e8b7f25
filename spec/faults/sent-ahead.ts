import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { growTree, type TreeShape } from '../bench/trees.ts';
import { type ForeignServer, startForeignServer } from '../support/foreign-server.ts';
import { median } from '../support/median.ts';
import { RunningProgram } from '../support/run-program.ts';
import { compareTrees } from '../support/tree/compare-trees.ts';
import type { WatchedNames } from '../support/workers/name-watcher.ts';

const CONNECTIONS = 8;
// Now and then two sessions of ProFTPD choose one port in the same moment, and one of them refuses it. Among so few ports it
// happens every five hundred times; those that the system gives on its own lie above.
const FEW_PORTS = [20_000, 20_009] as const;
// A run that waits for a time-out anywhere takes longer than it may: a connection that stands still is a fault here.
const TIMEOUT_SECONDS = 120;
const LONGEST_SECONDS = 60;
// Where all goes wrong, the first problems of a run tell as much as five thousand.
const MOST_PROBLEMS = 20;

/** What was seen. */
export interface SentAhead {
  readonly runs: number;
  /** Files that were watched as they got their names, in all runs. */
  readonly placed: number;
  /** How often the server refused a port, of which it has few in every other run, the first among them. */
  readonly refusedPorts: number;
  readonly medianSeconds: number;
  readonly longestSeconds: number;
  /** What must not be; one line each. */
  readonly problems: readonly string[];
}

/** Send a tree of small files to a new ProFTPD, again and again, and watch there how the files get their names. */
export async function sendAheadOften(shape: TreeShape, runs: number): Promise<SentAhead> {
  const folder = mkdtempSync(join(tmpdir(), 'filesmirror-ahead-'));
  const near = join(folder, 'near');
  mkdirSync(near);
  growTree(near, shape);
  const seconds: number[] = [];
  const problems: string[] = [];
  let placed = 0;
  let refusedPorts = 0;
  try {
    for (let run = 1; run <= runs; run += 1) {
      const server = await startForeignServer('proftpd', run % 2 === 0 ? {} : { passivePorts: FEW_PORTS });
      const state = join(folder, `state ${run}`);
      try {
        const seen = await sendOnce({ near, state, files: shape.files }, server);
        seconds.push(seen.seconds);
        placed += seen.placed;
        problems.push(...seen.problems.map((problem) => `run ${run}: ${problem}`));
        refusedPorts += server.log().match(/"EPSV" 425/g)?.length ?? 0;
      } finally {
        await server.stop();
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    ...{ runs, placed, refusedPorts, problems },
    ...{ medianSeconds: inTenths(median(seconds)), longestSeconds: inTenths(Math.max(...seconds)) },
  };
}

interface Order {
  readonly near: string;
  readonly state: string;
  readonly files: number;
}

interface SentOnce extends Pick<SentAhead, 'placed' | 'problems'> {
  readonly seconds: number;
}

async function sendOnce(order: Order, server: ForeignServer): Promise<SentOnce> {
  const far = join(server.dataFolder, 'far');
  makeFolders(order.near, far, server);
  const watcher = new RunningProgram('dist/spec/support/workers/name-watcher.js', { args: [far] });
  try {
    await watcher.waitForLine(/^watching$/);
    const { seconds, problems } = await mirrorOnce(order, server);
    watcher.signal('SIGTERM');
    const { placed, wrong, mostWaiting, mostKept } = JSON.parse(lastLine((await watcher.ended).stdout)) as WatchedNames;
    const all = [
      ...problems,
      ...(placed === order.files ? [] : [`${placed} files were renamed into place and not touched again`]),
      ...(mostWaiting < mostKept ? [] : [`${mostWaiting} events came at once, and more may be lost`]),
      ...wrong,
      ...compareTrees(order.near, far, { times: true }),
    ];
    return { seconds, placed, problems: all.slice(0, MOST_PROBLEMS) };
  } finally {
    await watcher.stop();
  }
}

async function mirrorOnce(
  { near, state }: Order,
  { user, port, password }: ForeignServer,
): Promise<Omit<SentOnce, 'placed'>> {
  const begun = performance.now();
  const mirror = new RunningProgram('bin/mirror.js', {
    args: [
      ...[`ftp://${user}@127.0.0.1:${port}/far`, near, '9', '1', '--once', '--state-dir', state],
      ...['--connections', String(CONNECTIONS), '--timeout', String(TIMEOUT_SECONDS)],
    ],
    env: { FTP_PASSWORD: password },
  });
  const ended = await Promise.race([mirror.ended, setTimeout(LONGEST_SECONDS * 1000, undefined, { ref: false })]);
  const seconds = (performance.now() - begun) / 1000;
  const { status, stdout, stderr } = ended ?? (await mirror.stop());
  const problems = [
    ...(ended ? [] : [`it has not ended within ${LONGEST_SECONDS} s`]),
    ...(status === 0 ? [] : [`it ended with status ${status}: ${stderr}${lastLine(stdout)}`]),
    ...stdout.split('\n').filter((line) => / - (ERROR|FATAL) - /.test(line)),
  ];
  return { seconds, problems };
}

/** The far folders are there before, so that they are watched from the first file on. */
function makeFolders(near: string, far: string, { dataFolder }: ForeignServer): void {
  const { uid, gid } = statSync(dataFolder);
  for (const folder of [far, ...readdirSync(near).map((name) => join(far, name))]) {
    mkdirSync(folder);
    chownSync(folder, uid, gid);
  }
}

function inTenths(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
