/*
 * Loaded into a program before its own code, by NODE_OPTIONS=--import: measures how long the event loop of its main thread had
 * no turn. At each SIGUSR2 it adds a line to the file that EVENT_LOOP_FILE names, all in milliseconds: the longest such time
 * since the one before, the longest without what the thread waited for a processor that others had, and the longest for which
 * it had a processor.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

// Often enough to see what matters, and hardly any work.
const TURN_MS = 2;

const { EVENT_LOOP_FILE: file } = process.env;
if (isMainThread && file !== undefined) {
  let longest = [0, 0, 0];
  let last = { at: performance.now(), ...scheduled() };
  // It keeps nothing from its end.
  setInterval(() => {
    const now = { at: performance.now(), ...scheduled() };
    const gap = now.at - last.at;
    const times = [gap, gap - (now.waited - last.waited), now.ran - last.ran];
    longest = times.map((time, index) => Math.max(time, longest[index] ?? 0));
    last = now;
  }, TURN_MS).unref();
  process.on('SIGUSR2', () => {
    appendFileSync(file, `${longest.join(' ')}\n`);
    longest = [0, 0, 0];
  });
}

/** How long the main thread had a processor, and how long it could have run and nobody let it; proc(5) does not tell everywhere. */
function scheduled(): { ran: number; waited: number } {
  try {
    // In nanoseconds; how often it ran comes behind.
    const [ran, waited] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
    return { ran: Number(ran) / 1e6, waited: Number(waited) / 1e6 };
  } catch {
    return { ran: 0, waited: 0 };
  }
}
