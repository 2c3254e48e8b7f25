import type { Bytes } from '../../../lib/share/wire/message.ts';
import { SpareBuffers } from '../../../lib/share/wire/spare-buffers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { at, encryptionIn, freshAddress, type Listened, linkScene } from './link-scene.ts';

const MIB = 1024 * 1024;
const data = Buffer.alloc(MIB, 7);

describe('Messages over a link', () => {
  const folder = temporaryFolder();
  const scene = linkScene();

  async function pair(encrypts = false): Promise<[Listened, Listened]> {
    const [a, b] = [freshAddress(), freshAddress()];
    const encryption = async (name: string) => (encrypts ? { encryption: await encryptionIn(folder(), name) } : {});
    const one = await scene.start(a, '1', [at(b)], await encryption('a'));
    return [one, await scene.start(b, '2', [at(a)], await encryption('b'))];
  }

  const content = (request: number): Bytes => ({ kind: 'bytes', request, first: 0, codec: 'none', size: MIB, data });

  for (const encrypts of [false, true]) {
    it(`do not wait behind 64 MiB of contents, ${encrypts ? 'with' : 'without'} encryption`, async () => {
      const [one, two] = await pair(encrypts);
      const [here] = await Promise.all([one.up(), two.up()]);
      for (let request = 0; request < 64; request += 1) here.send(content(request));
      expect(here.backlog).toBeGreaterThan(32 * MIB);
      await two.hear('message');
      here.send({ kind: 'settled', upTo: 1 });
      await two.hear('message', ({ message }) => message.kind === 'settled');
      expect(two.count('message')).toBeLessThan(32);
      await two.hear('message', () => two.count('message') === 65);
      await one.hear('drain');
      expect(here.backlog).toBe(0);
      const requests = two.heard.flatMap((heard) =>
        heard.what === 'message' && heard.message.kind === 'bytes' ? [heard.message.request] : [],
      );
      expect(requests).toEqual([...Array(64).keys()]);
    });
  }

  for (const encrypts of [false, true]) {
    it(`come as they are when their memory is used again, ${encrypts ? 'with' : 'without'} encryption`, async () => {
      const [one, two] = await pair(encrypts);
      const [here] = await Promise.all([one.up(), two.up()]);
      const wrong: number[] = [];
      two.links.events.on('message', (_, message) => {
        if (message.kind !== 'bytes') return;
        if (message.data.some((byte) => byte !== message.request)) wrong.push(message.request);
        message.release?.();
      });
      const spare = new SpareBuffers(MIB, 3);
      let released = 0;
      const send = (request: number) => {
        const lent = spare.lend(MIB);
        lent.bytes.fill(request);
        const release = () => {
          lent.release();
          released += 1;
        };
        here.send({ ...content(request), data: lent.bytes, release });
      };
      for (let request = 0; request < 40; request += 1) {
        send(request);
        // Not more than three at a time: the fourth is put where the first one was.
        if (request % 3 === 2)
          await two.hear('message', ({ message }) => message.kind === 'bytes' && message.request === request);
      }
      await two.hear('message', () => two.count('message') === 40);
      expect(wrong).toEqual([]);
      expect(released).toBe(40);
    });
  }

  it('tell of a small backlog only when it was large', async () => {
    const [one, two] = await pair();
    const [here] = await Promise.all([one.up(), two.up()]);
    here.send({ kind: 'settled', upTo: 1 });
    await two.hear('message');
    expect(one.count('drain')).toBe(0);
  });

  it('wait while nobody listens, and are told in their order then', async () => {
    const [one, two] = await pair();
    const [here, there] = await Promise.all([one.up(), two.up()]);
    two.links.events.on('message', (link, message) => {
      if (message.kind === 'settled' && message.upTo % 100 === 0) link.pause();
    });
    for (let upTo = 0; upTo < 300; upTo += 1) here.send({ kind: 'settled', upTo });
    for (const seen of [1, 101, 201]) {
      await two.hear('message', () => two.count('message') === seen);
      // The other way is open.
      there.send({ kind: 'settled', upTo: seen });
      await one.hear('message', ({ message }) => message.kind === 'settled' && message.upTo === seen);
      expect(two.count('message')).toBe(seen);
      there.resume();
    }
    await two.hear('message', () => two.count('message') === 300);
  });

  it('are lost without a word when the link is down', async () => {
    const [one, two] = await pair();
    const [here] = await Promise.all([one.up(), two.up()]);
    for (let request = 0; request < 64; request += 1) here.send(content(request));
    here.close('refused', 'Enough');
    expect((await two.hear('down')).why).toContain('Enough');
    for (let request = 0; request < 64; request += 1) here.send(content(request));
    here.resume();
    here.close('refused', 'Enough');
    expect(here.backlog).toBe(0);
    expect(one.heard.filter((heard) => heard.what === 'down' && heard.link === here).length).toBe(1);
  });
});
