import { EventEmitter } from 'node:events';
import type { TransferEvents } from '../../lib/transfer/progress.ts';
import type {
  Download,
  Downloaded,
  FarEntry,
  Survey,
  Transport,
  Upload,
  Uploaded,
} from '../../lib/transfer/transport.ts';

/** A far side that says yes to everything and keeps nothing, so that only the mirror's own memory and time is measured. */
export class NoddingTransport implements Transport {
  readonly events = new EventEmitter<TransferEvents>();
  #waiting: (() => void)[] = [];

  async connect(): Promise<boolean> {
    return false;
  }

  async disconnect(): Promise<void> {}

  mkdir(): Promise<void> {
    return this.#nextTurn();
  }

  rmdir(): Promise<void> {
    return this.#nextTurn();
  }

  remove(): Promise<void> {
    return this.#nextTurn();
  }

  async upload({ size, mtimeMs }: Upload): Promise<Uploaded> {
    await this.#nextTurn();
    return { size, mtimeMs };
  }

  async download({ size = 0, mtimeMs }: Download): Promise<Downloaded> {
    await this.#nextTurn();
    return { size, mtimeMs };
  }

  temporaryOf({ path }: Pick<Upload, 'path'>): string {
    return `${path}.temporary`;
  }

  resumes(): boolean {
    return false;
  }

  async list(): Promise<readonly FarEntry[]> {
    return [];
  }

  async survey(): Promise<Survey> {
    return { entries: [], unreadable: 0 };
  }

  async keepsTimes(): Promise<boolean> {
    return true;
  }

  /** All that was asked for by then, at once, as outcomes come from workers. */
  #nextTurn(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) > 1) return;
      setImmediate(() => {
        for (const answer of this.#waiting.splice(0)) answer();
      });
    });
  }
}
