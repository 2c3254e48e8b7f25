import { mkdirSync } from 'node:fs';
import type { Clock } from '../base/clock.ts';
import { codeOf } from '../base/coded-error.ts';
import type { Logger } from '../base/logger.ts';
import { readProblem } from '../base/read-problem.ts';
import { difference } from '../files/difference.ts';
import { Directory, foldersAbove, nameOf, parentOf, walk } from '../files/directory.ts';
import { FilesError } from '../files/files-error.ts';
import type { Filter } from '../files/filter.ts';
import { isFault, isReported, LeftOutIndex } from '../files/left-out.ts';
import { type Scan, scan } from '../files/scan.ts';
import type { LinkPolicy } from '../files/visit.ts';
import { SameFile } from '../transfer/same-file.ts';
import type { Transport } from '../transfer/transport.ts';
import { type CycleSummary, Tally } from './cycle-summary.ts';
import { type FarTree, UNKNOWN_TIME, viewFar } from './far-view.ts';
import { removalsOf } from './guards.ts';
import { describeFarLeftOut, describeLeftOut } from './messages.ts';
import { NearMover } from './near-mover.ts';
import { guardOnce, type OnceGuardRules } from './once-guards.ts';
import { type Plan, plan } from './plan.ts';
import { type Direction, runOnce } from './run-once.ts';

/** What {@link mirrorOnce} works with. */
export interface MirrorOnceOptions {
  readonly direction: Direction;
  /** Connected; its far root is the far folder. */
  readonly transport: Transport;
  /** The far folder as the user knows it. */
  readonly farName: string;
  /** Absolute path of the near folder; made where it is missing and is to be filled. */
  readonly localRoot: string;
  /** An entry directly in the root has depth 1. */
  readonly maxDepth: number;
  /** What becomes of symbolic links in the near folder. */
  readonly links: LinkPolicy;
  /** What is left out, on both sides. */
  readonly filter: Filter;
  /** Paths of further near files that are left out, by what both sides have. */
  readonly leavesOut?: (near: Directory, far: Directory) => readonly string[];
  /** Is what the source does not have removed from the target? Else nothing is ever removed. */
  readonly deletes: boolean;
  readonly guards: OnceGuardRules;
  /** Only tell what would be done. */
  readonly dryRun: boolean;
  /** Told of the plan that is about to be carried out. */
  readonly onPlan?: (plan: Plan) => void;
  readonly logger: Logger;
  readonly clock: Clock;
  /** No step is begun after it is aborted; what was begun is finished. */
  readonly signal: AbortSignal;
}

/** Both sides as they are now. */
interface Sides {
  readonly near: Pick<Scan, 'root' | 'left'>;
  readonly far: FarTree;
}

/**
 * Make one side equal to the other, once and without a memory: both are looked at whole, compared by size and time, and what
 * differs is moved, the largest files first, as many side by side as the transport has connections.
 *
 * Nothing is removed, not even to make room, where not all of the source could be seen; and nothing that vanished where something
 * went wrong before.
 *
 * @throws GuardError before anything is changed; TransferError when the far side cannot be listed or can do nothing any more;
 *   FilesError when the near folder cannot be read; the reason of the signal when it is aborted before the plan is made
 */
export async function mirrorOnce(options: MirrorOnceOptions): Promise<CycleSummary> {
  const { direction, transport, clock, dryRun, localRoot, onPlan } = options;
  const tally = new Tally(1, clock.now());
  const [scanned, far] = await bothOf(nearOf(options), farOf(options));
  const near = without(options.leavesOut?.(scanned.root, far.root) ?? [], scanned);
  if (direction === 'pull' && !dryRun) makeRoot(localRoot);
  const sides = { near, far: await withKnownTimes(far, near.root, options) };
  const isWhole = tell(sides, tally, options);
  const wanted = planOf(sides, options);
  if (isWhole) guard(wanted, sides, options);
  // What looks gone, or in the way, may be one of those that could not be seen.
  else tally.putOff = removalsOf(wanted).length;
  const todo = isWhole ? wanted : planOf(sides, { ...options, deletes: false });
  if (!dryRun) onPlan?.(todo);
  const target = direction === 'pull' ? near.root : sides.far.root;
  await runOnce(todo, {
    ...{ direction, dryRun, tally, localRoot, logger: options.logger, signal: options.signal },
    mover: direction === 'pull' ? new NearMover(transport, localRoot) : transport,
    knownAt: (path) => target.fileAt(path),
  });
  return tally.summary(clock.now());
}

/** Both have ended when this has. */
async function bothOf<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

async function nearOf(options: MirrorOnceOptions): Promise<Sides['near']> {
  const { direction, localRoot, maxDepth, links, filter, signal } = options;
  try {
    return await scan(localRoot, { maxDepth, links, filter: besidesTemporaries(filter), signal });
  } catch (error) {
    if (codeOf(error) !== 'E_ROOT_MISSING' || direction === 'push') throw error;
    return { root: new Directory(''), left: [] };
  }
}

