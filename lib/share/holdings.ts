import { type Chunks, wholeOf } from './chunks/chunk-list.ts';
import type { KnownEntries } from './disk/look.ts';
import { FolderIndex } from './folder-index.ts';
import { knownEntries } from './known-entries.ts';
import { type Content, type ContentId, type Entry, type EntryPath, exists, type Seen } from './model/entry.ts';
import type { SavedEntry } from './replica/events.ts';
import type { Replica } from './replica/replica.ts';
import type { ShareFolder } from './share-folder.ts';
import { ContentIndex } from './transfer/content-index.ts';
import type { Source } from './transfer/giver.ts';

/** What a holding is asked of. */
export interface HoldingsOptions {
  readonly replica: Pick<Replica, 'held' | 'allHeld'>;
  readonly folder: Pick<ShareFolder, 'isCurrent' | 'whereOf'>;
  /** What lies at a path is not what is held there. */
  readonly onStale: (path: EntryPath) => void;
}

/** What this peer holds, by path and by content, and whether the disk still has it. */
export class Holdings {
  readonly #options: HoldingsOptions;
  /** The paths of each content. */
  readonly index = new ContentIndex();
  readonly #folders = new FolderIndex();

  constructor(options: HoldingsOptions) {
    this.#options = options;
    for (const { entry } of options.replica.allHeld()) this.replace(entry, undefined);
  }

  /** Another entry is held: whoever saves it tells so. @param before what was held at its path */
  replace({ path, content }: Entry, before: Content | undefined): void {
    this.index.replace(path, before, content);
    this.#folders.replace(path, content);
  }

  /** For whoever looks at the share. */
  get known(): KnownEntries {
    return knownEntries(this.#options.replica, this.#folders);
  }

  /** Does what is held, or was when somebody began with it, still lie at its path? */
  isCurrent({ entry: { path, content }, stamp }: SavedEntry): boolean {
    return this.#options.folder.isCurrent(path, { type: content.type, stamp });
  }

  /** Does nothing lie at a path that is not known yet? */
  isAsKnown(path: EntryPath): boolean {
    const held = this.#options.replica.held(path);
    return held === undefined
      ? this.#options.folder.isCurrent(path, { type: 'deleted', stamp: '' })
      : this.isCurrent(held);
  }

  /** The chunks of the file that is held at a path; `undefined` where there is none, or one of a single chunk. */
  chunksAt(path: EntryPath): Chunks | undefined {
    const content = this.#options.replica.held(path)?.entry.content;
    return content?.type === 'file' && content.chunks !== undefined ? wholeOf(content) : undefined;
  }

  /** What is held at a path, as if it had just been seen there; `undefined` where there is nothing. */
  asSeen(path: EntryPath): Seen | undefined {
    const held = this.#options.replica.held(path);
    return held === undefined || !exists(held.entry.content) ? undefined : { ...held.entry.content, stamp: held.stamp };
  }

  /** A file from which a content can be given, if there is one; those that are not what they were are told of. */
  sourceOf(id: ContentId): Source | undefined {
    const { replica, folder, onStale } = this.#options;
    const paths = this.index.pathsOf(id);
    for (const path of paths) {
      const held = replica.held(path);
      if (held?.entry.content.type !== 'file') continue;
      // Of the only one it is seen when it was read.
      if (paths.length > 1 && !this.isCurrent(held)) onStale(path);
      else
        return {
          file: folder.whereOf(path),
          list: wholeOf(held.entry.content),
          isCurrent: () => this.isCurrent(held),
          tellStale: () => onStale(path),
        };
    }
    return undefined;
  }
}
