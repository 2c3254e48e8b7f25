// Runs one server of a row, in the network that it was started in. What it has to do is its argument, a ServerTask as JSON. It
// writes a LaneMessage as a line when it is ready, and one for each line that it reads: by then the work was done once.
//
//   unshare --net node server-process.js TASK
//
// It ends when its standard input does: then nobody waits for it any more.

import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { messageOf } from '../../../lib/base/coded-error.ts';
import { openLab } from '../lab/lab.ts';
import { MeasuredServer, type ServerTask } from './measured-server.ts';
import type { LaneMessage } from './server-lane.ts';

// An interrupt at the terminal comes to all; the end of the input is what ends it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
// Nobody may read any more what is told; the server has to be ended nevertheless.
process.stdout.on('error', () => undefined);

let server: MeasuredServer | undefined;
try {
  await openLab(0);
  widenPorts();
  server = await MeasuredServer.start(JSON.parse(process.argv[2] ?? '') as ServerTask);
  tell({ ready: await server.warmUp() });
  for await (const _ of createInterface(process.stdin)) tell({ turn: await server.turn() });
} catch (error) {
  tell({ failure: messageOf(error) });
} finally {
  await server?.stop();
}
process.stdin.destroy();

/**
 * The port of a connection stays taken for a minute after it was closed (TIME_WAIT), and the more are taken, the longer the system
 * looks for a free one for a server that leaves the choice to it: first among a quarter of all, the odd ones of the lower half. The
 * 9,000 connections of a row fill the half of that, which costs nothing yet; 16,000 made a run ten times as long. This
 * holds in this network only.
 */
function widenPorts(): void {
  writeFileSync('/proc/sys/net/ipv4/ip_local_port_range', '1024 65535');
}

function tell(message: LaneMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
