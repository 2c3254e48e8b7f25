import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** One call of the system that a program made. */
export interface SystemCall {
  readonly name: string;
  /** What the file descriptor it was made for leads to: a path, or `pipe:[1]`. */
  readonly file: string;
  /** All that was handed over, as strace writes it. */
  readonly given: string;
  /** When it was begun and when it had ended, in seconds since 1970. */
  readonly begun: number;
  readonly ended: number;
}

const run = promisify(execFile);

// A call that another thread's call came between is on two lines.
const LINE =
  /^(\d+) +([\d.]+) (?:<\.\.\. (\w+) resumed>.*?|(\w+)\(\d+<(.*?)>(.*?))(<unfinished \.\.\.>|= .*<([\d.]+)>)$/;

/**
 * Run `node ARGUMENTS` to its end and see which of these calls it makes, in all its threads and children.
 *
 * @param calls names; only such whose first argument is a file descriptor
 * @param file where strace may write
 */
export async function traced(
  calls: readonly string[],
  words: readonly string[],
  { file, env = {} }: { readonly file: string; readonly env?: Readonly<Record<string, string>> },
): Promise<readonly SystemCall[]> {
  const how = ['-f', '--seccomp-bpf', '-ttt', '-T', '-y', '-s', '200', '-e', `trace=${calls.join(',')}`, '-o', file];
  await run('strace', [...how, process.execPath, ...words], { env: { ...process.env, ...env } });
  const made: SystemCall[] = [];
  const open = new Map<string, SystemCall>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, thread = '', at, , name, path = '', given = '', , took] = LINE.exec(line) ?? [];
    const before = open.get(thread);
    if (name !== undefined) {
      const call = { name, file: path, given, begun: Number(at), ended: Number(at) + Number(took ?? Number.NaN) };
      if (took === undefined) open.set(thread, call);
      else made.push(call);
    } else if (before && took !== undefined) {
      open.delete(thread);
      made.push({ ...before, ended: before.begun + Number(took) });
    }
  }
  return made.sort((one, other) => one.begun - other.begun);
}
