import { EventEmitter, once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openIdentity } from '../../../lib/share/link/identity.ts';
import type { Link, LinkNotice } from '../../../lib/share/link/link.ts';
import { Links, type LinksOptions } from '../../../lib/share/link/links.ts';
import type { PeerAddress } from '../../../lib/share/link/peer-address.ts';
import { Pins } from '../../../lib/share/link/pins.ts';
import type { Hello, Message } from '../../../lib/share/wire/message.ts';
import { PROTOCOL } from '../../../lib/share/wire/message-types.ts';

/** Below the ports that the system gives to connections. All of 127.0.0.0/8 is this machine: addresses are what differs. */
export const PORT = 21700;

let addresses = 0;

/** An address of this machine that nobody else uses: not in this process, and hardly in another. */
export function freshAddress(): string {
  addresses += 1;
  const net = (process.pid % 250) + 2;
  return `127.${net}.${(addresses >> 8) + 1}.${addresses & 255}`;
}

export function at(address: string, port = PORT): PeerAddress {
  return { address, port };
}

/** A replica id of one digit. */
export function replica(digit: string): string {
  return digit.repeat(16);
}

type Heard =
  | { readonly what: 'up'; readonly link: Link }
  | { readonly what: 'drain'; readonly link: Link }
  | { readonly what: 'message'; readonly link: Link; readonly message: Message }
  | { readonly what: 'down'; readonly link: Link; readonly why: string }
  | { readonly what: 'told'; readonly notice: LinkNotice };

/** Links, and all that they have told. */
export class Listened {
  readonly links: Links;
  readonly heard: Heard[] = [];
  readonly #news = new EventEmitter();

  constructor(options: LinksOptions) {
    this.#news.setMaxListeners(0);
    this.links = new Links(options);
    const { events } = this.links;
    events.on('up', (link) => this.#add({ what: 'up', link }));
    events.on('drain', (link) => this.#add({ what: 'drain', link }));
    events.on('message', (link, message) => this.#add({ what: 'message', link, message }));
    events.on('down', (link, why) => this.#add({ what: 'down', link, why }));
    events.on('told', (notice) => this.#add({ what: 'told', notice }));
  }

  /** The first thing of a kind that fits, told already or as soon as it is. */
  async hear<What extends Heard['what']>(
    what: What,
    fits: (heard: Extract<Heard, { what: What }>) => boolean = () => true,
  ): Promise<Extract<Heard, { what: What }>> {
    for (let from = 0; ; ) {
      for (; from < this.heard.length; from += 1) {
        const heard = this.heard[from];
        if (heard?.what === what && fits(heard as Extract<Heard, { what: What }>)) {
          return heard as Extract<Heard, { what: What }>;
        }
      }
      await once(this.#news, 'news');
    }
  }

  /** The one link that is up, as soon as it is. */
  async up(): Promise<Link> {
    return (await this.hear('up', ({ link }) => this.links.up.includes(link))).link;
  }

  /** A notice with such a text. */
  async told(text: RegExp): Promise<LinkNotice> {
    return (await this.hear('told', ({ notice }) => text.test(notice.text))).notice;
  }

  count(what: Heard['what']): number {
    return this.heard.filter((heard) => heard.what === what).length;
  }

  get notices(): string[] {
    return this.heard.flatMap((heard) => (heard.what === 'told' ? [heard.notice.text] : []));
  }

  #add(heard: Heard): void {
    this.heard.push(heard);
    this.#news.emit('news');
  }
}

/** Makes links that are closed after each spec of the enclosing `describe`. */
export function linkScene() {
  let all: Listened[] = [];

  afterEach(async () => {
    await Promise.all(all.map(({ links }) => links.close()));
    all = [];
  });

  /** Not started. */
  const make = (bind: string, digit: string, peers: readonly PeerAddress[], more: Partial<LinksOptions> = {}) => {
    const listened = new Listened({ bind, port: PORT, peers, hello: helloOf(digit), ...more });
    all.push(listened);
    return listened;
  };
  return {
    make,
    start: async (...parameters: Parameters<typeof make>) => {
      const listened = make(...parameters);
      await listened.links.start();
      return listened;
    },
  };
}

export function helloOf(digit: string): Omit<Hello, 'kind' | 'port'> {
  return { protocol: PROTOCOL, replica: replica(digit), name: `peer ${digit}`, codecs: ['brotli'] };
}

/** What a peer keeps in a folder of its own. */
export async function encryptionIn(folder: string, name: string) {
  const state = join(folder, name);
  mkdirSync(state, { recursive: true });
  return { identity: await openIdentity(state), pins: new Pins(join(state, 'peers.json')) };
}
