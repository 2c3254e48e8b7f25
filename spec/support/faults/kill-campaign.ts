import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { childrenOf, isRunning } from '../processes.ts';
import { RunningProgram } from '../run-program.ts';
import { type SeededRandom, seededRandom } from '../seeded-random.ts';
import { compareTrees } from '../tree/compare-trees.ts';
import type { Watched } from '../workers/torn-file-watcher.ts';
import { JobLog } from './job-log.ts';
import { journalErrors } from './journal-errors.ts';
import type { MortalServer } from './mortal-server.ts';
import { VersionedTree } from './versioned-tree.ts';

/** What is to be done. */
export interface KillOrder {
  readonly kills: number;
  readonly seed: number;
  /** Files of the tree. */
  readonly files: number;
}

/** What was seen. */
export interface KillFigures {
  readonly seed: number;
  /** How often each of them was killed: `the mirror`, `a child`, and what the server calls itself. */
  readonly killed: Readonly<Record<string, number>>;
  /** Moments at which jobs were begun and not ended. */
  readonly inFlight: number;
  /** Versions of the tree that were mirrored to the end. */
  readonly versions: number;
  /** Files that were stored to their end, in all. */
  readonly stored: number;
  /** How many of them once more than it takes. */
  readonly storedAgain: number;
  /** How often a file of the site was read meanwhile. */
  readonly reads: number;
  /** What must not be; one line each. */
  readonly problems: readonly string[];
}

const WORKERS = 2;
// One is on its way, one is compared, one gets its name.
const UNDER_WAY = 3;
// A mirror that tells nothing for so long hangs: it tells each job.
const LONGEST_SILENCE_MS = 60_000;
// Between two kills so many jobs begin on average: most versions of the tree meet several.
const JOBS_BETWEEN = 100;

/** Mirror version after version of a tree, and kill somebody at random moments until it was often enough. */
export async function killCampaign(order: KillOrder, server: MortalServer): Promise<KillFigures> {
  const campaign = new Campaign(order, server);
  try {
    return await campaign.run();
  } finally {
    await campaign.end();
  }
}

class Campaign {
  readonly #order: KillOrder;
  readonly #server: MortalServer;
  readonly #random: SeededRandom;
  readonly #folder = mkdtempSync(join(tmpdir(), 'filesmirror-kill-'));
  readonly #tree: VersionedTree;
  readonly #far: string;
  readonly #watcher: RunningProgram;
  readonly #problems: string[] = [];
  readonly #killed: Record<string, number> = {};
  #mirror: RunningProgram | undefined;
  #log = new JobLog();
  #kills = 0;
  #inFlight = 0;

