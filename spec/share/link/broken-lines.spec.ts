import { ManualClock } from '../../support/manual-clock.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { at, encryptionIn, freshAddress, type Listened, linkScene, PORT } from './link-scene.ts';
import { RawPeer } from './raw-peer.ts';

describe('Links over a line that breaks', () => {
  const folder = temporaryFolder();
  const scene = linkScene();
  let a: string;
  let b: string;
  let middle: string;
  let proxy: TcpProxy;

  beforeEach(async () => {
    [a, b, middle] = [freshAddress(), freshAddress(), freshAddress()];
    proxy = await TcpProxy.open({ listen: { address: middle, port: PORT }, target: at(b), localAddress: middle });
  });

  afterEach(() => proxy.close());

  /** The one reaches the other through the proxy, and not the other way round. */
  async function pair(more: object = {}, moreOfTwo: object = more): Promise<[Listened, Listened]> {
    const one = await scene.start(a, '1', [at(middle)], more);
    const two = await scene.start(b, '2', [at(middle, 1)], moreOfTwo);
    return [one, two];
  }

  for (const encrypts of [false, true]) {
    it(`are there again after each cut, ${encrypts ? 'with' : 'without'} encryption`, async () => {
      const ours = encrypts ? { encryption: await encryptionIn(folder(), 'a') } : {};
      const theirs = encrypts ? { encryption: await encryptionIn(folder(), 'b') } : {};
      const [one, two] = await pair(ours, theirs);
      for (let round = 1; round <= 3; round += 1) {
        await Promise.all([
          one.hear('up', () => one.count('up') === round),
          two.hear('up', () => two.count('up') === round),
        ]);
        proxy.cut();
        await Promise.all([
          one.hear('down', () => one.count('down') === round),
          two.hear('down', () => two.count('down') === round),
        ]);
      }
    });
  }

  it('notice after 15 to 20 seconds that nobody is there any more, and go on when somebody is', async () => {
    const clock = new ManualClock(Date.now());
    const [one, two] = await pair({ clock });
    clock.advance(0);
    await Promise.all([one.up(), two.up()]);
    proxy.stall();
    for (let seconds = 0; seconds < 15; seconds += 5) clock.advance(5000);
    expect([one.count('down'), two.count('down')]).toEqual([0, 0]);
    clock.advance(5000);
    const { why } = await one.hear('down');
    expect(why).toBe('it gave no sign of life for 15 seconds');
    await two.hear('down');
    proxy.flow();
    clock.advance(5000);
    await one.hear('up', () => one.count('up') === 2);
  });

  it('count as alive as long as something comes', async () => {
    const clock = new ManualClock(Date.now());
    const [one, two] = await pair({ clock });
    clock.advance(0);
    const [here, there] = await Promise.all([one.up(), two.up()]);
    for (let upTo = 0; upTo < 20; upTo += 1) {
      clock.advance(5000);
      // Behind it are the signs of life of before, both ways.
      here.send({ kind: 'settled', upTo });
      await two.hear('message', ({ message }) => message.kind === 'settled' && message.upTo === upTo);
      there.send({ kind: 'settled', upTo });
      await one.hear('message', ({ message }) => message.kind === 'settled' && message.upTo === upTo);
    }
    expect([one.count('down'), two.count('down')]).toEqual([0, 0]);
  });

  it('do not take a peer for dead that they do not listen to', async () => {
    const clock = new ManualClock(Date.now());
    const [one, two] = await pair({ clock });
    clock.advance(0);
    const [here] = await Promise.all([one.up(), two.up()]);
    here.pause();
    for (let seconds = 0; seconds < 60; seconds += 5) {
      clock.advance(5000);
      await two.hear('up');
      await new Promise(setImmediate);
    }
    expect(one.count('down')).toBe(0);
  });

  it('end where bytes were changed on the way, and go on ten seconds later', async () => {
    const clock = new ManualClock(Date.now());
    const [one, two] = await pair({ clock });
    clock.advance(0);
    const here = await one.up();
    await two.up();
    proxy.meddle((bytes) => Buffer.alloc(bytes.length, 0xff));
    here.send({ kind: 'settled', upTo: 1 });
    expect((await two.hear('down')).why).toContain('not allowed');
    proxy.meddle((bytes) => bytes);
    await one.hear('down');
    clock.advance(10_000);
    await two.hear('up', () => two.count('up') === 2);
  });

  it('let a peer in that comes again while its old connection looks alive, two seconds later', async () => {
    const clock = new ManualClock(Date.now());
    const one = await scene.start(a, '1', [at(b)], { clock });
    // It answers nothing.
    const before = (await RawPeer.dial(b, a)).hello('2');
    await one.up();
    const again = (await RawPeer.dial(b, a)).hello('2');
    await before.hear('ping');
    clock.advance(1999);
    expect(one.count('down')).toBe(0);
    clock.advance(1);
    expect((await one.hear('down')).why).toBe('The peer has come again');
    await again.hear('hello');
    expect(one.count('up')).toBe(2);
    await before.closed();
  });

  it('keep one connection of a peer that comes again twice at the same time, instead of one that nobody knew to be dead', async () => {
    const clock = new ManualClock(Date.now());
    const one = await scene.start(a, '1', [at(b)], { clock });
    (await RawPeer.dial(b, a)).hello('2');
    await one.up();
    const both = [(await RawPeer.dial(b, a)).hello('2'), (await RawPeer.dial(b, a)).hello('2')];
    while (clock.waits.filter((ms) => ms === 2000).length < 2) await new Promise(setImmediate);
    clock.advance(2000);
    await Promise.all(both.map((peer) => peer.hear('hello')));
    await Promise.race(both.map((peer) => peer.hear('bye')));
    expect([one.count('up'), one.count('down'), one.links.up.length]).toEqual([2, 1, 1]);
  });

  it('send a peer away that comes again while its old connection is alive', async () => {
    const one = await scene.start(a, '1', [at(b)]);
    const before = (await RawPeer.dial(b, a)).hello('2');
    await one.up();
    const again = (await RawPeer.dial(b, a)).hello('2');
    await before.hear('ping');
    before.say({ kind: 'pong', token: 1 });
    expect(await again.hear('bye')).toEqual(jasmine.objectContaining({ reason: 'duplicate' }));
    expect([one.count('up'), one.count('down')]).toEqual([1, 0]);
  });

  it('keep one connection to a peer of two addresses', async () => {
    const two = await scene.start(b, '2', [at(a), at(middle, 1)]);
    const one = await scene.start(a, '1', [at(b), at(middle)]);
    await Promise.all([one.up(), two.up(), proxy.closedOne()]);
    expect([one.count('up') - one.count('down'), two.count('up') - two.count('down')]).toEqual([1, 1]);
    expect([one.links.up.length, two.links.up.length]).toEqual([1, 1]);
  });

  it('tell of a peer that is offline once, however often they try', async () => {
    proxy.accept(false);
    const clock = new ManualClock(Date.now());
    const [one] = await pair({ clock }, {});
    for (let round = 0; round < 10; round += 1) {
      const { length } = clock.waits;
      clock.advance(5000);
      // For an answer, and for the next try.
      while (clock.waits.length < length + 2) await new Promise(setImmediate);
    }
    expect(one.notices.filter((text) => text.includes('offline')).length).toBe(1);
    proxy.accept(true);
    for (let round = 0; one.count('up') === 0 && round < 1e6; round += 1) {
      clock.advance(100);
      await new Promise(setImmediate);
    }
    await one.told(/is there again/);
  });
});
