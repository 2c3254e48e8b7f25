import type { ContentId } from './model/entry.ts';
import type { ToldEntry } from './wire/message.ts';

// What has to wait for its folder is kept; what is above can be asked for.
const MOST_BYTES = 32 * 1024 ** 2;

// What memory each takes besides, measured: else a million files of one byte would count as one megabyte.
const BYTES_OF_EACH = 700;

/** The bytes of small files that came along with their entries, until they are needed. */
export class InlineBytes {
  /** Of the message that is being dealt with: views of what was read from the connection. */
  readonly #came = new Map<ContentId, Uint8Array>();
  readonly #kept = new Map<ContentId, Uint8Array>();
  #sum = 0;

  /**
   * Deal with entries that have come: `work` may take their bytes as they came.
   *
   * The rest is copied, always. A view of one byte keeps all in memory that was received with it, as much as a megabyte; whether
   * others of it will stay as well, only who sent them knows. Ten thousand small files are copied within the twentieth of a second.
   */
  during(entries: readonly ToldEntry[], work: () => void): void {
    for (const { entry, bytes } of entries) {
      if (bytes !== undefined && entry.content.type === 'file') this.#came.set(entry.content.id, bytes);
    }
    try {
      work();
    } finally {
      for (const [id, bytes] of this.#came) this.#keep(id, bytes);
      this.#came.clear();
    }
  }

  /** Those of a content, which are not kept any longer. */
  take(id: ContentId): Uint8Array | undefined {
    const came = this.#came.get(id);
    this.#came.delete(id);
    const kept = this.#kept.get(id);
    if (kept !== undefined) this.#sum -= kept.length + BYTES_OF_EACH;
    this.#kept.delete(id);
    return came ?? kept;
  }

  #keep(id: ContentId, bytes: Uint8Array): void {
    if (this.#kept.has(id)) return;
    this.#kept.set(id, new Uint8Array(bytes));
    this.#sum += bytes.length + BYTES_OF_EACH;
    for (const oldest of this.#kept.keys()) {
      if (this.#sum <= MOST_BYTES) break;
      this.take(oldest);
    }
  }
}
