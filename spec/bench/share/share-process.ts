// Plays a scene with one program, in the network that it was started in. Its argument is a ShareTask as JSON; it writes a
// ShareMessage as a line for all that it measures.
//
//   unshare --net node share-process.js TASK
//
// It ends when its standard input does: then nobody waits for it any more.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../lib/base/coded-error.ts';
import { openLab } from '../lab/lab.ts';
import { contestants } from './contestants.ts';
import { scenes } from './scenes.ts';
import type { ShareMessage, ShareTask } from './share-lane.ts';
import { warmMemory } from './sources.ts';
import { Stage } from './stage.ts';

// An interrupt at the terminal comes to all; the end of the input is what ends it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
// Nobody may read any more what is told.
process.stdout.on('error', () => undefined);

let stage: Stage | undefined;
process.stdin.resume().on('end', () => void stage?.close().finally(() => process.exit(1)));
try {
  const { contestant, scene, folder, sources, changes, warmBytes } = JSON.parse(process.argv[2] ?? '') as ShareTask;
  await openLab(0);
  const outside = join(folder, 'outside');
  mkdirSync(outside, { recursive: true });
  stage = new Stage(contestants[contestant], folder);
  warmMemory(outside, warmBytes);
  await scenes[scene].play({ stage, sources, outside, changes, tell: (row, figures) => tell({ row, figures }) });
  tell({ failure: undefined });
} catch (error) {
  tell({ failure: messageOf(error) });
} finally {
  await stage?.close();
}
process.stdin.destroy();

function tell(message: ShareMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
