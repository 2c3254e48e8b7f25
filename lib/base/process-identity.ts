import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { codeOf } from './coded-error.ts';

/** What tells a process from every other, also from one that gets its number later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, as the system writes it; missing where nobody tells. */
  readonly began?: string;
  /** Which start of the machine it belongs to; missing where nobody tells. */
  readonly boot?: string;
  readonly host: string;
}

/** This very process. */
export function thisProcess(): ProcessIdentity {
  const began = beginOf(process.pid);
  const boot = thisBoot();
  return {
    pid: process.pid,
    ...(began === undefined ? {} : { began }),
    ...(boot === undefined ? {} : { boot }),
    host: hostname(),
  };
}

/**
 * Does a process run? `elsewhere`: on another machine, or in a container with another host name; its number says nothing
 * here. Where the system does not tell when a process began, whoever has the number counts as the one that is meant.
 */
export function stateOf(other: ProcessIdentity): 'runs' | 'ended' | 'elsewhere' {
  if (other.host !== hostname()) return 'elsewhere';
  const boot = thisBoot();
  if (other.boot !== undefined && boot !== undefined && other.boot !== boot) return 'ended';
  if (!hasNumber(other.pid)) return 'ended';
  const began = beginOf(other.pid);
  return began === undefined || other.began === undefined || began === other.began ? 'runs' : 'ended';
}

function hasNumber(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: somebody else's, but there.
    return codeOf(error) !== 'ESRCH';
  }
}

// A zombie has ended: it only waits for its parent to take notice, which in a container may be never.
const ENDED = 'ended';

/** When a process began, or that it has ended. */
function beginOf(pid: number): string | undefined {
  try {
    return process.platform === 'linux' ? beginInProc(readFileSync(`/proc/${pid}/stat`, 'utf8')) : beginByPs(pid);
  } catch {
    return undefined;
  }
}

/** proc(5): the state is field 3, and the begin field 22 in ticks since the machine began; field 2 may hold anything. */
export function beginInProc(stat: string): string | undefined {
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? ENDED : fields[18];
}

/** As POSIX has it on every other Unix. */
export function beginByPs(pid: number): string | undefined {
  // Nothing else of ours, in which a password may be.
  const { PATH = '' } = process.env;
  const options = { encoding: 'utf8', env: { PATH, LC_ALL: 'C', TZ: 'UTC' }, stdio: 'pipe' } as const;
  return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], options).trim() || undefined;
}

/** Which start of the machine this is; `undefined` where the system does not tell. */
export function thisBoot(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
}
