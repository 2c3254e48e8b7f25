import { chmodSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemClock } from '../../../lib/base/clock.ts';
import type { LinkPolicy } from '../../../lib/files/visit.ts';
import { DiskSync } from '../../../lib/share/disk/disk-sync.ts';
import { glance, isExecutable, mtimeMsOf, stampAt } from '../../../lib/share/disk/glance.ts';
import { GroupCommit } from '../../../lib/share/disk/group-commit.ts';
import { identityOf, statShare } from '../../../lib/share/disk/guard.ts';
import { type KnownEntries, type Look, type LookOptions, look, type Sighting } from '../../../lib/share/disk/look.ts';
import { Parts } from '../../../lib/share/disk/parts.ts';
import { ShareChanger } from '../../../lib/share/disk/share-changer.ts';
import { Trash } from '../../../lib/share/disk/trash.ts';
import { idOfChunk } from '../../../lib/share/model/content-id.ts';
import type { Content, Entry, EntryPath, FileContent, Stamp } from '../../../lib/share/model/entry.ts';
import type { Applied, Change } from '../../../lib/share/replica/events.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** What a text is known by. */
export function idOf(text: string | Uint8Array): string {
  return idOfChunk(Buffer.from(text));
}

/** A time in whole milliseconds that is long ago. */
export const LONG_AGO = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

/** The content of a file that a peer has told. */
export function contentOf(text: string, { mtimeMs = LONG_AGO, isExecutable = false } = {}): FileContent {
  return { type: 'file', size: Buffer.byteLength(text), id: idOf(text), mtimeMs, isExecutable };
}

export const FOLDER = { type: 'directory' } as const;
export const NOTHING = { type: 'deleted' } as const;

/** A share with its state folder on a real disk, and what was seen of it last. */
export class ShareScene {
  readonly top: string;
  readonly root: string;
  readonly stateFolder: string;
  readonly trash: Trash;
  readonly parts: Parts;
  readonly changer: ShareChanger;
  readonly commit: GroupCommit;
  links: LinkPolicy = 'follow';
  readonly #known = new Map<EntryPath, { type: 'file' | 'directory'; stamp: Stamp }>();

  constructor(top: string, links: LinkPolicy = 'follow') {
    this.top = top;
    this.links = links;
    this.root = join(top, 'share');
    this.stateFolder = join(top, '.left');
    const tmp = join(this.stateFolder, 'tmp');
    mkdirSync(this.root, { recursive: true });
    mkdirSync(this.stateFolder, { recursive: true });
    this.trash = new Trash(join(this.stateFolder, 'trash'), systemClock);
    this.parts = new Parts({ folder: tmp, clock: systemClock, onWritten: () => undefined, onGone: () => undefined });
    const sync = new DiskSync(this.root);
    const { root, stateFolder, trash } = this;
    this.changer = new ShareChanger({ root, stateFolder, tmp, links, trash, sync, umask: 0o022 });
    this.commit = new GroupCommit(this.changer, sync);
  }

  at(path: EntryPath): string {
    return join(this.root, path);
  }

  /** Write a file by hand, with the folders above it. */
  write(path: EntryPath, text: string | Uint8Array, { mtimeMs = LONG_AGO, mode = 0o644 } = {}): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), text);
    chmodSync(this.at(path), mode);
    utimesSync(this.at(path), mtimeMs / 1000, (mtimeMs + 0.001) / 1000);
  }

  makeFolder(path: EntryPath): void {
    mkdirSync(this.at(path), { recursive: true });
  }

  read(path: EntryPath): string {
    return readFileSync(this.at(path), 'utf8');
  }

  /** Look, and know from then on what is there. */
  async look(paths: readonly EntryPath[] = [''], options: Partial<LookOptions> = {}): Promise<Look> {
    const { root, stateFolder, links } = this;
    const identity = identityOf(statShare(root));
    const seen = await look(paths, { root, stateFolder, links, identity, known: this.known, ...options });
    for (const path of seen.gone) this.#known.delete(path);
    for (const { kind, path, stamp } of seen.found) {
      this.#known.set(path, { type: kind === 'file' ? 'file' : 'directory', stamp });
    }
    return seen;
  }

  get known(): KnownEntries {
    const known = this.#known;
    return {
      at: (path) => known.get(path),
      below: (path) => [...known.keys()].filter((other) => path === '' || other.startsWith(`${path}/`)),
    };
  }

  /** What lies at a path now, as a change expects it. */
  from(path: EntryPath): Change['from'] {
    const found = glance(this.at(path), this.links);
    if (found.kind === 'folder') return { content: FOLDER, stamp: stampAt(found) };
    if (found.kind !== 'file') return { content: NOTHING, stamp: '' };
    const bytes = readFileSync(this.at(path));
    const { stats } = found;
    const content: Content = {
      type: 'file',
      size: bytes.length,
      id: idOf(bytes),
      mtimeMs: mtimeMsOf(stats),
      isExecutable: isExecutable(stats),
    };
    return { content, stamp: stampAt(found) };
  }

  /** Bring something to a path, as a peer told it. */
  change(path: EntryPath, to: Content, { text, saveAs, from = this.from(path) }: ChangeOptions = {}): Promise<Applied> {
    const entry: Entry = { path, content: to, version: [] };
    const change: Change = { path, from, to, entry, ...(saveAs !== undefined && { saveAs }) };
    const part = text === undefined ? undefined : this.parts.writeWhole(Buffer.from(text));
    return handIn(this.commit, change, part);
  }

  /** Put a file there, as a peer told it. */
  put(path: EntryPath, text: string, options: Omit<ChangeOptions, 'text'> = {}): Promise<Applied> {
    return this.change(path, contentOf(text), { ...options, text });
  }

  /** What is in the trash: paths with their texts. */
  trashed(): readonly string[] {
    return [...this.trash.list()].map(({ path, where }) => `${path} ${readFileSync(where, 'utf8')}`).sort();
  }
}

interface ChangeOptions {
  readonly text?: string;
  readonly saveAs?: EntryPath;
  readonly from?: Change['from'];
}

/** A scene for each spec of the enclosing `describe`. */
export function shareScene(links: LinkPolicy = 'follow'): () => ShareScene {
  const folder = temporaryFolder();
  let scene: ShareScene;
  beforeEach(() => {
    scene = new ShareScene(folder(), links);
  });
  return () => scene;
}

/** `+ path` for a folder, `+ path size` for a file, in the order in which they were told; gone ones first as `- path`. */
export function told({ gone, found }: Pick<Look, 'gone' | 'found'>): readonly string[] {
  const show = (one: Sighting) => (one.kind === 'file' ? `+ ${one.path} ${one.size}` : `+ ${one.path}`);
  return [...gone.map((path) => `- ${path}`), ...found.map(show)];
}

/** Have a change done with others. */
export function handIn(commit: GroupCommit, change: Change, part?: string): Promise<Applied> {
  return new Promise((end) => commit.apply(change, part, { begin: () => undefined, end, fault: fail }));
}
