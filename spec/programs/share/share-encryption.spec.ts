import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { KiB, writeRandom } from '../../support/share/files.ts';
import { shareScenes } from '../../support/share/share-scene.ts';
import { untilTrue } from '../../support/share/until.ts';

const SECRETS = Array.from({ length: 20 }, (_, number) => `planted-secret-${number}-${'x'.repeat(20)}`);

describe('share, and those who listen in', () => {
  const sceneOf = shareScenes();

  /** What stands in what passed between two peers: names, contents and what is in them. */
  async function overheard(encryption: 'yes' | 'no'): Promise<number> {
    const scene = await sceneOf(2, { isProxied: true, encryption });
    for (const proxy of scene.proxies()) proxy.records = true;
    const a = scene.peer(0);
    for (const secret of SECRETS.slice(0, 10)) writeFileSync(a.at(secret), 'x');
    for (const [at, secret] of SECRETS.slice(10).entries()) writeFileSync(a.at(`file ${at}`), secret);
    await scene.startAll();
    await scene.allHave(0);
    const heard = scene.proxies().map(({ recorded }) => Buffer.concat(recorded));
    return SECRETS.filter((secret) => heard.some((bytes) => bytes.includes(secret))).length;
  }

  it('R12: gives them neither names nor contents with encryption, which is the usual way', async () => {
    expect(await overheard('yes')).toBe(0);
  });

  it('R12: lets them hear all without it', async () => {
    expect(await overheard('no')).toBe(20);
  });

  it('R12: is encrypted when nothing is said of it', async () => {
    const scene = await sceneOf(2, { isProxied: true });
    for (const proxy of scene.proxies()) proxy.records = true;
    writeFileSync(scene.peer(0).at(SECRETS[0] ?? ''), 'x');
    await scene.startAll();
    await scene.allHave(0);
    expect(scene.proxies().some(({ recorded }) => Buffer.concat(recorded).includes('planted'))).toBeFalse();
  });

  it('R12: does not talk to a peer that is set otherwise, and both say so', async () => {
    const scene = await sceneOf(2);
    writeFileSync(scene.peer(0).at('a'), 'a');
    await scene.start(0, { encryption: 'yes' });
    await scene.start(1, { encryption: 'no' });
    for (const peer of scene.peers) {
      await untilTrue(
        () => /start both with the same --encryption/.test(peer.log),
        10_000,
        () => scene.log,
      );
    }
    expect(existsSync(scene.peer(1).at('a'))).toBeFalse();
    await scene.stop(1);
    await scene.start(1, { encryption: 'yes' });
    await scene.allHave(0);
  });

  it('R16: refuses a machine that has another certificate than before, and says so', async () => {
    const scene = await sceneOf(2);
    writeFileSync(scene.peer(0).at('a'), 'a');
    await scene.startAll();
    await scene.allHave(0);
    await scene.stop(1);
    for (const name of readdirSync(scene.peer(1).place.folder)) {
      if (name !== 'share') rmSync(join(scene.peer(1).place.folder, name), { recursive: true });
    }
    writeFileSync(scene.peer(0).at('secret'), 'secret');
    const before = scene.peer(0).log.length;
    await scene.start(1);
    await untilTrue(
      () => /certificate|identity|trust/i.test(scene.peer(0).log.slice(before)),
      10_000,
      () => scene.log,
    );
    expect(existsSync(scene.peer(1).at('secret'))).toBeFalse();
  });

  it('R16: keeps its key, and whom it trusts, readable by its owner only', async () => {
    const scene = await sceneOf(2);
    writeFileSync(scene.peer(0).at('a'), 'a');
    await scene.startAll();
    await scene.allHave(0);
    const modes = readdirSync(scene.peer(0).inState(), { withFileTypes: true })
      .filter((file) => file.isFile())
      .map(({ name }) => [name, statSync(scene.peer(0).inState(name)).mode & 0o777]);
    expect(modes.length).toBeGreaterThan(2);
    expect(modes.filter(([, mode]) => mode !== 0o600)).toEqual([]);
    expect(statSync(scene.peer(0).inState()).mode & 0o777).toBe(0o700);
    expect(existsSync(scene.peer(0).inState('peers.json'))).toBeTrue();
    expect(readFileSync(scene.peer(0).inState('peers.json'), 'utf8')).toContain(scene.peer(1).place.address);
  });

  it('R17: goes on when somebody talks something else to it', async () => {
    const scene = await sceneOf(2);
    await scene.startAll();
    const { address, port, others } = scene.peer(0).place;
    for (const [localAddress, words] of [
      [others[0], 'GET / HTTP/1.1\r\nHost: here\r\n\r\n'],
      [others[0], 'USER anonymous\r\n'],
      [others[0], Buffer.alloc(100 * KiB, 0xff)],
      [others[0], Buffer.alloc(4096)],
      ['127.0.0.1', 'a stranger'],
    ] as const) {
      const socket = connect({ host: address, port, ...(localAddress === undefined ? {} : { localAddress }) });
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.on('error', () => undefined).resume();
      socket.write(words);
      await closed;
    }
    writeRandom(scene.peer(0).at('after'), 100 * KiB);
    await scene.allHave(0);
  });
});
