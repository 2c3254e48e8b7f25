import { EventEmitter } from 'node:events';
import { Acquaintances } from '../../../lib/share/desk/acquaintances.ts';
import type { Link } from '../../../lib/share/link/link.ts';
import type { Links } from '../../../lib/share/link/links.ts';
import { ManualClock } from '../../support/manual-clock.ts';

type Contact = { -readonly [Key in keyof Links['contacts'][number]]: Links['contacts'][number][Key] };

describe('Acquaintances', () => {
  let events: Links['events'];
  let contacts: readonly Contact[];
  let acquaintances: Acquaintances;

  beforeEach(() => {
    events = new EventEmitter();
    contacts = ['127.0.0.3', '127.0.0.4'].map((address) => ({
      at: { address, port: 21_700 },
      shown: `${address}:21700`,
      isSelf: false,
      link: undefined,
    }));
    acquaintances = new Acquaintances({ contacts, events }, new ManualClock());
  });

  function meet(index: number, replica: string, device?: string): void {
    const link = { peer: { replica, ...(device === undefined ? {} : { device }) } } as Link;
    for (const [at, contact] of contacts.entries()) contact.link = (at === index ? link : undefined) as Contact['link'];
    events.emit('up', link);
  }

  function leave(index: number): void {
    const link = contacts[index]?.link;
    if (link !== undefined) events.emit('down', link, 'It was stopped');
  }

  /** Whose word each address stands for. */
  function known(): readonly (string | undefined)[] {
    return acquaintances.all.map(({ link }) => link?.peer.replica);
  }

  it('remember who was met where, also when it is gone', () => {
    meet(0, 'aaaa', 'one');
    leave(0);
    meet(1, 'bbbb', 'two');
    expect(known()).toEqual(['aaaa', 'bbbb']);
    expect(acquaintances.all.map(({ isHere }) => isHere)).toEqual([false, true]);
  });

  it('know a replica only where it was met last: its copies are no others', () => {
    meet(0, 'aaaa');
    leave(0);
    meet(1, 'aaaa');
    expect(known()).toEqual([undefined, 'aaaa']);
  });

  it('know a device only where it was met last, whatever replica it is by now', () => {
    meet(0, 'aaaa', 'one');
    leave(0);
    meet(1, 'bbbb', 'one');
    expect(known()).toEqual([undefined, 'bbbb']);
  });

  it('take nobody without a certificate for the same device', () => {
    meet(0, 'aaaa');
    leave(0);
    meet(1, 'bbbb');
    expect(known()).toEqual(['aaaa', 'bbbb']);
  });
});
