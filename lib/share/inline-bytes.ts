import type { ContentId } from './model/entry.ts';
import type { ToldEntry } from './wire/message.ts';

// What has to wait for its folder is kept; what is above can be asked for.
const MOST_BYTES = 32 * 1024 ** 2;

/** The bytes of small files that came along with their entries, until they are needed. */
export class InlineBytes {
  readonly #bytes = new Map<ContentId, Uint8Array>();
  #sum = 0;

  keep(entries: readonly ToldEntry[]): void {
    const all = entries.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
    for (const { entry, bytes } of entries) {
      if (bytes === undefined || entry.content.type !== 'file' || this.#bytes.has(entry.content.id)) continue;
      // Of its own where what was read from the connection holds much else.
      const isMost = 2 * all > bytes.buffer.byteLength;
      this.#bytes.set(entry.content.id, isMost ? bytes : Uint8Array.from(bytes));
      this.#sum += bytes.length;
    }
    for (const id of this.#bytes.keys()) {
      if (this.#sum <= MOST_BYTES) break;
      this.take(id);
    }
  }

  /** Those of a content, which are not kept any longer. */
  take(id: ContentId): Uint8Array | undefined {
    const bytes = this.#bytes.get(id);
    this.#bytes.delete(id);
    this.#sum -= bytes?.length ?? 0;
    return bytes;
  }
}