  constructor(order: KillOrder, server: MortalServer) {
    this.#order = order;
    this.#server = server;
    this.#random = seededRandom(order.seed);
    this.#tree = new VersionedTree(join(this.#folder, 'near'), order.files);
    this.#far = join(server.dataFolder, 'site');
    mkdirSync(this.#tree.root);
    this.#watcher = new RunningProgram('dist/spec/support/workers/torn-file-watcher.js', { args: [this.#far] });
  }

  async run(): Promise<KillFigures> {
    while (this.#kills < this.#order.kills && this.#problems.length === 0) {
      this.#tree.writeNext();
      await this.#mirrorToTheEnd();
      if (this.#problems.length === 0) this.#check();
    }
    const stored = this.#server.stored();
    const storedAgain = stored.length - new Set(stored).size;
    const { reads, torn } = await this.#watched();
    // A worker stores one file at a time: no more of them can be under way when somebody is killed.
    if (storedAgain > WORKERS * UNDER_WAY * this.#kills)
      this.#problems.push(`${storedAgain} files were stored once more`);
    return {
      ...{ seed: this.#order.seed, killed: this.#killed, inFlight: this.#inFlight, versions: this.#tree.version },
      ...{ stored: stored.length, storedAgain, reads },
      problems: [...this.#problems, ...torn],
    };
  }

  async end(): Promise<void> {
    await Promise.all([this.#mirror?.stop(), this.#watcher.stop()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Start the mirror, again whenever it was killed, until it has come to its end by itself. */
  async #mirrorToTheEnd(): Promise<void> {
    for (;;) {
      const mirror = this.#start();
      const ended = mirror.ended;
      for (let isKilled = false; !isKilled; ) {
        if (this.#kills >= this.#order.kills || !(await this.#momentComes(ended))) {
          const { status, stdout, stderr } = await ended;
          if (status === 0) return;
          this.#problems.push(
            `the mirror ended with status ${status}: ${stderr}${stdout.split('\n').slice(-4).join('\n')}`,
          );
          return;
        }
        isKilled = await this.#killSomebody(mirror);
      }
    }
  }

  #start(): RunningProgram {
    const { port, user, password } = this.#server;
    const to = `ftp://${user}@127.0.0.1:${port}/site`;
    this.#mirror = new RunningProgram('bin/mirror.js', {
      args: [
        ...[to, this.#tree.root, '9', '1', '--once', '--multi', `P${WORKERS}`, '--log-format', 'json'],
        ...['--state-dir', join(this.#folder, 'state')],
      ],
      env: { FTP_PASSWORD: password },
    });
    this.#log = new JobLog();
    const log = this.#log;
    this.#mirror.onOutput((text) => log.read(text));
    this.#endIfSilent(this.#mirror);
    return this.#mirror;
  }

  #endIfSilent(mirror: RunningProgram): void {
    const watch = globalThis.setTimeout(() => {
      this.#problems.push(`the mirror told nothing for ${LONGEST_SILENCE_MS / 1000} s`);
      mirror.signal('SIGKILL');
    }, LONGEST_SILENCE_MS);
    mirror.onOutput(() => watch.refresh());
    void mirror.ended.then(() => clearTimeout(watch));
  }

  /** Most moments lie behind a certain number of jobs, some anywhere. @returns false when the mirror ends before */
  async #momentComes(ended: Promise<unknown>): Promise<boolean> {
    const moment = this.#random.chance(0.1)
      ? setTimeout(this.#random.integer(1500))
      : this.#log.begun(this.#random.integer(2 * JOBS_BETWEEN)).then(() => setTimeout(this.#random.integer(15)));
    return Promise.race([moment.then(() => true), ended.then(() => false)]);
  }

  /** @returns whether it was the mirror itself */
  async #killSomebody(mirror: RunningProgram): Promise<boolean> {
    const children = childrenOf(mirror.pid);
    const inFlight = this.#log.inFlight;
    // A server that is away at the very begin ends a run after some tries, and so it should.
    const whom = this.#random.pick(['mirror', 'mirror', 'child', this.#log.hasBegun ? 'server' : 'mirror'] as const);
    if (whom === 'child' && children.length > 0) {
      process.kill(this.#random.pick(children), 'SIGKILL');
      this.#count('a child', inFlight);
    } else if (whom === 'server') {
      const killed = await this.#server.kill(this.#random);
      if (killed !== undefined) this.#count(killed, inFlight);
    } else {
      await mirror.stop();
      this.#count('the mirror', this.#log.inFlight);
      await this.#gone(children);
      return true;
    }
    return false;
  }

  #count(whom: string, inFlight: number): void {
    this.#kills += 1;
    this.#killed[whom] = (this.#killed[whom] ?? 0) + 1;
    if (inFlight > 0) this.#inFlight += 1;
  }

  /** Children of a killed mirror have to end by themselves. */
  async #gone(children: readonly number[]): Promise<void> {
    for (let tries = 0; tries < 500; tries += 1) {
      if (!children.some(isRunning)) return;
      await setTimeout(20);
    }
    this.#problems.push('a child outlived the mirror by 10 s');
  }

  #check(): void {
    const { port, user } = this.#server;
    const site = { protocol: 'ftp', host: '127.0.0.1', port, user, directory: 'site' } as const;
    const found = [
      ...compareTrees(this.#tree.root, this.#far, { times: true }),
      ...journalErrors(join(this.#folder, 'state'), { site, localRoot: this.#tree.root }, this.#far),
    ];
    this.#problems.push(...found.map((line) => `version ${this.#tree.version}: ${line}`));
  }

  async #watched(): Promise<Watched> {
    this.#watcher.signal('SIGTERM');
    const { stdout, stderr } = await this.#watcher.ended;
    if (stdout === '') throw new Error(`the watcher failed: ${stderr}`);
    return JSON.parse(stdout) as Watched;
  }
}
