import { systemClock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { showDuration } from '../base/show-duration.ts';
import { TalkToFtpMulti } from '../far/talk-to-ftp-multi.ts';
import { openTransferPool } from '../far/transfer-pool.ts';
import { makeFilter } from '../files/filter.ts';
import { parsePattern } from '../files/pattern.ts';
import type { CycleSummary } from '../sync/cycle-summary.ts';
import { DEFAULT_DELETE_LIMIT, type DeleteLimit } from '../sync/guards.ts';
import { bytes } from '../sync/messages.ts';
import { mirrorOnce } from '../sync/mirror-once.ts';
import { pairIdOf } from '../sync/pair.ts';
import type { Direction } from '../sync/run-once.ts';
import type { JobEnd } from '../transfer/progress.ts';
import { ClientError } from './client-error.ts';
import type { CommandContext } from './command-context.ts';
import { type Output, shownName } from './output.ts';
import { PART_SUFFIX } from './part-file.ts';
import { unfinishedParts } from './unfinished-parts.ts';

/** Two folders of which one is to become equal to the other. */
export interface MirrorOrder {
  readonly direction: Direction;
  /** Absolute paths. */
  readonly near: string;
  readonly far: string;
  readonly deletes: boolean;
  readonly dryRun: boolean;
  /** Patterns as in .gitignore. */
  readonly excluded: readonly string[];
  readonly connections: number;
  readonly maxDepth: number;
  /** `undefined` for the usual limit. */
  readonly mostDeleted: number | undefined;
  readonly allowEmpty: boolean;
}

// What is under way when somebody presses Ctrl-C is given so long to come to its end.
const GRACE_MS = 1000;

/**
 * Make one folder equal to another, over connections of its own.
 *
 * @throws GuardError, TransferError, FilesError; ClientError E_INTERRUPTED
 */
export async function mirrorFolders(order: MirrorOrder, context: CommandContext): Promise<CycleSummary> {
  const { output, signal } = context;
  const transport = transportFor(order, context);
  const stop = () => void transport.disconnect(GRACE_MS);
  signal.addEventListener('abort', stop);
  transport.events.on('end', (end) => tell(end, output));
  tellOutages(transport, output);
  try {
    if (order.direction === 'pull' || !order.dryRun) await transport.connect();
    const summary = await mirrorOnce({
      ...{ direction: order.direction, transport, farName: order.far, localRoot: order.near, maxDepth: order.maxDepth },
      ...{ links: 'skip' as const, deletes: order.deletes, dryRun: order.dryRun, signal, clock: systemClock },
      filter: makeFilter({ patterns: order.excluded.map((pattern) => parsePattern(pattern, 'mirror --exclude')) }),
      leavesOut: (here, there) => {
        const parts = unfinishedParts(here, there);
        if (order.direction === 'push') tellParts(parts, output);
        return parts;
      },
      guards: { maxDelete: limitOf(order), allowEmpty: order.allowEmpty },
      logger: loggerTo(output),
    });
    if (signal.aborted) throw new ClientError('E_INTERRUPTED', 'Interrupted');
    return summary;
  } catch (error) {
    if (signal.aborted) throw new ClientError('E_INTERRUPTED', 'Interrupted', { cause: error });
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await transport.disconnect();
  }
}

function transportFor(
  { near, far, direction, dryRun, connections }: MirrorOrder,
  context: CommandContext,
): TalkToFtpMulti {
  const { session, settings } = context;
  const { login } = session;
  if (!login) throw new ClientError('E_NO_LOGIN', 'There is no site: open one first');
  const { timeout, retries, verify, bwlimit } = settings.values;
  const site = { ...login.site, directory: far };
  const rules = {
    ...{ timeoutMs: timeout * 1000, attempts: retries + 1, pairId: pairIdOf({ site, localRoot: near }) },
    ...{ makesRoot: direction === 'push' && !dryRun, verify: verify ? ('hash' as const) : ('size' as const) },
    limits: bwlimit === undefined ? {} : { bandwidth: bwlimit, workers: { most: connections } },
  };
  return new TalkToFtpMulti({ site, rules, tls: login.tls }, openTransferPool('A', connections));
}

/** What waits for a server looks like what hangs. */
function tellOutages({ events }: TalkToFtpMulti, output: Output): void {
  events.on('away', ({ forMs, error }) => {
    const how = forMs === 0 ? 'away' : `still away, for ${showDuration(forMs)} by now`;
    output.note(shownName(`The server is ${how} : ${error.message}; Ctrl-C ends the waiting`));
  });
  events.on('back', ({ forMs }) => output.note(`The server is back, after ${showDuration(forMs)}`));
}

function tellParts(paths: readonly string[], output: Output): void {
  for (const path of paths.filter((each) => each.endsWith(PART_SUFFIX))) {
    output.note(shownName(`Left out : ${path}, a get has not finished it`));
  }
}

function limitOf({ mostDeleted }: MirrorOrder): DeleteLimit {
  return mostDeleted === undefined ? DEFAULT_DELETE_LIMIT : { unit: 'entries', most: mostDeleted };
}

const DONE: Readonly<Partial<Record<JobEnd['kind'], string>>> = {
  upload: 'Sent',
  download: 'Fetched',
  remove: 'Removed',
  mkdir: 'Made',
  rmdir: 'Removed',
};

/** Failures are told by who runs the plan, with what comes of them. */
function tell({ kind, path, bytes: moved, error }: JobEnd, output: Output): void {
  const done = DONE[kind];
  if (error || done === undefined) return;
  const size = kind === 'upload' || kind === 'download' ? ` (${bytes(moved)})` : '';
  output.show({ facts: { done: kind, path, bytes: moved }, lines: [`${done} ${shownName(path)}${size}`] });
}

/** What a mirror logs of what goes on is what a dry run would do; what was done is told by its end. */
function loggerTo(output: Output): Logger {
  return {
    tellsDebug: false,
    debug: () => undefined,
    info: (message) => {
      output.show({ facts: { would: message.replace(/^Dry run : /, '') }, lines: [shownName(message)] });
    },
    warn: (message) => output.note(shownName(message)),
    error: (message) => output.fail(new ClientError('E_NOT_ALL', message)),
    close: async () => undefined,
  };
}
