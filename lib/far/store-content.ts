import { Readable } from 'node:stream';
import type { ContentHash } from './content-hash.ts';
import type { FileSource } from './file-source.ts';
import type { Sending } from './sending.ts';
import type { StorePlace } from './store-stream.ts';

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
  readonly #stream: Readable;

  constructor(content: Content) {
    this.#content = content;
    const { source, at, hash } = content;
    const stream = source.stream(at);
    this.#stream = hash ? Readable.from(hashed(stream, hash), { objectMode: false }) : stream;
  }

  /** Of all that was read, once it is stored. */
  get hash(): ContentHash | undefined {
    return this.#content.hash;
  }

  /** Was it begun? A server that refuses to store something has not touched it then. */
  get hasBegun(): boolean {
    return this.#stream.readableFlowing !== null;
  }

  /** Store it, and make sure that it is what the file holds now. */
  async run({ connection, onBegin, onBytes }: Sending): Promise<void> {
    const { source, path, at, place } = this.#content;
    onBegin(at);
    try {
      await connection.store(this.#stream, path, onBytes, place);
    } catch (error) {
      // A file that cannot be read breaks the connection too, which then tells only half of it.
      throw source.failure ?? error;
    }
    onBytes(source.size - at);
    source.assertUnchanged();
  }
}

async function* hashed(content: Readable, hash: ContentHash): AsyncGenerator<Buffer> {
  for await (const chunk of content) {
    hash.update(chunk as Buffer);
    yield chunk;
  }
}
