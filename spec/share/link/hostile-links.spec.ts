import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { wireLimits } from '../../../lib/share/wire/limits.ts';
import { MessageReader } from '../../../lib/share/wire/message-reader.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { at, encryptionIn, freshAddress, type Listened, linkScene, PORT } from './link-scene.ts';
import { RawPeer } from './raw-peer.ts';

describe('Links and those who mean harm', () => {
  const folder = temporaryFolder();
  const scene = linkScene();
  let a: string;
  let b: string;
  let clock: ManualClock;
  let one: Listened;

  beforeEach(async () => {
    a = freshAddress();
    b = freshAddress();
    clock = new ManualClock(Date.now());
    one = await scene.start(a, '1', [at(b)], { clock });
  });

  /** So many have come in, and their time runs. */
  async function letIn(count: number): Promise<void> {
    while (clock.waits.filter((ms) => ms === 5000).length < count) await new Promise(setImmediate);
  }

  /** It is well in spite of all: a peer gets in. */
  async function expectWell(to = a): Promise<void> {
    const peer = await RawPeer.dial(b, to);
    await peer.hello('2').hear('hello');
    await one.up();
    peer.socket.destroy();
  }

  it('send a thousand strangers away, and say so once', async () => {
    const stranger = freshAddress();
    for (let round = 0; round < 20; round += 1) {
      const all = await Promise.all(Array.from({ length: 50 }, () => RawPeer.dial(stranger, a)));
      await Promise.all(all.map((peer) => peer.closed()));
      expect(all.flatMap(({ heard }) => heard)).toEqual([]);
    }
    expect(one.notices).toEqual([
      `${stranger} has tried to connect, and is not among the addresses of the peers: it was refused`,
    ]);
    await expectWell();
  });

  it('let few in who say nothing, and only for five seconds', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => RawPeer.dial(b, a)));
    const isOpen = new Set(all);
    const closed = all.map((peer) => peer.closed().then(() => isOpen.delete(peer)));
    await Promise.race([Promise.all(closed.slice(0)), someClosed(isOpen, closed, 12)]);
    await letIn(8);
    expect(isOpen.size).toBe(8);
    clock.advance(4999);
    expect(isOpen.size).toBe(8);
    clock.advance(1);
    await Promise.all(closed);
    await expectWell();
  });

  it('do not wait for ever for who says hello byte by byte', async () => {
    const peer = await RawPeer.dial(b, a);
    await letIn(1);
    for (const byte of Buffer.from('0000001e01', 'hex')) {
      peer.socket.write(Buffer.of(byte));
      clock.advance(1000);
    }
    await peer.closed();
    await expectWell();
  });

  for (const [what, bytes] of [
    ['a request of the web', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['a first message that is too long', Buffer.from('0000020001000000', 'hex')],
    ['a first message without a hello', Buffer.from('000000010b0001', 'hex')],
    ['ones', Buffer.alloc(100_000, 255)],
  ] as const) {
    it(`leave an address alone for ten seconds that sends ${what}`, async () => {
      const peer = await RawPeer.dial(b, a);
      peer.socket.write(bytes);
      expect(await peer.hear('bye')).toEqual(jasmine.objectContaining({ reason: 'protocol' }));
      await peer.closed();
      clock.advance(9999);
      await (await RawPeer.dial(b, a)).closed();
      clock.advance(1);
      await expectWell();
      expect(one.notices.filter((text) => text.includes('left alone')).length).toBe(1);
    });
  }

  it('end the link to a peer that says what is not allowed', async () => {
    const peer = await RawPeer.dial(b, a);
    await peer.hello('2').hear('hello');
    await one.up();
    peer.socket.write(Buffer.alloc(100, 255));
    expect((await one.hear('down')).why).toContain('not allowed');
    expect(await peer.hear('bye')).toEqual(jasmine.objectContaining({ reason: 'protocol' }));
    await (await RawPeer.dial(b, a)).closed();
    clock.advance(10_000);
    await expectWell();
  });

  for (const kind of ['ping', 'pong'] as const) {
    it(`end the link to a peer that says ${kind} without end`, async () => {
      const peer = await RawPeer.dial(b, a);
      await peer.hello('2').hear('hello');
      await one.up();
      for (let token = 0; token < wireLimits.signsAtOnce; token += 1) peer.say({ kind, token });
      peer.say({ kind: 'settled', upTo: 1 });
      await one.hear('message');
      // What comes a second is allowed anew.
      clock.advance(1000);
      for (let token = 0; token < wireLimits.signsPerSecond; token += 1) peer.say({ kind, token });
      peer.say({ kind: 'settled', upTo: 2 });
      await one.hear('message', ({ message }) => message.kind === 'settled' && message.upTo === 2);
      peer.say({ kind, token: 1 });
      expect((await one.hear('down')).why).toContain('without end');
      expect(await peer.hear('bye')).toEqual(jasmine.objectContaining({ reason: 'protocol' }));
    });
  }

  it('let few in who say nothing, from however many addresses', async () => {
    const addresses = [b, freshAddress(), freshAddress()];
    const c = freshAddress();
    await scene.start(
      c,
      '3',
      addresses.map((address) => at(address)),
      { clock },
    );
    const all = await Promise.all(addresses.flatMap((from) => Array.from({ length: 8 }, () => RawPeer.dial(from, c))));
    const isOpen = new Set(all);
    const closed = all.map((peer) => peer.closed().then(() => isOpen.delete(peer)));
    await someClosed(isOpen, closed, 8);
    await letIn(16);
    expect(isOpen.size).toBe(16);
    clock.advance(4999);
    clock.advance(1);
    await Promise.all(closed);
  });

  it('live through resets at any time', async () => {
    for (let round = 0; round < 30; round += 1) {
      const peer = await RawPeer.dial(b, a);
      if (round % 3 > 0) peer.hello('2');
      if (round % 3 > 1) await peer.hear('hello');
      peer.socket.resetAndDestroy();
      await peer.closed();
    }
    await one.hear('down', () => one.count('down') >= 10);
    await expectWell();
  });

  it('give up who begins to encrypt and never ends', async () => {
    const c = freshAddress();
    const other = await scene.start(c, '1', [at(b)], { clock, encryption: await encryptionIn(folder(), 'c') });
    const all = await Promise.all(Array.from({ length: 8 }, () => RawPeer.dial(b, c)));
    for (const { socket } of all) socket.write(Buffer.from('160301020001000001', 'hex'));
    await letIn(8);
    clock.advance(5000);
    await Promise.all(all.map((peer) => peer.closed()));
    expect(other.count('up')).toBe(0);
    const peer = await scene.start(b, '2', [at(c)], { encryption: await encryptionIn(folder(), 'b') });
    await Promise.all([peer.up(), other.up()]);
  });

  it('forget those whom they have sent away while they began to encrypt', async () => {
    const c = freshAddress();
    const other = await scene.start(c, '1', [at(b)], { clock, encryption: await encryptionIn(folder(), 'c') });
    for (let round = 0; round < 30; round += 1) {
      const peer = await RawPeer.dial(b, c);
      peer.socket.write(Buffer.concat([Buffer.from('1603010200', 'hex'), Buffer.alloc(600, round)]));
      await peer.closed();
    }
    const peer = await scene.start(b, '2', [at(c)], { encryption: await encryptionIn(folder(), 'b') });
    await Promise.all([peer.up(), other.up()]);
  });

  for (const side of ['comes', 'is called']) {
    it(`live on when it cannot be decided about who ${side}, for a fault that nobody has thought of`, async () => {
      const c = freshAddress();
      const encryption = await encryptionIn(folder(), 'c');
      spyOn(encryption.pins, 'pin').and.rejectWith(new TypeError('somebody has not thought of that'));
      const other = await scene.start(c, '1', [at(b)], { clock, encryption });
      await scene.start(b, '2', [at(c)], { encryption: await encryptionIn(folder(), 'b') });
      if (side === 'is called') clock.advance(0);
      await other.told(/^\S+ is left alone for 10 seconds: What it said could not be dealt with: somebody has/);
      expect(other.count('up')).toBe(0);
    });
  }

  it('end the link to a peer that their reader fails at', async () => {
    const peer = await RawPeer.dial(b, a);
    await peer.hello('2').hear('hello');
    await one.up();
    spyOn(MessageReader.prototype, 'push').and.throwError(new TypeError('somebody has not thought of that'));
    peer.say({ kind: 'settled', upTo: 1 });
    expect((await one.hear('down')).why).toContain('It could not be read: somebody');
    await (await RawPeer.dial(b, a)).closed();
  });

  it('leave an address alone when their reader fails at its hello', async () => {
    const peer = await RawPeer.dial(b, a);
    spyOn(MessageReader.prototype, 'push').and.throwError(new TypeError('somebody has not thought of that'));
    peer.hello('2');
    await one.told(/left alone for 10 seconds: It could not be read: somebody/);
    await peer.closed();
  });

  for (const encrypts of [false, true]) {
    it(`give up a far side that says nothing, ${encrypts ? 'with' : 'without'} encryption`, async () => {
      const c = freshAddress();
      const silent = await silence(c);
      const encryption = encrypts ? { encryption: await encryptionIn(folder(), 'd') } : {};
      const other = await scene.start(freshAddress(), '3', [at(c)], { clock, ...encryption });
      clock.advance(0);
      const [socket] = await once(silent, 'connection');
      clock.advance(7999);
      expect(socket.destroyed).toBeFalse();
      clock.advance(1);
      await other.told(/offline/);
      await once(socket, 'close');
      silent.close();
    });
  }
});

/** Fulfilled when so many are closed. */
function someClosed(open: ReadonlySet<unknown>, closed: readonly Promise<unknown>[], count: number): Promise<void> {
  const all = open.size;
  return new Promise((resolve) => {
    for (const one of closed) {
      void one.then(() => {
        if (all - open.size >= count) resolve();
      });
    }
  });
}

async function silence(address: string): Promise<Server> {
  const server = createServer((socket) => void socket.on('error', () => undefined).resume()).listen(PORT, address);
  await once(server, 'listening');
  return server;
}
