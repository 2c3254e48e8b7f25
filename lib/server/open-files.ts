import { readFileSync } from 'node:fs';
import type { AdmissionRules } from './admission/admission-rules.ts';

// Node's own, the log, the lock and the control socket, and some that are open for a moment only.
const OWN = 32;
/** A session in the midst of a transfer: control connection, file, data connection or its listener, and the one before it. */
const PER_SESSION = 4;

/** How many files this process may have open; `undefined` where the system does not tell. */
export function mostOpenFiles(): number | undefined {
  try {
    const soft = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

/**
 * The rules with no more sessions than there are descriptors for: half of them for those who are logged in, a quarter for
 * those who are not yet, and what is left for replies to those who are sent away.
 *
 * Without it somebody's transfer would fail for want of a descriptor that another one holds.
 */
export function withinOpenFiles<Rules extends Pick<AdmissionRules, 'sessions' | 'pending'>>(
  rules: Rules,
  openFiles: number | undefined,
): Rules {
  if (openFiles === undefined) return rules;
  const free = Math.max(0, openFiles - OWN);
  const sessions = Math.max(1, Math.floor(free / 2 / PER_SESSION));
  const pending = Math.max(1, Math.floor(free / 4));
  return { ...rules, sessions: Math.min(rules.sessions, sessions), pending: Math.min(rules.pending, pending) };
}
