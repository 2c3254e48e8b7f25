/*
 * Loaded into a program before its own code, by NODE_OPTIONS=--import: measures how long the event loop of its main thread had
 * no turn. At each SIGUSR2 it adds a line to the file that EVENT_LOOP_FILE names: the longest such time since the one before, in
 * milliseconds.
 */
import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const { EVENT_LOOP_FILE: file } = process.env;
if (isMainThread && file !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  process.on('SIGUSR2', () => {
    appendFileSync(file, `${delay.max / 1e6}\n`);
    delay.reset();
  });
}
