// The benchmark of sharing: npm run bench:share. See docs/benchmarks.md.
//
//   node dist/spec/bench/share/main.js [--only ROW[,ROW...]] [--rounds N] [--scale F] [--with NAME[,NAME...]] [--folder DIR]
//
// --only   rows by the beginnings of their names: delta. Those before them with the same peers are run too
// --rounds for a quick look: fewer rounds, or more
// --scale  a part of all amounts: 0.05
// --with   programs by the beginnings of their names: ours
// --folder where all of it is; without it where temporary files are
//
// Without --only, --scale and --with, and with three rounds or more, docs/benchmarks.md gets what came out.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from '../../documents/pages.ts';
import { missingForLab } from '../lab/lab.ts';
import { shareSurroundings } from '../machine.ts';
import { putPart } from '../marked-parts.ts';
import { asMarkdown } from '../page.ts';
import { asText } from '../table.ts';
import { contestantNames } from './contestant.ts';
import { contestants } from './contestants.ts';
import { shareRows } from './rows.ts';
import { runScenes } from './run-scenes.ts';
import { figuresInOrder, shareTable } from './share-table.ts';

const ROUNDS = 5;
// The least of which a median tells anything.
const ENOUGH_ROUNDS = 3;

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { only: text, rounds: text, scale: text, with: text, folder: text } });
const isWanted = (list: string | undefined, name: string) =>
  list?.split(',').some((beginning) => name.startsWith(beginning)) ?? true;
const rows = shareRows.filter(({ id }) => isWanted(values.only, id));
const missing = missingForLab();
if (missing !== undefined) {
  say(missing);
  process.exit(1);
}
if (rows.length === 0) say('there is no such row; docs/benchmarks.md tells their names');
const wanted = contestantNames.filter((name) => isWanted(values.with, name));
const reasons = wanted.map((name) => [name, contestants[name].missing()] as const);
for (const [name, reason] of reasons) if (reason !== undefined) say(`${name} is left out: ${reason}`);
const names = reasons.filter(([, reason]) => reason === undefined).map(([name]) => name);

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
const folder = mkdtempSync(join(values.folder ?? tmpdir(), 'filesmirror-bench-'));
const scale = Number(values.scale ?? 1);
const rounds = Number(values.rounds ?? ROUNDS);
let faults = 0;
const results = await runScenes(rows, {
  ...{ contestants: names, rounds, scale, folder, signal: stop.signal },
  onSample(row, { contestant, figures }) {
    const all = figuresInOrder.flatMap((figure) => {
      const value = figures[figure];
      return value === undefined ? [] : [`${figure} ${value.toFixed(3)}`];
    });
    say(`${row}: ${contestant}: ${all.join(', ')}`);
  },
  onFault(scene, contestant, fault) {
    faults += 1;
    say(`${scene}: ${contestant} FAILED: ${fault}`);
  },
}).finally(() => rmSync(folder, { recursive: true, force: true }));

const tables = figuresInOrder.map((figure) => shareTable(results, figure, scale === 1));
for (const table of tables) say(`\n${asText(table)}`);
const isWhole = [values.only, values.scale, values.with].every((value) => value === undefined);
if (isWhole && rounds >= ENOUGH_ROUNDS && names.length === contestantNames.length && !stop.signal.aborted) {
  const page = join(repository, 'docs/benchmarks.md');
  const facts = shareSurroundings(values.folder ?? tmpdir());
  const content = [[['what', 'version'], ...facts], ...tables].map(asMarkdown).join('\n\n');
  writeFileSync(page, putPart(readFileSync(page, 'utf8'), 'share', content, 'bench:share'));
  say('\nwritten into docs/benchmarks.md');
} else {
  say('\nnot written into docs/benchmarks.md: all programs, rows and amounts are needed for that');
}
process.exitCode = stop.signal.aborted || faults > 0 ? 1 : 0;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
