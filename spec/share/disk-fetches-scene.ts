import { join } from 'node:path';
import { ChunkList, wholeOf } from '../../lib/share/chunks/chunk-list.ts';
import { GrowingList } from '../../lib/share/chunks/growing-list.ts';
import { Parts } from '../../lib/share/disk/parts.ts';
import { Trash } from '../../lib/share/disk/trash.ts';
import { DiskFetches } from '../../lib/share/disk-fetches.ts';
import type { FileContent } from '../../lib/share/model/entry.ts';
import type { SavedEntry } from '../../lib/share/replica/events.ts';
import { ContentIndex } from '../../lib/share/transfer/content-index.ts';
import { freshDraftName } from '../../lib/share/transfer/draft-name.ts';
import { Fetch } from '../../lib/share/transfer/fetch.ts';
import { ManualClock } from '../support/manual-clock.ts';
import type { MadeFile } from './transfer/transfer-scene.ts';

/** The content whose chunks are these. @param chunks each as it stands in a list */
export function contentOf(chunks: readonly Uint8Array[]): FileContent {
  const { packed, id, size } = new ChunkList(Buffer.concat(chunks));
  return { type: 'file', id, size, mtimeMs: 0, isExecutable: false, chunks: packed };
}

/** Who finds contents in a folder of its own. */
export class DiskFetchesScene {
  readonly folder: string;
  readonly index = new ContentIndex();
  readonly parts: Parts;
  readonly trash: Trash;
  readonly fetches: DiskFetches;
  /** What is held, at whatever path. */
  held: SavedEntry | undefined;
  isCurrent: (held: SavedEntry) => boolean = () => false;
  known: () => Promise<void> | undefined = () => undefined;
  /** Bytes that had not to come, of each content. */
  readonly here: number[] = [];

  constructor(folder: string) {
    this.folder = folder;
    const clock = new ManualClock();
    const tmp = join(folder, 'tmp');
    this.trash = new Trash(join(folder, 'trash'), clock);
    this.parts = new Parts({ folder: tmp, clock, onWritten: () => undefined, onGone: () => undefined });
    this.fetches = new DiskFetches({
      parts: this.parts,
      tmp,
      trash: this.trash,
      index: this.index,
      held: () => this.held,
      whereOf: (path) => join(folder, path),
      isCurrent: (entry) => this.isCurrent(entry),
      known: () => this.known(),
      onBegun: () => undefined,
      onHere: (_, bytes) => this.here.push(bytes),
    });
  }

  /** A content that is begun for a path, or gone on with. */
  async fetch(file: MadeFile, path = 'f'): Promise<Fetch> {
    const fetch = new Fetch(file.content, ['a']);
    await fetch.open(await this.fetches.begin(file.content, fetch.list, path));
    return fetch;
  }

  /** A draft of which so many chunks are known. */
  async draft(file: MadeFile, count: number, digit = 'd') {
    const list = new GrowingList(file.content.size);
    list.add(wholeOf(file.content).packed.subarray(0, 35 * count));
    const id = digit.repeat(64);
    const fetch = new Fetch({ ...file.content, id }, ['a'], { list, path: 'f', atMs: 0 });
    await fetch.open(await this.fetches.begin({ id: freshDraftName(id), size: list.size }, list, 'f'));
    return { fetch, list };
  }

  /** One that all of them have come of, and that broke off. */
  async brokenDraft(file: MadeFile, count: number, digit?: string): Promise<void> {
    const { fetch } = await this.draft(file, count, digit);
    await this.take(fetch, file);
    fetch.leave();
    await fetch.left;
  }

  /** All that is asked for comes. @returns how many chunks */
  async take(fetch: Fetch, file: MadeFile): Promise<number> {
    let taken = 0;
    for (let run = fetch.nextRun(); run !== undefined; run = fetch.nextRun()) {
      await fetch.write(run, Buffer.concat(file.chunks.slice(run.first, run.first + run.count)));
      taken += run.count;
    }
    return taken;
  }
}
