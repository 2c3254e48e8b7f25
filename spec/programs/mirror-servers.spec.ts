import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type FarSide, type FarSideKind, farSideKinds, isOurs, startFarSide, urlOf } from '../support/far-side.ts';
import { programs } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { changeTree } from '../support/tree/change-tree.ts';
import { compareTrees } from '../support/tree/compare-trees.ts';
import { generateTree } from '../support/tree/generate-tree.ts';

const FILES = 3000;
// Names a server cannot hold are left out for that server only.
const SEED = 20190312;
// A run takes seconds on an idle machine, and this must not be what fails on a busy one.
const PATIENCE_MS = 240_000;

describe('the mirror program, end to end,', () => {
  const folder = temporaryFolder();
  const run = programs();

  for (const kind of farSideKinds) {
    // The embedded server is the same one: what its program adds does not depend on how the mirror works.
    for (const multi of kind === 'program' ? ['P4'] : ['P4', 'T4', 'A8', '1']) {
      it(
        `with --multi ${multi} keeps a folder on ${kind} equal to a tree of ${FILES} files that changes in every way`,
        async () => {
          const far = await startFarSide(kind);
          try {
            await mirrorTwice(far, multi);
          } finally {
            await far.stop();
          }
        },
        PATIENCE_MS,
      );
    }
  }

  async function mirrorTwice(far: FarSide, multi: string): Promise<void> {
    const near = join(folder(), 'near');
    mkdirSync(near);
    generateTree(near, { seed: SEED, files: FILES, portable: isPickyAboutNames(far.kind) });
    expect(await mirror(far, multi, near)).toMatch(/ Cycle 1 done in .*3000 files sent/);
    expect(compareTrees(near, join(far.dataFolder, 'site'), { times: true })).toEqual([]);

    expect(changeTree(near, { seed: SEED, rounds: 6 }).length).toBeGreaterThan(30);
    expect(await mirror(far, multi, near)).toMatch(/ Cycle 1 done in .*files removed/);
    expect(compareTrees(near, join(far.dataFolder, 'site'), { times: true })).toEqual([]);

    expect(await mirror(far, multi, near)).toMatch(/ : nothing to do, both sides are equal$/);
  }

  /** @returns the last line of the log */
  async function mirror(far: FarSide, multi: string, near: string): Promise<string> {
    const program = run('bin/mirror.js', {
      args: [urlOf(far, 'site'), near, '99', '1', '--once', '--multi', multi, '--state-dir', join(folder(), 'state')],
      env: { FTP_PASSWORD: far.password },
    });
    const { status, stdout, stderr } = await program.ended;
    const lines = stdout.trimEnd().split('\n');
    expect(stderr).toBe('');
    expect(lines.filter((line) => / - (WARN|ERROR) - /.test(line))).toEqual([]);
    expect(status).toBe(0);
    return lines.at(-1) ?? '';
  }
});

function isPickyAboutNames(kind: FarSideKind): boolean {
  return !isOurs(kind);
}
