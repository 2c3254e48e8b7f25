import type { Link } from '../../../lib/share/link/link.ts';
import { PROTOCOL } from '../../../lib/share/wire/message-types.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { at, freshAddress, linkScene, PORT, replica } from './link-scene.ts';

describe('Links', () => {
  const scene = linkScene();
  let a: string;
  let b: string;

  beforeEach(() => {
    a = freshAddress();
    b = freshAddress();
  });

  it('connect two peers that start one after the other, and say who is there', async () => {
    const one = await scene.start(a, '1', [at(b)]);
    await one.told(/offline/);
    const two = await scene.start(b, '2', [at(a)]);
    expect((await one.up()).peer).toEqual({
      replica: replica('2'),
      name: 'peer 2',
      address: b,
      port: PORT,
      codecs: ['brotli'],
    });
    expect((await two.up()).peer.replica).toBe(replica('1'));
    expect(one.notices.map((text) => text.replace(b, 'B'))).toEqual([
      `B:${PORT} is offline (ECONNREFUSED); it is tried again and again`,
      `B:${PORT} is there again`,
    ]);
  });

  for (const order of ['12', '21']) {
    it(`keep one connection when both connect at the same time, ${order}`, async () => {
      const [first = '', second = ''] = order;
      const one = scene.make(a, first, [at(b)]);
      const two = scene.make(b, second, [at(a)]);
      await Promise.all([one.links.start(), two.links.start()]);
      const [here, there] = await Promise.all([one.up(), two.up()]);
      await talk(one, here, two);
      await talk(two, there, one);
      expect([one.count('up'), two.count('up'), one.count('down'), two.count('down')]).toEqual([1, 1, 0, 0]);
      expect([one.links.up.length, two.links.up.length]).toEqual([1, 1]);
    });
  }

  it('connect three peers', async () => {
    const c = freshAddress();
    const all = await Promise.all([
      scene.start(a, '1', [at(b), at(c)]),
      scene.start(b, '2', [at(a), at(c)]),
      scene.start(c, '3', [at(a), at(b)]),
    ]);
    await Promise.all(all.map((one) => one.hear('up', () => one.links.up.length === 2)));
    expect(all.map((one) => one.count('down'))).toEqual([0, 0, 0]);
  });

  it('hand over messages in their order', async () => {
    const one = await scene.start(a, '1', [at(b)]);
    const two = await scene.start(b, '2', [at(a)]);
    const link = await one.up();
    for (let upTo = 0; upTo < 1000; upTo += 1) link.send({ kind: 'settled', upTo });
    await two.hear('message', ({ message }) => message.kind === 'settled' && message.upTo === 999);
    const told = two.heard.flatMap((heard) =>
      heard.what === 'message' && heard.message.kind === 'settled' ? [heard.message.upTo] : [],
    );
    expect(told).toEqual([...Array(1000).keys()]);
  });

  it('say goodbye when they are closed, and are there again after that', async () => {
    const one = await scene.start(a, '1', [at(b)]);
    const two = await scene.start(b, '2', [at(a)]);
    await Promise.all([one.up(), two.up()]);
    await two.links.close();
    expect((await one.hear('down')).why).toBe('it says: It was stopped');
    expect((await two.hear('down')).why).toBe('It was stopped');
    const again = await scene.start(b, '2', [at(a)]);
    await again.up();
    await one.up();
    expect(one.count('up')).toBe(2);
  });

  it('tell that a port is taken', async () => {
    await scene.start(a, '1', [at(b)]);
    const other = scene.make(a, '3', [at(b)]);
    await expectAsync(other.links.start()).toBeRejectedWith(
      jasmine.objectContaining({
        code: 'E_PORT',
        message: `Cannot listen at ${a}:${PORT}: another program listens there; end it, or choose another --port`,
      }),
    );
  });

  it('tell that an address is not of this machine', async () => {
    const other = scene.make('192.0.2.1', '3', [at(b)]);
    await expectAsync(other.links.start()).toBeRejectedWith(jasmine.objectContaining({ code: 'E_PORT' }));
  });

  it('leave their own address alone', async () => {
    const one = await scene.start(a, '1', [at(a), at(b)]);
    expect(await one.told(/itself/)).toEqual({
      level: 'info',
      text: `${a}:${PORT} is this peer itself, or one with a copy of its state`,
    });
    const two = await scene.start(b, '2', [at(a)]);
    await Promise.all([one.up(), two.up()]);
  });

  it('try an address again a minute later at which a copy of their state was, and no longer take it for their own', async () => {
    const clock = new ManualClock();
    const copy = await scene.start(b, '1', [at(a)]);
    const one = await scene.start(a, '1', [at(b)], { clock });
    clock.advance(0);
    await one.told(/itself/);
    await copy.links.close();
    // It cannot call by itself.
    const two = await scene.start(b, '2', [at(a, 21_799)]);
    expect(one.links.contacts.map(({ isSelf }) => isSelf)).toEqual([true]);
    clock.advance(60_000);
    await Promise.all([one.up(), two.up()]);
    expect(one.links.contacts.map(({ isSelf }) => isSelf)).toEqual([false]);
  });

  it('tell a peer with another protocol, both ways', async () => {
    const one = await scene.start(a, '1', [at(b)]);
    await one.told(/offline/);
    const hello = { protocol: PROTOCOL + 1, replica: replica('2'), name: 'peer 2', codecs: [] };
    const two = await scene.start(b, '2', [at(a)], { hello });
    const text = /peer [12] speaks protocol [23] and peer [12] speaks [23]: update peer 1/;
    expect((await two.told(text)).level).toBe('error');
    expect((await one.told(text)).level).toBe('error');
    expect(one.links.up).toEqual([]);
  });

  it('work with several peers at one address', async () => {
    const one = await scene.start(a, '1', [at(b, 21701), at(b, 21702)]);
    const two = await scene.start(b, '2', [at(a)], { port: 21701 });
    const three = await scene.start(b, '3', [at(a)], { port: 21702 });
    await Promise.all([two.up(), three.up(), one.hear('up', () => one.links.up.length === 2)]);
    expect(one.links.up.map(({ peer }) => `${peer.replica[0]} ${peer.port}`).sort()).toEqual(['2 21701', '3 21702']);
  });

  /** Something goes from one to the other. */
  async function talk(from: ReturnType<typeof scene.make>, link: Link, to: typeof from): Promise<void> {
    const upTo = Math.floor(Math.random() * 1e9);
    expect(from.links.up).toContain(link);
    link.send({ kind: 'settled', upTo });
    await to.hear('message', ({ message }) => message.kind === 'settled' && message.upTo === upTo);
  }
});
