import { setImmediate as turn } from 'node:timers/promises';
import { Replica } from '../../lib/share/replica/replica.ts';
import { Teller } from '../../lib/share/teller.ts';
import type { ToldEntry } from '../../lib/share/wire/message.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { SilentLink } from './transfer/transfer-scene.ts';

describe('A Teller of small files', () => {
  const SIZE = 32 * 1024;
  // More than may be under way.
  const FILES = 1000;
  let clock: ManualClock;
  let link: SilentLink;
  let teller: Teller;
  let isKept: boolean;

  beforeEach(() => {
    clock = new ManualClock();
    isKept = true;
    link = new SilentLink('b'.repeat(16));
    const replica = new Replica({ id: 'a'.repeat(16) });
    for (let file = 0; file < FILES; file += 1) {
      const content = { type: 'file', size: SIZE, id: `${file}`.padStart(64, '0'), mtimeMs: 0, isExecutable: false };
      const seen = { ...content, type: 'file', stamp: `${file}` } as const;
      replica.handle({ kind: 'found', path: `${file}`, seen }, clock.now());
    }
    replica.handle({ kind: 'connected', peer: link.peer.replica, heard: 0 }, clock.now());
    teller = new Teller(
      replica,
      clock,
      () => new Uint8Array(SIZE),
      () => isKept,
    );
    teller.begin(link, { heard: 0, holds: 0 });
  });

  function told(): readonly ToldEntry[] {
    return link.sent.flatMap((message) => (message.kind === 'entries' ? message.entries : []));
  }

  async function rest(): Promise<void> {
    for (let before = -1; before < link.sent.length; await turn()) before = link.sent.length;
  }

  it('waits for the peer to bring them onto its disk, and sends all of them along', async () => {
    while (told().length < FILES) {
      const before = told().length;
      await rest();
      expect(told().length).toBeGreaterThan(before);
      teller.settled(link, told().at(-1)?.number ?? 0);
      clock.advance(400);
    }
    expect(told().every(({ bytes }) => bytes !== undefined)).toBeTrue();
  });

  it('does not wait for ever for a peer that settles nothing: it may ask for the rest', async () => {
    await rest();
    const along = told().length;
    expect(along).toBeLessThan(FILES);
    clock.advance(499);
    await rest();
    expect(told()).toHaveSize(along);
    clock.advance(1);
    await rest();
    expect(told()).toHaveSize(FILES);
    expect(told().filter(({ bytes }) => bytes !== undefined)).toHaveSize(along);
  });

  it('tells nothing that cannot be kept as told', async () => {
    isKept = false;
    await rest();
    expect(link.sent).toEqual([]);
  });

  it('waits for nobody any more who is gone', async () => {
    await rest();
    const before = link.sent.length;
    teller.down(link);
    clock.advance(500);
    await rest();
    expect(link.sent).toHaveSize(before);
  });
});
