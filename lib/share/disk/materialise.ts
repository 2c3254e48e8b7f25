import { mkdirSync, renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Pace } from '../../files/pace.ts';
import { printable } from '../../files/printable.ts';
import type { LinkPolicy } from '../../files/visit.ts';
import type { EntryPath } from '../model/entry.ts';
import { copyWhole, freshFolder } from './copies.ts';
import type { DiskSync } from './disk-sync.ts';
import { glance, type Shareable } from './glance.ts';
import { identityOf, statShare } from './guard.ts';
import { moveAway, putBack } from './steps.ts';
import { UNCERTAIN, type Visit, Walk } from './walk.ts';

/** Where, and with what. */
export interface ShareFolders {
  /** The folder of the share, without a link in it. */
  readonly root: string;
  /** Where peers keep what they know about the share. */
  readonly stateFolder: string;
  /** Of it, where files lie that are not finished; on the disk of the share. */
  readonly tmp: string;
  readonly links: LinkPolicy;
  /** Is what begins with a dot not shared? */
  readonly leavesDots?: boolean | undefined;
}

interface Shown {
  readonly path: EntryPath;
  readonly where: string;
  readonly kind: Shareable['kind'];
}

/**
 * Put a real folder in place of a link to a folder, with copies of all that the link showed: what lies outside the share is read
 * and never changed.
 *
 * @param path of the link
 * @param kept where the link is kept, and nothing is
 * @returns `changed` where it could not be done since something changed meanwhile; or why it cannot be done, in words. All is as it
 *   was then
 * @throws an error of the system; all is as it was then
 */
export async function materialise(
  path: EntryPath,
  folders: ShareFolders,
  sync: DiskSync,
  kept: () => string,
): Promise<'done' | 'changed' | { readonly reason: string }> {
  const where = `${folders.root}/${path}`;
  const link = glance(where, 'follow');
  if (link.kind !== 'folder' || link.link === undefined) return 'changed';
  const { shown, hidden } = await shownAt(path, folders);
  if (hidden !== undefined) return { reason: `a link to a folder shows what cannot be read: ${printable(hidden)}` };
  const copy = freshFolder(folders.tmp);
  try {
    if (!(await copyAll(shown, path, copy, sync))) return 'changed';
    const place = kept();
    if (moveAway(where, link, place) === 'changed') return 'changed';
    try {
      renameSync(copy, where);
    } catch (error) {
      putBack(place, where);
      throw error;
    }
    return 'done';
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** What somebody sees who looks there, and what of it cannot be seen. */
async function shownAt(
  path: EntryPath,
  folders: ShareFolders,
): Promise<{ readonly shown: readonly Shown[]; readonly hidden: EntryPath | undefined }> {
  const shown: Shown[] = [];
  const hidden: EntryPath[] = [];
  const walk = walkOf(folders, {
    take: (at, where, { kind }) => shown.push({ path: at, where, kind }),
    leave: ({ path: at, reason }) => {
      // It was not copied, and would look like deleted then.
      if (UNCERTAIN.has(reason)) hidden.push(at);
    },
  });
  const visit = stepTo(walk, path, folders.root);
  if (visit === undefined) return { shown, hidden: path };
  await walk.inside(visit);
  return { shown, hidden: hidden[0] };
}

/** Does who looks at the share see what lies there as a folder? A link to a folder above is not followed. */
export function isShown(path: EntryPath, folders: ShareFolders): boolean {
  const walk = walkOf(folders, { take: () => undefined, leave: () => undefined });
  return stepTo(walk, path, folders.root) !== undefined;
}

/** Is there nothing in a folder that is shared? */
export async function showsNothing(path: EntryPath, folders: ShareFolders): Promise<boolean> {
  let isEmpty = true;
  const walk = walkOf(folders, { take: () => (isEmpty = false), leave: () => undefined });
  const visit = stepTo(walk, path, folders.root);
  if (visit !== undefined) await walk.inside(visit);
  return visit !== undefined && isEmpty;
}

async function copyAll(shown: readonly Shown[], path: EntryPath, copy: string, sync: DiskSync): Promise<boolean> {
  const files: string[] = [];
  for (const { path: at, where, kind } of shown) {
    const to = `${copy}${at.slice(path.length)}`;
    if (kind === 'folder') mkdirSync(to);
    else if ((await copyWhole(where, to)) === undefined) return false;
    else files.push(to);
  }
  // The share shows them as soon as they are in it: after a power failure they would be taken for changed by hand.
  await sync.bring(files);
  return true;
}

function walkOf(
  { links, leavesDots, stateFolder }: ShareFolders,
  callbacks: Pick<ConstructorParameters<typeof Walk>[0], 'take' | 'leave'>,
): Walk {
  const state = glance(stateFolder, 'follow');
  const hidden = new Set(state.kind === 'folder' ? [identityOf(state.stats)] : []);
  return new Walk({ links, leavesDots, hidden, pace: new Pace(), cover: () => undefined, ...callbacks });
}

function stepTo(walk: Walk, path: EntryPath, root: string): Visit | undefined {
  let at: Visit | undefined = {
    path: '',
    where: root,
    stats: statShare(root),
    depth: 0,
    followed: 0,
    parent: undefined,
  };
  for (const name of path.split('/')) at = at && walk.step(at, name);
  return at;
}
