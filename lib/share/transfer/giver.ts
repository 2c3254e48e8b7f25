import { closeSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Clock } from '../../base/clock.ts';
import type { Chunks } from '../chunks/chunk-list.ts';
import { TO_READ } from '../disk/read-flags.ts';
import type { Link } from '../link/link.ts';
import type { ContentId } from '../model/entry.ts';
import { wireLimits } from '../wire/limits.ts';
import type { Ask } from '../wire/message.ts';
import { type Lent, SpareBuffers } from '../wire/spare-buffers.ts';
import type { Run } from './missing-chunks.ts';
import type { PackedBytes, Packer } from './packer.ts';

/** A file that has a content. */
export interface Source {
  /** Its path on this machine. */
  readonly file: string;
  readonly list: Chunks;
  /** Is it still what it was when it was read? */
  isCurrent(): boolean;
  /** It is not: somebody has to look at it. */
  tellStale(): void;
}

// A peer asks for what it has room for. More than this waits in our memory for nothing, and behind it everything else.
const MOST_BACKLOG = 4 * 1024 ** 2;

// As long as a call takes less time than going to another thread and back.
const SYNCHRONOUS_BYTES = 64 * 1024;

// What waits for the line at a time, and what is being read.
const MOST_SPARE = 2 + MOST_BACKLOG / wireLimits.dataBytes;

// Of a file that is fetched while it is read, more is asked for again and again as it becomes known.
const KEPT_OPEN_MS = 1000;

interface Customer {
  readonly asks: Ask[];
  isServed: boolean;
  /** What was read last, and may be asked for more. */
  open?: { readonly id: ContentId; readonly path: string; readonly file: FileHandle };
  /** Do not close it. */
  keepOpen?: () => void;
}

/** Gives peers the bytes that they ask for. */
export class Giver {
  readonly #find: (id: ContentId) => Source | undefined;
  readonly #packer: Packer;
  readonly #clock: Clock;
  readonly #customers = new Map<Link, Customer>();
  readonly #spare = new SpareBuffers(wireLimits.dataBytes, MOST_SPARE);
  /** Bytes given since the beginning. */
  givenBytes = 0;

  /** @param find a file with a content; by its id and never by a path, so that nobody gets what was not told */
  constructor(find: (id: ContentId) => Source | undefined, packer: Packer, clock: Clock) {
    this.#clock = clock;
    this.#find = find;
    this.#packer = packer;
  }

  /** A peer asks for some chunks. Fulfilled when nothing can be given for the time being. */
  async ask(link: Link, ask: Ask): Promise<void> {
    let customer = this.#customers.get(link);
    if (customer === undefined) {
      customer = { asks: [], isServed: false };
      this.#customers.set(link, customer);
    }
    customer.asks.push(ask);
    if (customer.asks.length > wireLimits.openAsks)
      link.close('protocol', 'It asks for more than anybody can take at a time');
    await this.#serve(link, customer);
  }

  /** A peer takes more again. Fulfilled as that of {@link ask}. */
  async drain(link: Link): Promise<void> {
    const customer = this.#customers.get(link);
    if (customer !== undefined) await this.#serve(link, customer);
  }

  /** A peer is gone. */
  down(link: Link): void {
    const customer = this.#customers.get(link);
    this.#customers.delete(link);
    customer?.asks.splice(0);
    if (customer?.isServed === false) void close(customer);
  }

  async #serve(link: Link, customer: Customer): Promise<void> {
    if (customer.isServed) return;
    customer.isServed = true;
    customer.keepOpen?.();
    try {
      while (customer.asks.length > 0 && link.backlog < MOST_BACKLOG) {
        const ask = customer.asks.shift();
        if (ask !== undefined) await this.#give(link, customer, ask);
      }
    } finally {
      customer.isServed = false;
      if (this.#customers.get(link) === customer)
        customer.keepOpen = this.#clock.after(KEPT_OPEN_MS, () => void close(customer));
      else await close(customer);
    }
  }

  async #give(link: Link, customer: Customer, { request, id, first, count }: Ask): Promise<void> {
    const source = this.#find(id);
    if (source === undefined || first + count > source.list.count) {
      link.send({ kind: 'gone', request });
      return;
    }
    for (const piece of piecesOf(source.list, first, count)) {
      const lent = this.#spare.lend(piece.bytes);
      if (!(await read(source, id, customer, { ...piece, into: lent.bytes }))) {
        source.tellStale();
        link.send({ kind: 'gone', request });
        return;
      }
      this.givenBytes += piece.bytes;
      const packed = await this.#packer.pack(link, id, lent.bytes);
      link.send({
        kind: 'bytes',
        request,
        first: piece.first,
        size: piece.bytes,
        ...packed,
        ...released(lent, packed),
      });
    }
  }
}

/** Whole chunks, as many as one message takes. */
function* piecesOf(list: Chunks, first: number, count: number): Iterable<Run> {
  let begin = first;
  let bytes = 0;
  for (let index = first; index < first + count; index += 1) {
    const size = list.sizeOf(index);
    if (bytes + size > wireLimits.dataBytes && index > begin) {
      yield { first: begin, count: index - begin, bytes };
      begin = index;
      bytes = 0;
    }
    bytes += size;
  }
  if (bytes > 0) yield { first: begin, count: first + count - begin, bytes };
}

/** When the memory that was read into may be used again: when it is sent; or now, where something else is sent. */
function released({ bytes, release }: Lent, { data }: PackedBytes): { readonly release?: () => void } {
  if (data === bytes) return { release };
  release();
  return {};
}

/** @returns whether it was still there */
async function read(
  source: Source,
  id: ContentId,
  customer: Customer,
  { first, into }: Run & { readonly into: Buffer },
): Promise<boolean> {
  const { list, file } = source;
  const at = list.offsetOf(first);
  try {
    if (list.size <= SYNCHRONOUS_BYTES) readSmall(file, into, at);
    else await readInto(await openFor(customer, id, file), into, at);
  } catch {
    // Gone, or not to be read any more: who looks at it finds out.
    return false;
  }
  return source.isCurrent();
}

function readSmall(file: string, data: Buffer, at: number): void {
  const descriptor = openSync(file, TO_READ);
  try {
    if (readSync(descriptor, data, 0, data.length, at) < data.length) throw new RangeError('it is shorter now');
  } finally {
    closeSync(descriptor);
  }
}

async function readInto(file: FileHandle, data: Buffer, at: number): Promise<void> {
  for (let done = 0; done < data.length; ) {
    const { bytesRead } = await file.read(data, done, data.length - done, at + done);
    if (bytesRead === 0) throw new RangeError('it is shorter now');
    done += bytesRead;
  }
}

async function openFor(customer: Customer, id: ContentId, file: string): Promise<FileHandle> {
  // The same content may lie at another path, where this one was changed meanwhile.
  if (customer.open?.id === id && customer.open.path === file) return customer.open.file;
  await close(customer);
  const handle = await open(file, TO_READ);
  customer.open = { id, path: file, file: handle };
  return handle;
}

async function close(customer: Customer): Promise<void> {
  const { open: opened } = customer;
  customer.keepOpen?.();
  delete customer.open;
  // What was only read is closed well or not at all.
  await opened?.file.close().catch(() => undefined);
}
