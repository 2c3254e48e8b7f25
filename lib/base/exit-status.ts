/**
 * The status each program of the package ends with.
 *
 * Listed in docs/reference/exit-statuses.md; a spec compares the two. 64 to 78 of sysexits.h are not used: callers test
 * for small numbers, and 2 for a usage error is what shells and getopt programs answer.
 */
export const exitStatus = {
  /** Everything that was asked for is done. */
  done: 0,
  /** The run went through to its end, but some entries could not be mirrored. */
  someFailed: 1,
  /** A parameter, option or configuration file is wrong; nothing was touched. */
  usage: 2,
  /** The site cannot be reached, refuses the login, or its folder cannot be made. */
  unreachable: 3,
  /** A guard against losing files stopped the run. */
  guard: 4,
  /** Another instance works on the same pair. */
  busy: 5,
  /** A fault of the program itself. */
  fault: 70,
  /** Stopped by SIGINT (128 + 2) before the work was done. */
  interrupted: 130,
  /** Whoever read the output went away before all of it was written, as `head` does (128 + 13, for SIGPIPE). */
  unread: 141,
  /** Stopped by SIGTERM (128 + 15) before the work was done. */
  terminated: 143,
} as const;
