import type { ContentHash } from './content-hash.ts';
import type { FileSource } from './file-source.ts';
import { type StorePlace, storeRaw } from './raw-moves.ts';
import type { Sending } from './sending.ts';

/** What is stored where. */
export interface Content {
  readonly source: FileSource;
  /** Absolute far path. */
  readonly path: string;
  /** The first byte that is sent. */
  readonly at: number;
  readonly place: StorePlace;
  /** Of the bytes before; what is sent is added to it. */
  readonly hash: ContentHash | undefined;
}

/** The content of a file on its way, of which can be told whether any of it was asked for. */
export class Storing {
  readonly #content: Content;
  #hasBegun = false;

  constructor(content: Content) {
    this.#content = content;
  }

  /** Of all that was read, once it is stored. */
  get hash(): ContentHash | undefined {
    return this.#content.hash;
  }

  /** Was it begun? A server that refuses to store something has not touched it then. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Store it, and make sure that it is what the file holds now. */
  async run({ connection, onBegin, onBytes }: Sending): Promise<void> {
    const { source, path, at, place } = this.#content;
    onBegin(at);
    try {
      await storeRaw({ content: this.#read(), path, place }, connection, { onBytes });
    } catch (error) {
      // A file that cannot be read breaks the transfer too, which then tells only half of it.
      throw source.failure ?? error;
    }
    onBytes(source.size - at);
    source.assertUnchanged();
  }

  /** Asked for only when the server says that the transfer begins. */
  async *#read(): AsyncGenerator<Buffer> {
    const { source, at, hash } = this.#content;
    this.#hasBegun = true;
    for await (const chunk of source.stream(at)) {
      hash?.update(chunk as Buffer);
      yield chunk;
    }
  }
}
