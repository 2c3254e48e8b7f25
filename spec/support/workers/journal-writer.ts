import { execFileSync } from 'node:child_process';
import { statSync, writeSync } from 'node:fs';
import { codeOf, messageOf } from '../../../lib/base/coded-error.ts';
import { Journal } from '../../../lib/base/journal.ts';

/**
 * Writes a journal as a program of its own. Arguments: file, header, and one of
 *
 * - `for ever`: appends numbered records without end, and says after each how many are written
 * - `steps`: appends a hundred numbered records, and says each number right after
 * - `full disk`: meets the end of the disk within a record, then goes on when there is room again
 */
const [, , file = '', header = '', how] = process.argv;

const { journal } = Journal.open(file, header, () => undefined);
if (how === 'full disk') meetFullDisk();
else if (how === 'steps') appendInSteps();
else appendForEver();

function appendForEver(): void {
  for (let number = 0; ; number += 1) {
    journal.append(['n', number]);
    process.stdout.write(`${number + 1}\n`);
  }
}

function appendInSteps(): void {
  for (let number = 0; number < 100; number += 1) {
    journal.append(['n', number]);
    writeSync(1, `${number}\n`);
  }
}

function meetFullDisk(): void {
  journal.append(['d', 'before']);
  limitFileTo(String(statSync(file).size + 5));
  try {
    journal.append(['d', 'too much']);
  } catch (error) {
    console.log(codeOf(error), messageOf(error));
  }
  limitFileTo('unlimited');
  journal.append(['d', 'after']);
}

/** The system's own limit on the size of a file: a write up to it succeeds in part, as on a full disk. */
function limitFileTo(bytes: string): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
}
