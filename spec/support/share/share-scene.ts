import { join } from 'node:path';
import { programs, type RunningProgram, type RunOptions } from '../run-program.ts';
import { TcpProxy } from '../tcp-proxy.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { SharePeer, type ShareStart } from './share-peer.ts';
import { differences, type SharedTree, TreeReader } from './shared-tree.ts';
import type { SyncUnderTest } from './sync-under-test.ts';
import { until } from './until.ts';

// Each process of specs has addresses of its own in 127.0.0.0/8, all of which are this machine: so all can use the port that
// a user would use. 0 and 255 are left out in the last two places, and 0 in the second.
const PORT = 21_700;
const [UPPER, LOWER] = [16 + (Math.floor(process.pid / 254) % 200), 1 + (process.pid % 254)];

// What is passed through a proxy takes a little longer; and the machine does a lot else when all specs run.
const PATIENCE_MS = 20_000;

/** What there is besides the defaults. */
export interface SceneOptions extends ShareStart {
  /** Every two of the peers talk through a proxy, which counts, cuts and changes what they say. */
  readonly isProxied?: boolean;
}

/** Some peers, each with a folder, and what can be seen of them. None has been started. */
export class ShareScene implements SyncUnderTest {
  readonly peers: readonly SharePeer[];
  /** By who calls and who is called. */
  readonly #proxies: ReadonlyMap<string, TcpProxy>;
  readonly #reader = new TreeReader();
  readonly #running = new Set<number>();

  constructor(peers: readonly SharePeer[], proxies: ReadonlyMap<string, TcpProxy>) {
    this.peers = peers;
    this.#proxies = proxies;
  }

  peer(index: number): SharePeer {
    const peer = this.peers[index];
    if (peer === undefined) throw new RangeError(`there is no peer ${index}`);
    return peer;
  }

  async start(index: number, start: ShareStart = {}): Promise<void> {
    this.#running.add(index);
    await this.peer(index).start(start);
  }

  /** Start all, one after the other. */
  async startAll(): Promise<void> {
    for (const index of this.peers.keys()) await this.start(index);
  }

  async stop(index: number): Promise<void> {
    this.#running.delete(index);
    const { status } = await this.peer(index).stop();
    if (status !== 0) throw new Error(`peer ${index} ended with ${status}:\n${this.peer(index).log}`);
  }

  async kill9(index: number): Promise<void> {
    this.#running.delete(index);
    await this.peer(index).kill9();
  }

  dir(index: number): string {
    return this.peer(index).at();
  }

  address(index: number): string {
    return this.peer(index).place.address;
  }

  async idle(): Promise<void> {
    await this.equal(PATIENCE_MS);
    await this.equal(PATIENCE_MS);
  }

  /** What a peer has. */
  async tree(index: number): Promise<SharedTree> {
    return this.#reader.read(this.dir(index));
  }

  /** Wait until all that run have the same. @returns what they have */
  async equal(withinMs = PATIENCE_MS): Promise<SharedTree> {
    const [first = 0, ...others] = this.#running;
    let found: readonly string[] = [];
    return until(
      async () => {
        const tree = await this.tree(first);
        for (const other of others) {
          found = differences(tree, await this.tree(other));
          if (found.length > 0) return undefined;
        }
        return tree;
      },
      withinMs,
      () => `peers are equal\n${found.join('\n')}\n${this.log}`,
    );
  }

  /** Wait until a peer has just that. */
  async has(index: number, tree: SharedTree, withinMs = PATIENCE_MS): Promise<void> {
    let found: readonly string[] = [];
    await until(
      async () => {
        found = differences(tree, await this.tree(index));
        return found.length === 0 || undefined;
      },
      withinMs,
      () => `peer ${index} has what it has to have\n${found.join('\n')}\n${this.log}`,
    );
  }

