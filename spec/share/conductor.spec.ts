import { setImmediate as turn } from 'node:timers/promises';
import { brotliCompressSync } from 'node:zlib';
import { JournalError } from '../../lib/base/journal.ts';
import { Conductor, type ConductorOptions } from '../../lib/share/conductor.ts';
import { Rarely } from '../../lib/share/rarely.ts';
import { Replica } from '../../lib/share/replica/replica.ts';
import { Teller } from '../../lib/share/teller.ts';
import { wireLimits } from '../../lib/share/wire/limits.ts';
import type { Hello, Message } from '../../lib/share/wire/message.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { SilentLink } from './transfer/transfer-scene.ts';
import { entriesOf, fileOf, told } from './wire/peer-bytes.ts';

const BEGIN = { kind: 'begin', heard: 0, holds: 0, forgotten: 0 } as const;

/** A link that can be listened to, or not. */
class PausedLink extends SilentLink {
  isPaused = false;

  override pause(): void {
    this.isPaused = true;
  }

  override resume(): void {
    this.isPaused = false;
  }
}

describe('Conductor, and a peer that means harm', () => {
  let clock: ManualClock;
  let harm: string[];
  let misheard: unknown[];
  let faults: unknown[];
  let link: PausedLink;
  let rarely: Rarely;
  let renewed: number;

  function make(replica = new Replica({ id: '1'.repeat(16) }), more: object = {}): Conductor {
    const hands = {
      teller: new Teller(
        replica,
        clock,
        () => undefined,
        () => true,
      ),
      save: () => undefined,
      settle: () => undefined,
      meet: () => undefined,
      renew: () => {
        renewed += 1;
      },
      apply: () => undefined,
      look: () => undefined,
      ...more,
    } satisfies Partial<ConductorOptions['hands']>;
    const conductor = new Conductor({
      replica,
      hands: hands as unknown as ConductorOptions['hands'],
      clock,
      rarely,
      onWanted: () => undefined,
      onHarm: (at, why) => {
        harm.push(why);
        conductor.down(at);
      },
      onMisheard: (_, error) => misheard.push(error),
      onApplied: () => undefined,
      onFault: (error) => faults.push(error),
    });
    conductor.up(link);
    return conductor;
  }

  beforeEach(() => {
    clock = new ManualClock();
    harm = [];
    misheard = [];
    faults = [];
    rarely = new Rarely();
    renewed = 0;
    link = new PausedLink('2'.repeat(16));
  });

  it('does not listen for a while to who tells the same path over and over', () => {
    const conductor = make();
    conductor.hear(link, BEGIN);
    const some = entriesOf(...Array.from({ length: 10_000 }, (_, number) => told({ number: number + 1, path: 'a' })));
    for (let sum = 0; sum < wireLimits.entriesAtOnce; sum += 10_000) conductor.hear(link, some);
    expect(link.isPaused).toBeFalse();
    conductor.hear(link, some);
    clock.advance(9000);
    expect(link.isPaused).toBeTrue();
    clock.advance(1000);
    expect(link.isPaused).toBeFalse();
    expect(harm).toEqual([]);
  });

  it('has enough of who would have all told to it anew', () => {
    const conductor = make();
    conductor.hear(link, BEGIN);
    expect(harm).toEqual([]);
    conductor.hear(link, BEGIN);
    expect(harm).toEqual(['It begins again and again']);
  });

  it('has enough of who has heard more than it was told, each time that it comes', () => {
    make().hear(link, { ...BEGIN, heard: Number.MAX_SAFE_INTEGER });
    expect([renewed, ...harm]).toEqual([1]);
    make().hear(link, { ...BEGIN, heard: Number.MAX_SAFE_INTEGER });
    expect([renewed, ...harm]).toEqual([
      1,
      'It says again, within 10 minutes, that it has heard more than it was told',
    ]);
    expect(link.sent.map(({ kind }) => kind)).toEqual(['begin', 'begin']);
  });

  it('ends a link on which a peer was told too early what is forgotten', () => {
    const replica = new Replica({ id: '1'.repeat(16), forgotten: 1 });
    const conductor = make(replica);
    Object.defineProperty(replica, 'forgotten', { value: 2 });
    conductor.hear(link, BEGIN);
    expect([link.closed, ...harm]).toEqual(['A deletion was forgotten just now: once more']);
    expect(replica.entriesFor(link.peer.replica, () => true)).toBeUndefined();
  });

  it('has enough of who tells more than anybody can keep, and takes nothing of it', () => {
    const full = Object.create(new Replica({ id: '1'.repeat(16) }), {
      settledOf: { value: () => 0 },
      living: { value: 0 },
      forgotten: { value: 0 },
      paths: { value: { count: wireLimits.shareEntries, has: () => false } },
    });
    make(full).hear(link, entriesOf(told()));
    expect(harm).toEqual(['It tells more than 2,000,000 files and folders']);
  });

  it('takes what it hears of a path while that is changed for no outcome of the change', () => {
    const replica = new Replica({ id: '1'.repeat(16) });
    const conductor = make(replica, { apply: () => undefined });
    conductor.hear(link, BEGIN);
    conductor.hear(link, entriesOf(told({ path: 'folder', content: { type: 'directory' } })));
    conductor.failed('folder', 'something was in the way before');
    expect([...replica.tasks()].map(({ step }) => step)).toEqual(['applying']);
    conductor.applied('folder', { result: 'done', stamp: 'folder' });
    expect(replica.held('folder')?.entry.content).toEqual({ type: 'directory' });
  });

  it('asks a peer again that has not got now what it told, five seconds later and then more seldom', () => {
    const wanted: (readonly string[])[] = [];
    const fetcher = { want: ({ peers }: { readonly peers: readonly string[] }) => wanted.push(peers) };
    const conductor = make(undefined, { fetcher });
    conductor.hear(link, BEGIN);
    const content = fileOf(Buffer.from('some bytes'));
    conductor.hear(link, entriesOf(told({ path: 'file', content })));
    const { replica } = link.peer;
    conductor.gone('file', content.id, replica);
    clock.advance(4999);
    expect(wanted).toEqual([[replica], []]);
    clock.advance(1);
    expect(wanted).toEqual([[replica], [], [replica]]);
    // Each time what came of it before is read again.
    conductor.gone('file', content.id, replica);
    clock.advance(9999);
    expect(wanted.length).toBe(4);
    clock.advance(1);
    expect(wanted.length).toBe(5);
  });

  it('keeps nothing of a path that nobody has told, and that cannot be read', () => {
    const replica = new Replica({ id: '1'.repeat(16) });
    make(replica).failed('unreadable', 'something is in the way');
    expect(replica.paths.count).toBe(0);
  });

  const ASK = { kind: 'ask', request: 1, id: 'a'.repeat(64), first: 0, count: 1 } as const;
  const BYTES = { kind: 'bytes', request: 1, first: 0, size: 1, data: Buffer.of(0) } as const;
  const PACKED = { ...BYTES, data: brotliCompressSync(BYTES.data) };
  const fault = new TypeError('somebody has not thought of that');
  const broken = () => {
    throw fault;
  };
  const idle = { down: () => undefined, drain: async () => undefined };
  const misunderstood: readonly (readonly [string, object, Exclude<Message, Hello>])[] = [
    ['asks for something', { giver: { ...idle, ask: broken } }, ASK],
    ['asks for something, later', { giver: { ...idle, ask: async () => broken() } }, ASK],
    ['gives bytes', { fetcher: { ...idle, take: broken } }, { ...BYTES, codec: 'none' }],
    ['gives packed bytes', { fetcher: { ...idle, take: broken } }, { ...PACKED, codec: 'brotli' }],
    ['tells of a draft', { fetcher: { ...idle, hearDraft: broken } }, { kind: 'draft-end', draft: 'a'.repeat(64) }],
  ];

  for (const [what, hands, message] of misunderstood) {
    it(`has nothing to do with who ${what} where that cannot be dealt with, and goes on`, async () => {
      const conductor = make(undefined, { fetcher: idle, giver: idle, ...hands });
      conductor.hear(link, message);
      conductor.hear(link, message);
      while (harm.length === 0) await turn();
      await turn();
      expect(misheard).toEqual([fault]);
      expect(harm).toEqual(['What it said could not be dealt with']);
      expect(faults).toEqual([]);
    });
  }

  it('has nothing to do with who takes something where giving fails', async () => {
    make(undefined, { fetcher: idle, giver: { ...idle, drain: async () => broken() } }).drain(link);
    await turn();
    expect(misheard).toEqual([fault]);
  });

  it('is no matter where it is the journal that fails: nothing can go on', async () => {
    const full = new JournalError('E_JOURNAL_WRITE', 'the disk is full');
    const ask = async () => {
      throw full;
    };
    make(undefined, { fetcher: idle, giver: { ...idle, ask } }).hear(link, ASK);
    await turn();
    expect(faults).toEqual([full]);
    expect(harm).toEqual([]);
  });
});