function makeRoot(root: string): void {
  try {
    mkdirSync(root, { recursive: true });
  } catch (cause) {
    const code = codeOf(cause) === 'EEXIST' ? 'E_ROOT_NOT_A_FOLDER' : 'E_ROOT_UNREADABLE';
    throw new FilesError(code, `Cannot make the folder ${root}: ${readProblem(reasonFor(root, cause))}`, { cause });
  }
}

/** Node's recursive way tells what it found when it looked why it failed, not why: on a disk that may only be read, ENOENT. */
function reasonFor(root: string, cause: unknown): unknown {
  try {
    mkdirSync(root);
    return cause;
  } catch (error) {
    return error;
  }
}

/** What a fetch has left that broke off is nobody's file. */
function besidesTemporaries(filter: Filter): Filter {
  const isTemporary = (path: string) => /(^|\/)\.filesmirror-[^/]+\.part(\.lock)?$/.test(path);
  return {
    leavesOut: (path, kind) => isTemporary(path) || filter.leavesOut(path, kind),
    leavesOutWithParents: (path, kind) => isTemporary(path) || filter.leavesOutWithParents(path, kind),
  };
}

function without(paths: readonly string[], { root, left }: Sides['near']): Sides['near'] {
  for (const path of paths) root.directoryAt(parentOf(path))?.deleteFile(nameOf(path));
  return { root, left: [...left, ...paths.map((path) => ({ path, reason: 'excluded' as const }))] };
}

async function farOf({ direction, transport, filter, maxDepth, signal, dryRun }: MirrorOnceOptions): Promise<FarTree> {
  try {
    return await viewFar({ transport, filter, maxDepth, signal });
  } catch (error) {
    // It is made with the connection, but for a dry run.
    if (direction === 'pull' || !dryRun || codeOf(error) !== 'E_MISSING') throw error;
    return { root: new Directory(''), left: [], isWhole: true };
  }
}

/**
 * The far tree with the times of the near one for all files that are the same: FTP tells whole seconds, and a far side that
 * keeps no times tells when a file was sent.
 */
async function withKnownTimes(far: FarTree, near: Directory, options: MirrorOnceOptions): Promise<FarTree> {
  const isSame = await judgeOf(far, near, options);
  for (const { path, directory } of walk(far.root)) {
    const there = near.directoryAt(path);
    for (const file of there ? [...directory.files()] : []) {
      const known = there?.file(file.name);
      if (known && file.mtimeMs !== UNKNOWN_TIME && isSame.is(known, { kind: 'file', ...file })) {
        directory.setFile(known);
      }
    }
  }
  return far;
}

async function judgeOf(far: FarTree, near: Directory, { direction, transport }: MirrorOnceOptions): Promise<SameFile> {
  // What is fetched gets its time by us.
  if (direction === 'pull') return new SameFile(true);
  for (const { path, directory } of walk(far.root)) {
    const there = near.directoryAt(path);
    for (const { name, size, mtimeMs } of there ? directory.files() : []) {
      const known = there?.file(name);
      if (known?.size !== size || mtimeMs === UNKNOWN_TIME || mtimeMs < known.mtimeMs) continue;
      return new SameFile(await transport.keepsTimes(path === '' ? name : `${path}/${name}`, mtimeMs));
    }
  }
  return new SameFile(true);
}

function planOf({ near, far }: Sides, { direction, filter, maxDepth, deletes }: MirrorOnceOptions): Plan {
  const [source, target] = direction === 'pull' ? [far, near] : [near, far];
  const index = new LeftOutIndex(source.left);
  const filled = foldersAbove(target.left.map(({ path }) => path));
  const keeps = (path: string, kind: 'file' | 'directory') =>
    !deletes ||
    index.has(path) ||
    filled.has(path) ||
    path.split('/').length > maxDepth ||
    filter.leavesOutWithParents(path, kind);
  return plan(difference(target.root, source.root), { root: source.root, keeps });
}

function guard(todo: Plan, { near, far }: Sides, { direction, farName, localRoot, guards }: MirrorOnceOptions): void {
  const [here, there] = [
    { name: localRoot, root: near.root },
    { name: farName, root: far.root },
  ];
  guardOnce(todo, direction === 'pull' ? { source: there, target: here } : { source: here, target: there }, guards);
}

/** @returns could all of the source be seen? */
function tell({ near, far }: Sides, tally: Tally, { direction, logger }: MirrorOnceOptions): boolean {
  const isPull = direction === 'pull';
  // Of the target only what could not be seen: what else lies there is nobody's business.
  const here = near.left.filter(({ reason }) => (isPull ? isFault(reason) : isReported(reason)));
  const there = far.left.filter(({ reason }) => isReported(reason) && (isPull || reason !== 'special'));
  for (const line of [...here.map((entry) => describeLeftOut(entry)), ...there.map(describeFarLeftOut)])
    logger.warn(line);
  tally.leftOut = here.length + there.length;
  tally.unreadable = [...here, ...there].filter(({ reason }) => isFault(reason)).length;
  // A name that the target cannot have is an entry that is missing there.
  tally.failed = (isPull ? there : here).filter(({ reason }) => reason === 'name').length;
  return tally.unreadable === 0 && far.isWhole;
}
