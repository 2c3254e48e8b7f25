import { type EntryPath, exists } from '../../../lib/share/model/entry.ts';
import type { ReplicaId } from '../../../lib/share/model/version.ts';
import type { SavedEntry, ShareEffect, ShareEvent } from '../../../lib/share/replica/events.ts';
import { Replica } from '../../../lib/share/replica/replica.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const BEGIN_MS = Date.UTC(2026, 0, 1);

/** A replica and a disk of folders, at hand of who tells what happens to it. */
export class Machine {
  readonly id: ReplicaId;
  replica: Replica;
  /** Paths that its disk never takes. */
  readonly refused = new Set<EntryPath>();
  /** How often it had to tell all anew, and how often to begin anew. */
  retold = 0;
  renewed = 0;
  day = 0;
  readonly #saved = new Map<EntryPath, SavedEntry>();
  readonly #settled = new Map<ReplicaId, number>();
  readonly #told = new Map<ReplicaId, number>();
  readonly #met = new Map<ReplicaId, number>();
  readonly #linked = new Map<ReplicaId, Machine>();

  constructor(id: ReplicaId) {
    this.id = id;
    this.replica = new Replica({ id });
  }

  /** What exists here. */
  get folders(): string {
    const held = [...this.replica.allHeld()].filter(({ entry }) => exists(entry.content));
    return held
      .map(({ entry }) => entry.path)
      .sort()
      .join(' ');
  }

  make(...paths: readonly EntryPath[]): void {
    for (const path of paths) this.handle({ kind: 'found', path, seen: { type: 'directory', stamp: 'folder' } });
  }

  remove(path: EntryPath): void {
    this.handle({ kind: 'found', path, seen: { type: 'deleted', stamp: '' } });
  }

  /** It is another day, and deletions of long ago are forgotten. */
  tidy(day: number): void {
    this.day = day;
    this.handle({ kind: 'tidy' });
  }

  /** It begins again with what it has kept. */
  restart(): void {
    const { forgotten } = this.replica;
    const kept = { saved: this.#saved.values(), settled: this.#settled, told: this.#told, met: this.#met };
    this.replica = new Replica({ id: this.id, ...kept, forgotten });
  }

  /**
   * Meet another one, tell each other all, and part.
   *
   * @param most so many messages each of the two tells before the connection breaks, of one entry each
   */
  meet(other: Machine, most = Number.POSITIVE_INFINITY): void {
    const [ours, theirs] = [this.#beginFor(other), other.#beginFor(this)];
    this.#linked.set(other.id, other);
    other.#linked.set(this.id, this);
    this.handle({ kind: 'connected', peer: other.id, ...theirs });
    other.handle({ kind: 'connected', peer: this.id, ...ours });
    for (let turn = 0; turn < most; turn += 1) {
      const isOver = [this.#tell(other), other.#tell(this)];
      if (!isOver.includes(false)) break;
    }
    this.#linked.delete(other.id);
    other.#linked.delete(this.id);
    this.handle({ kind: 'disconnected', peer: other.id });
    other.handle({ kind: 'disconnected', peer: this.id });
  }

  handle(event: ShareEvent): void {
    for (const effect of this.replica.handle(event, BEGIN_MS + this.day * DAY_MS)) this.#do(effect);
  }

  #beginFor({ id }: Machine): { readonly heard: number; readonly forgotten: number } {
    return { heard: this.replica.settledOf(id), forgotten: this.replica.forgotten };
  }

  /** @returns whether there is nothing more to tell */
  #tell(other: Machine): boolean {
    const excerpt = this.replica.entriesFor(other.id, () => false);
    if (excerpt === undefined) return true;
    this.#told.set(other.id, excerpt.upTo);
    other.handle({ kind: 'heard', peer: this.id, ...excerpt });
    return excerpt.isAll && this.replica.entriesFor(other.id, () => false)?.entries.length === 0;
  }

  #do(effect: ShareEffect): void {
    switch (effect.kind) {
      case 'save':
        this.#saved.set(effect.saved.entry.path, effect.saved);
        return;
      case 'settled':
        this.#settled.set(effect.peer, effect.upTo);
        this.#linked.get(effect.peer)?.handle({ kind: 'acknowledged', peer: this.id, upTo: effect.upTo });
        return;
      case 'apply': {
        const { path, to } = effect;
        const stamp = exists(to) ? 'folder' : '';
        const failed = { result: 'failed', reason: 'the disk does not take it' } as const;
        this.handle({
          kind: 'applied',
          path,
          outcome: this.refused.has(path) ? failed : { result: 'done', stamp },
        });
        return;
      }
      case 'forget':
        this.#saved.delete(effect.path);
        return;
      case 'renew':
        this.renewed += 1;
        return;
      case 'met':
        this.#met.set(effect.peer, effect.forgotten);
        if (effect.retold === undefined) return;
        this.retold += 1;
        for (const [path, one] of this.#saved) this.#saved.set(path, { ...one, number: one.number + effect.retold.by });
        return;
      default:
        return;
    }
  }
}
