/*
 * Loaded into a program before its own code, by NODE_OPTIONS=--import: measures how long the event loop of its main thread had
 * no turn. At each SIGUSR2 it adds a line to the file that EVENT_LOOP_FILE names: the longest such time since the one before, and
 * the longest such time without what the thread waited for a processor that others had, both in milliseconds.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

// Often enough to see what matters, and hardly any work.
const TURN_MS = 2;

const { EVENT_LOOP_FILE: file } = process.env;
if (isMainThread && file !== undefined) {
  let [longest, longestOwn] = [0, 0];
  let last = { at: performance.now(), waited: waitedMs() };
  // It keeps nothing from its end.
  setInterval(() => {
    const now = { at: performance.now(), waited: waitedMs() };
    const gap = now.at - last.at;
    longest = Math.max(longest, gap);
    longestOwn = Math.max(longestOwn, gap - (now.waited - last.waited));
    last = now;
  }, TURN_MS).unref();
  process.on('SIGUSR2', () => {
    appendFileSync(file, `${longest} ${longestOwn}\n`);
    [longest, longestOwn] = [0, 0];
  });
}

/** How long the main thread could have run, and nobody let it; proc(5) does not tell everywhere. */
function waitedMs(): number {
  try {
    // The time that it ran, the time that it waited, and how often it ran: the times in nanoseconds.
    const [, waited] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
    return Number(waited) / 1e6;
  } catch {
    return 0;
  }
}