  /** Wait until all that run have what one of them has now. */
  async allHave(index: number, withinMs = PATIENCE_MS): Promise<SharedTree> {
    const tree = await this.tree(index);
    await Promise.all([...this.#running].map((other) => this.has(other, tree, withinMs)));
    return tree;
  }

  /** All that the peers ever said, for errors. */
  get log(): string {
    return this.peers.map((peer, index) => `=== peer ${index}\n${peer.log}`).join('\n');
  }

  /** The proxies between two peers, or all; there must be some. */
  proxies(one?: number, other?: number): readonly TcpProxy[] {
    const all = [...this.#proxies].filter(
      ([name]) => one === undefined || name === `${one} ${other}` || name === `${other} ${one}`,
    );
    if (all.length === 0) throw new Error('there is no proxy');
    return all.map(([, proxy]) => proxy);
  }

  /** Bytes that passed between two peers, or all, in both directions. */
  passed(one?: number, other?: number): number {
    return this.proxies(one, other).reduce((sum, { passed }) => sum + passed, 0);
  }

  /** Do something as soon as so many more bytes have passed between two peers. */
  async whenPassed(bytes: number, act: () => void, one = 0, other = 1): Promise<void> {
    const proxies = this.proxies(one, other);
    await new Promise<void>((resolve) => {
      let left = bytes;
      for (const proxy of proxies) {
        proxy.meddle((piece) => {
          const wasLeft = left;
          left -= piece.length;
          if (wasLeft > 0 && left <= 0) {
            act();
            resolve();
          }
          return piece;
        });
      }
    });
    for (const proxy of proxies) proxy.meddle((piece) => piece);
  }
}

/** Scenes for the specs of the enclosing `describe`; what still runs after a spec is ended then. */
export function shareScenes(): (count: number, options?: SceneOptions) => Promise<ShareScene> {
  const folder = temporaryFolder();
  const run = programs();
  let proxies: TcpProxy[] = [];
  afterEach(async () => {
    const all = proxies;
    proxies = [];
    await Promise.all(all.map((proxy) => proxy.close()));
  });
  return async (count, { isProxied = false, ...start } = {}) => {
    const opened = isProxied ? await openProxies(count) : new Map<string, TcpProxy>();
    proxies.push(...opened.values());
    const peers = Array.from({ length: count }, (_, index) =>
      peerOf(index, { count, isProxied, folder: folder(), run, start }),
    );
    return new ShareScene(peers, opened);
  };
}

function peerOf(
  index: number,
  {
    count,
    isProxied,
    folder,
    run,
    start,
  }: {
    readonly count: number;
    readonly isProxied: boolean;
    readonly folder: string;
    readonly run: (script: string, options?: RunOptions) => RunningProgram;
    readonly start: ShareStart;
  },
): SharePeer {
  const others = Array.from({ length: count }, (_, other) => other).filter((other) => other !== index);
  const place = {
    address: addressOf(index),
    port: PORT,
    folder: join(folder, `peer ${index}`),
    others: others.map((other) => (isProxied ? proxyAddress(index, other) : addressOf(other))),
  };
  return new SharePeer(place, run, start);
}

async function openProxies(count: number): Promise<ReadonlyMap<string, TcpProxy>> {
  const proxies = new Map<string, TcpProxy>();
  for (let from = 0; from < count; from += 1) {
    for (let to = 0; to < count; to += 1) {
      if (from === to) continue;
      const proxy = await TcpProxy.open({
        listen: { address: proxyAddress(from, to), port: PORT },
        target: { address: addressOf(to), port: PORT },
        // By which the one who is called knows the one who calls.
        localAddress: proxyAddress(to, from),
      });
      proxies.set(`${from} ${to}`, proxy);
    }
  }
  return proxies;
}

/** The address of a peer, and of this process of specs alone. */
export function addressOf(index: number): string {
  return `127.${UPPER}.${LOWER}.${index + 2}`;
}

/** Under which one peer knows another one, when there is a proxy between them. */
function proxyAddress(from: number, to: number): string {
  return `127.${UPPER}.${LOWER}.${100 + from * 10 + to}`;
}
