import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type TLSSocket, connect as tlsConnect } from 'node:tls';
import { openIdentity, showDevice } from '../../../lib/share/link/identity.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { at, encryptionIn, freshAddress, linkScene, PORT } from './link-scene.ts';

describe('Links with encryption', () => {
  const folder = temporaryFolder();
  const scene = linkScene();
  let a: string;
  let b: string;

  beforeEach(() => {
    a = freshAddress();
    b = freshAddress();
  });

  const encrypted = async (name: string) => ({ encryption: await encryptionIn(folder(), name) });

  it('tell both users the ids of both devices at the first time, and nothing at the second', async () => {
    const [first, second] = [await encrypted('a'), await encrypted('b')];
    const one = await scene.start(a, '1', [at(b)], first);
    const two = await scene.start(b, '2', [at(a)], second);
    expect((await one.up()).peer.device).toBe(second.encryption.identity.device);
    expect((await two.up()).peer.device).toBe(first.encryption.identity.device);
    const ids = [first, second].map(({ encryption }) => showDevice(encryption.identity.device));
    const [ofOne, ofTwo] = [await one.told(/first time/), await two.told(/first time/)];
    for (const { text } of [ofOne, ofTwo]) expect(ids.every((id) => text.includes(id))).toBeTrue();
    expect([...(await first.encryption.pins.read())]).toEqual([[`${b}:${PORT}`, second.encryption.identity.device]]);
    await two.links.close();
    const again = await scene.start(b, '2', [at(a)], await encrypted('b'));
    await again.up();
    expect(again.notices).toEqual([]);
  });

  it('keep one connection when both connect at the same time', async () => {
    const one = scene.make(a, '1', [at(b)], await encrypted('a'));
    const two = scene.make(b, '2', [at(a)], await encrypted('b'));
    await Promise.all([one.links.start(), two.links.start()]);
    const [here] = await Promise.all([one.up(), two.up()]);
    here.send({ kind: 'settled', upTo: 7 });
    await two.hear('message');
    expect([one.count('up'), two.count('up'), one.count('down'), two.count('down')]).toEqual([1, 1, 0, 0]);
  });

  it('leave their own address alone', async () => {
    const one = await scene.start(a, '1', [at(a)], await encrypted('a'));
    await one.told(/itself/);
  });

  it('refuse another device at an address that is known, loudly on both sides, until it is trusted', async () => {
    const mine = await encrypted('a');
    const one = await scene.start(a, '1', [at(b)], mine);
    const two = await scene.start(b, '2', [at(a)], await encrypted('b'));
    await one.up();
    await two.links.close();
    const other = await scene.start(b, '2', [at(a)], await encrypted('other'));
    expect((await one.told(/left trust/)).level).toBe('error');
    expect((await other.told(/Another device/)).level).toBe('error');
    expect([one.count('up'), other.count('up')]).toEqual([1, 0]);
    expect((await one.links.trust(at(b))).wasKnown).toBeTrue();
    await Promise.all([other.up(), one.up()]);
  });

  it('refuse everybody when it cannot be known who is trusted, and do not begin like that', async () => {
    const mine = await encrypted('a');
    const one = await scene.start(a, '1', [at(b)], mine);
    writeFileSync(join(folder(), 'a', 'peers.json'), '{"format":1,"peers":{"x":"y"}}');
    const two = await scene.start(b, '2', [at(a)], await encrypted('b'));
    await Promise.all([one.told(/peers.json cannot be understood: mend it/), two.told(/Nobody can be checked/)]);
    expect([one.count('up'), two.count('up')]).toEqual([0, 0]);
    const again = scene.make(freshAddress(), '1', [at(b)], mine);
    await expectAsync(again.links.start()).toBeRejectedWith(jasmine.objectContaining({ code: 'E_PEERS_FILE' }));
  });

  it('are refused by a man in the middle with a certificate of his own before a hello is said', async () => {
    const mine = await encrypted('a');
    const theirs = await encrypted('b');
    const middle = freshAddress();
    await mine.encryption.pins.pin(at(middle), theirs.encryption.identity.device);
    const heard: Buffer[] = [];
    const liar = await openIdentity(folder());
    const server = createServer(
      {
        key: liar.key,
        cert: liar.certificate,
        requestCert: true,
        rejectUnauthorized: false,
        ALPNProtocols: ['left/1'],
      },
      (socket) => void socket.on('error', () => undefined).on('data', (bytes) => heard.push(bytes)),
    ).listen(PORT, middle);
    await once(server, 'listening');
    const one = await scene.start(a, '1', [at(middle)], mine);
    const told = await one.told(/left trust/);
    expect(told.text).toContain(showDevice(liar.device));
    await one.links.close();
    server.close();
    await once(server, 'close');
    // A bye, with the reason; no hello with names and ids.
    expect(Buffer.concat(heard).includes('peer 1')).toBeFalse();
  });

  it('say nothing that can be read on the way', async () => {
    const planted = Array.from({ length: 20 }, (_, index) => `planted-${index}-${'secret'.repeat(3)}`);
    const c = freshAddress();
    // The other way round there is no way.
    const proxy = await TcpProxy.open({ listen: at(c), target: at(b), localAddress: c });
    proxy.records = true;
    const one = await scene.start(a, '1', [at(c)], await encrypted('a'));
    const two = await scene.start(b, '2', [at(c, 1)], await encrypted('b'));
    const link = await one.up();
    for (const path of planted) link.send({ kind: 'draft', draft: '0'.repeat(64), path, size: 1 });
    for (const [request, text] of planted.entries()) {
      const data = Buffer.from(text);
      link.send({ kind: 'bytes', request, first: 0, codec: 'none', size: data.length, data });
    }
    await two.hear('message', ({ message }) => message.kind === 'bytes' && message.request === planted.length - 1);
    const all = Buffer.concat(proxy.recorded);
    await one.links.close();
    await proxy.close();
    expect(all.length).toBeGreaterThan(1000);
    expect([...planted, 'peer 1', 'peer 2'].filter((text) => all.includes(text))).toEqual([]);
  });

  for (const [first, second] of [
    [true, false],
    [false, true],
  ] as const) {
    it(`never talk to one without, the first ${first ? 'with' : 'without'}`, async () => {
      const one = await scene.start(a, '1', [at(b)], first ? await encrypted('a') : {});
      await one.told(/offline/);
      const two = await scene.start(b, '2', [at(a)], second ? await encrypted('b') : {});
      const [ofOne, ofTwo] = await Promise.all([one.told(/--encryption/), two.told(/--encryption/)]);
      expect([ofOne.level, ofTwo.level]).toEqual(['error', 'error']);
      expect(ofOne.text).toContain('start both with the same --encryption');
      expect([one.count('up'), two.count('up')]).toEqual([0, 0]);
    });
  }

  it('refuse who shows no certificate, and who speaks another protocol over TLS', async () => {
    const one = await scene.start(a, '1', [at(b)], await encrypted('a'));
    const nobody = { host: a, port: PORT, localAddress: b, rejectUnauthorized: false } as const;
    for (const more of [
      { ALPNProtocols: ['left/1'] },
      { ALPNProtocols: ['h2'] },
      {},
      { maxVersion: 'TLSv1.2' } as const,
    ]) {
      const socket: TLSSocket = tlsConnect({ ...nobody, ...more });
      await new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));
    }
    expect(one.count('up')).toBe(0);
    expect(one.notices.some((text) => text.includes(b))).toBeTrue();
  });
});
