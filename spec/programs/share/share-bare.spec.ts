import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inOwnNetwork, missingForLab } from '../../bench/lab/lab.ts';
import { programs, type RunningProgram } from '../../support/run-program.ts';
import { untilTrue } from '../../support/share/until.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SCRIPT = join(process.cwd(), 'bin/share.js');
const ADDRESSES = ['10.77.0.1', '10.77.0.2'] as const;

// They call each other again when they are joined, and less and less often before.
const SOON_MS = 40_000;

describe('share, given nothing but --ip', () => {
  const run = programs();
  const folder = temporaryFolder();

  /** Start it in a folder and a network of its own, as on a machine of its own. */
  async function startAt(name: string, other: string) {
    const place = join(folder(), name);
    mkdirSync(place);
    const before = `set -- ${inOwnNetwork.join(' ')} "$@"`;
    const program = run(SCRIPT, { cwd: place, args: ['--ip', other], before });
    await program.waitForLine(/ listening on all addresses, port 21700$/);
    return { program, at: (file: string) => join(place, 'share', file) };
  }

  function connect(one: RunningProgram, other: RunningProgram): void {
    ip(one, `link add line type veth peer name line netns ${other.pid}`);
    for (const [index, program] of [one, other].entries()) {
      ip(program, `address add ${ADDRESSES[index]}/24 dev line`);
      ip(program, 'link set line up');
    }
  }

  it('R11, R23: makes its folder, and brings over what is put there', async () => {
    const missing = missingForLab();
    if (missing !== undefined) pending(missing);
    const [a, b] = [await startAt('a', ADDRESSES[1]), await startAt('b', ADDRESSES[0])];
    connect(a.program, b.program);
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const name = from === a ? 'by a' : 'by b';
      writeFileSync(from.at(name), name);
      await untilTrue(
        () => existsSync(to.at(name)),
        SOON_MS,
        () => `${name} arrives\n${a.program.output.stdout}\n${b.program.output.stdout}`,
      );
      expect(readFileSync(to.at(name), 'utf8')).toBe(name);
    }
    for (const { program } of [a, b]) {
      program.signal('SIGINT');
      expect((await program.ended).status).toBe(0);
    }
  });
});

/** In the network of a program. */
function ip({ pid }: RunningProgram, words: string): void {
  const [program, ...args] = [...inNetworkOf(pid), 'ip', ...words.split(' ')];
  execFileSync(program, args, { stdio: 'pipe' });
}

/** Words that stand before a command that is to run in the network of a process. */
function inNetworkOf(pid: number): readonly [string, ...string[]] {
  return ['nsenter', `--net=/proc/${pid}/ns/net`];
}
