import { lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { uptime } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { codeOf } from '../../base/coded-error.ts';
import { makeFolder } from '../../base/make-folder.ts';
import type { ContentId, EntryPath, Stamp } from '../model/entry.ts';
import { glance, stampAt } from './glance.ts';
import { putFile, type StepResult } from './steps.ts';

/** Something in the trash. */
export interface Trashed {
  /** Where it was in the share. */
  readonly path: EntryPath;
  /** `2026-11-22`, in UTC. */
  readonly day: string;
  /** In which folder of the trash: the day, and a number where it is not the first of that path on that day. */
  readonly folder: string;
  readonly where: string;
  /** Bytes. */
  readonly size: number;
}

/** A file in the trash whose content is known. */
interface KnownFile {
  readonly where: string;
  readonly stamp: Stamp;
}

const DAY_S = 24 * 60 * 60;
const DAY_MS = DAY_S * 1000;

// Others may delete and change files for months. They are looked for when a file is renamed elsewhere, and then soon: what is not
// found any more is fetched again.
const MOST_KNOWN = 100_000;

/**
 * Where files go that were deleted or overwritten elsewhere: a folder for each day, and in it the paths they had.
 *
 * What was there under the same path on the same day is in `2026-11-22.2` and so on.
 */
export class Trash {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #upSeconds: () => number;
  /** Of days in which this process has put something: the last time, in seconds since the machine was started. */
  readonly #filled = new Map<string, number>();
  readonly #byId = new Map<ContentId, KnownFile>();
  #day = '';
  /** Which of the folders of the day comes next for a path. */
  #next = new Map<EntryPath, number>();

  /** @param upSeconds how long the machine has been running, asleep or not: nobody sets that clock, as NTP sets the other one */
  constructor(folder: string, clock: Clock, upSeconds: () => number = uptime) {
    this.#folder = folder;
    this.#clock = clock;
    this.#upSeconds = upSeconds;
  }

  /**
   * A place for what was at a path: nothing is there yet, but the folder that it lies in.
   *
   * @throws an error of the system
   */
  placeFor(path: EntryPath): string {
    // A state that was taken away must not come back with nothing but this in it.
    statSync(dirname(this.#folder));
    const day = dayOf(this.#clock.now());
    if (day !== this.#day) this.#next = new Map();
    this.#day = day;
    this.#filled.set(day, this.#upSeconds());
    for (let number = this.#next.get(path) ?? 1; ; number += 1) {
      const folder = join(this.#folder, number === 1 ? day : `${day}.${number}`);
      if (!isFree(folder, path)) continue;
      this.#next.set(path, number + 1);
      return join(folder, path);
    }
  }

  /** What is at such a place, as it is listed: `2026-11-22/notes.txt`. */
  nameOf(where: string): string {
    return where.slice(this.#folder.length + 1);
  }

  /** A file of this content was put there; it is found as long as nobody changes it, and not very many others follow. */
  remember(id: ContentId, where: string): void {
    const found = glance(where, 'skip');
    if (found.kind !== 'file') return;
    this.#byId.delete(id);
    this.#byId.set(id, { where, stamp: stampAt(found) });
    for (const oldest of this.#byId.keys()) {
      if (this.#byId.size <= MOST_KNOWN) break;
      this.#byId.delete(oldest);
    }
  }

  /** Where a file of this content lies. */
  find(id: ContentId): string | undefined {
    const known = this.#byId.get(id);
    if (known === undefined) return undefined;
    const found = glance(known.where, 'skip');
    if (found.kind === 'file' && stampAt(found) === known.stamp) return known.where;
    this.#byId.delete(id);
    return undefined;
  }

  /** All that is there, the oldest day first. */
  *list(): Iterable<Trashed> {
    for (const folder of this.#days()) {
      const top = join(this.#folder, folder);
      for (const entry of readdirSync(top, { recursive: true, withFileTypes: true })) {
        if (entry.isDirectory()) continue;
        const where = join(entry.parentPath, entry.name);
        const { size } = lstatSync(where);
        yield { path: where.slice(top.length + 1), day: folder.slice(0, 10), folder, where, size };
      }
    }
  }

  /**
   * Put something back.
   *
   * @param to where, for the system; its folder has to be there
   * @returns `changed` where something lies there already: it stays as it is
   * @throws an error of the system: nothing was changed then
   */
  restore({ where }: Pick<Trashed, 'where'>, to: string): StepResult {
    return putFile(where, to);
  }

  /**
   * Remove what has been there for more than so many days.
   *
   * A clock that was behind and was set meanwhile makes what was put there an hour ago look old: it stays all the same.
   */
  async expire(days: number): Promise<void> {
    const oldest = dayOf(this.#clock.now() - days * DAY_MS);
    for (const folder of this.#days()) {
      const day = folder.slice(0, 10);
      const filled = this.#filled.get(day) ?? Number.NEGATIVE_INFINITY;
      if (day >= oldest || this.#upSeconds() - filled < days * DAY_S) continue;
      await rm(join(this.#folder, folder), { recursive: true, force: true });
    }
  }

  #days(): readonly string[] {
    try {
      return readdirSync(this.#folder)
        .filter((name) => /^\d{4}-\d\d-\d\d(\.\d+)?$/.test(name))
        .sort(inTime);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
  }
}

/** Is nothing in the way, and nothing there? The folders above are made; a link that was put into the trash is not followed. */
function isFree(folder: string, path: EntryPath): boolean {
  makeFolder(folder);
  let where = folder;
  for (const name of path.split('/').slice(0, -1)) {
    where = `${where}/${name}`;
    const there = lstatSync(where, { throwIfNoEntry: false });
    if (there === undefined) mkdirSync(where, { mode: 0o700 });
    else if (!there.isDirectory()) return false;
  }
  return lstatSync(join(folder, path), { throwIfNoEntry: false }) === undefined;
}

/** The tenth of a day comes behind the second. */
function inTime(a: string, b: string): number {
  return a.length === b.length || a.slice(0, 10) !== b.slice(0, 10) ? (a < b ? -1 : 1) : a.length - b.length;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
