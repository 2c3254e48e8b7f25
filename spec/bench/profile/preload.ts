// Loaded by Node before a program of ours (--import): writes a CPU profile of the process when it ends, since Node takes
// no --cpu-prof from NODE_OPTIONS, the only way to the workers. A process that is killed leaves none.

import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { basename, join } from 'node:path';

// In the address of this file, since workers get only a few variables of the environment.
const folder = new URL(import.meta.url).searchParams.get('folder') ?? '.';
const name = `${basename(process.argv[1] ?? 'node', '.js')}-${process.pid}.cpuprofile`;
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.start');
process.on('exit', () => {
  session.post('Profiler.stop', (error, { profile }) => {
    if (error === null) writeFileSync(join(folder, name), JSON.stringify(profile));
  });
});
