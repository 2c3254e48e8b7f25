import type { Looker } from '../looker.ts';
import type { EntryPath } from '../model/entry.ts';
import type { Task } from '../replica/places.ts';
import type { Replica } from '../replica/replica.ts';
import type { Fetch } from '../transfer/fetch.ts';
import type { Fetcher } from '../transfer/fetcher.ts';
import { problemsOf, type Trouble } from './problems.ts';
import type { Problem } from './share-desk.ts';

/** Who knows what waits. */
export interface Waiting {
  readonly replica: Pick<Replica, 'tasks' | 'held'>;
  readonly fetcher: Pick<Fetcher, 'fetches'>;
  readonly looker: Pick<Looker, 'reading' | 'restless'>;
}

/** What is neither here and told, nor under way, nor failed: and what it waits for. */
export function whatWaits({ replica, fetcher, looker }: Waiting): readonly Problem[] {
  const restless = new Set(looker.restless);
  const reading = [...looker.reading].filter((path) => !restless.has(path));
  const fetches = new Map([...fetcher.fetches].flatMap((fetch) => [...fetch.paths].map((path) => [path, fetch])));
  const tasks = [...replica.tasks()].flatMap((task) => {
    const { path } = task.entry;
    const reason = reasonOf(task, fetches.get(path), replica);
    return reason === undefined ? [] : [{ path, reason }];
  });
  return problemsOf([
    ...because('it is being written: it is read when it rests', restless),
    ...because('it is being read', reading),
    ...tasks,
  ]);
}

function because(reason: string, paths: Iterable<EntryPath>): readonly Trouble[] {
  return [...paths].map((path) => ({ path, reason }));
}

function reasonOf(
  { step, entry: { path } }: Task,
  fetch: Fetch | undefined,
  replica: Waiting['replica'],
): string | undefined {
  switch (step) {
    case 'blocked':
      return replica.held(path)?.entry.content.type === 'directory'
        ? 'what is in the folder has to go first'
        : 'the folder above it has to come first';
    case 'fetching':
      if (fetch === undefined) return 'nobody who is here can give it';
      return fetch.isOpen ? undefined : 'others come first';
    case 'applying':
    case 'looking':
    case 'failed':
      // The disk is at it, or it is told elsewhere.
      return undefined;
  }
}
