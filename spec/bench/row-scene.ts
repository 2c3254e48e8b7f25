import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../lib/base/coded-error.ts';
import type { ForeignServer } from '../support/foreign-server.ts';
import type { Contestant, Site, Task } from './contestants/contestant.ts';
import type { Sides } from './deeds.ts';
import type { Lab } from './lab/lab.ts';
import { measure } from './measured-run.ts';
import type { Row } from './rows.ts';

/** What a row needs and leaves nothing of. */
export interface RowScene {
  readonly row: Row;
  readonly lab: Lab;
  readonly server: ForeignServer;
  readonly site: Site;
  /** A folder of this row alone. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** The sides of a row, with folders made. */
export function sidesOf({ row, server, site, folder, signal }: RowScene, name = 'far'): Sides {
  const near = join(folder, `near-${name}`);
  const kept = join(folder, 'kept');
  for (const path of [near, kept]) mkdirSync(path, { recursive: true });
  return {
    ...{ near, kept },
    far: join(server.dataFolder, name),
    task: ({ party }) => {
      return { site, near, far: name, removes: row.deed === 'removed', home: join(folder, 'homes', party) };
    },
    async equalize(contestant) {
      await run({ contestant, task: this.task(contestant), at: [] }, { folder, signal });
    },
  };
}

type Attempt = { readonly cost: Awaited<ReturnType<typeof measure>>; readonly fault?: undefined } | Failure;
type Failure = { readonly cost?: undefined; readonly fault: string };

/** Let a contestant do its work once; a failure is a fault of the row, and the others go on. */
export async function attempt(scene: RowScene, contestant: Contestant, task: Task): Promise<Attempt> {
  try {
    const at = scene.lab.atClients;
    return { cost: await run({ contestant, task, at }, scene) };
  } catch (error) {
    scene.signal.throwIfAborted();
    return { fault: messageOf(error) };
  }
}

interface Turn {
  readonly contestant: Contestant;
  readonly task: Task;
  readonly at: readonly string[];
}

async function run({ contestant, task, at }: Turn, { folder, signal }: Pick<RowScene, 'folder' | 'signal'>) {
  mkdirSync(task.home, { recursive: true });
  contestant.prepare?.(task);
  return measure(contestant.command(task), { at, output: join(folder, 'output'), signal });
}
