import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { MiB, writeRandom } from '../../support/share/files.ts';
import type { SharePeer } from '../../support/share/share-peer.ts';
import { shareScenes } from '../../support/share/share-scene.ts';
import { datagramsOf, listeningOf } from '../../support/share/sockets.ts';
import { until } from '../../support/share/until.ts';

describe('share, and how it is started and ended', () => {
  const sceneOf = shareScenes();

  function linesOf({ log }: SharePeer): readonly string[] {
    return log.split('\n').filter((line) => line !== '');
  }

  it('R23: makes its folder, and takes what is put there', async () => {
    const scene = await sceneOf(2);
    await scene.startAll();
    for (const { place } of scene.peers) expect(statSync(join(place.folder, 'share')).isDirectory()).toBeTrue();
    writeFileSync(scene.peer(0).at('a'), 'a');
    await scene.allHave(0);
  });

  for (const [what, address] of [
    ['no address', 'nonsense!'],
    ['an address with too large a number', '127.0.0.300'],
    ['nothing at all', ''],
    ['an address with a port that is none', '127.0.0.1:99999'],
  ] as const) {
    it(`R11: says in one line what is wrong with ${what}`, async () => {
      const scene = await sceneOf(1);
      const { folder } = scene.peer(0).place;
      const program = scene.peer(0).runWith(['--ip', address]);
      const { status, stderr } = await program.ended;
      expect(status).toBe(2);
      expect(stderr).toContain('--ip');
      expect(stderr.trim().split('\n').length).toBeLessThan(4);
      expect(existsSync(join(folder, '.left'))).toBeFalse();
    });
  }

  it('says in one line that a file is no folder to share, and writes nothing beside it', async () => {
    const scene = await sceneOf(1);
    const { folder } = scene.peer(0).place;
    writeFileSync(join(folder, 'file'), 'text');
    const { status, stderr } = await scene.peer(0).runWith(['--ip', '127.0.0.3', '--share', 'file']).ended;
    expect(status).toBe(2);
    expect(stderr).toMatch(/^left: .*file: it is not a folder; name one with --share\n$/);
    expect(existsSync(join(folder, '.left'))).toBeFalse();
  });

  it('refuses a state in the share before it writes anything there, which others would get', async () => {
    const scene = await sceneOf(1);
    const share = scene.peer(0).at();
    const { status, stderr } = await scene.peer(0).runWith(['--ip', '127.0.0.3', '--state', 'share/state']).ended;
    expect([status, stderr.split('\n').length]).toEqual([2, 2]);
    expect(stderr).toMatch(/^left: .*state must not lie in the share: name another folder with --state$/m);
    expect(readdirSync(share)).toEqual([]);
  });

  it('refuses a share in the state, such as the folder of a user, and leaves what lies there as it is', async () => {
    const scene = await sceneOf(1);
    const { folder } = scene.peer(0).place;
    // Of an earlier day: what is in the trash of a peer is removed after a week.
    mkdirSync(join(folder, 'trash', '2020-01-01'), { recursive: true });
    writeFileSync(join(folder, 'trash', '2020-01-01', 'file'), 'text');
    const before = readdirSync(folder);
    const { status, stderr } = await scene.peer(0).runWith(['--ip', '127.0.0.3', '--state', '.']).ended;
    expect([status, stderr.split('\n').length]).toEqual([2, 2]);
    expect(stderr).toMatch(/^left: .*share must not lie in the state folder .*: name another one with --state$/m);
    expect(readdirSync(folder)).toEqual(before);
    expect(existsSync(join(folder, 'trash', '2020-01-01', 'file'))).toBeTrue();
  });

  it('refuses a folder of a user as its state, and leaves what lies there as it is', async () => {
    const scene = await sceneOf(1);
    const backup = join(scene.peer(0).place.folder, 'backup');
    mkdirSync(join(backup, 'trash', '2020-01-01'), { recursive: true });
    for (const name of ['journal', 'trash/2020-01-01/file']) writeFileSync(join(backup, name), 'text');
    const before = readdirSync(backup, { recursive: true });
    const { status, stderr } = await scene.peer(0).runWith(['--ip', '127.0.0.3', '--state', 'backup']).ended;
    expect([status, stderr.split('\n').length]).toEqual([2, 2]);
    expect(stderr).toMatch(
      /^left: .*backup holds other things than the state of a share: name a folder that is empty or missing/m,
    );
    expect(readdirSync(backup, { recursive: true })).toEqual(before);
  });

  it('refuses a state on another disk, and makes nothing there', async () => {
    const [scene, shm] = [await sceneOf(1), '/dev/shm'];
    const { folder } = scene.peer(0).place;
    if (!existsSync(shm) || statSync(shm).dev === statSync(folder).dev) pending('there is no other disk here');
    const state = join(shm, `state of a spec ${process.pid}`);
    const { status, stderr } = await scene.peer(0).runWith(['--ip', '127.0.0.3', '--state', state]).ended;
    const made = existsSync(state);
    rmSync(state, { recursive: true, force: true });
    expect([status, stderr.split('\n').length]).toEqual([2, 2]);
    expect(stderr).toMatch(/must be on the same disk as .*: name another folder with --state$/m);
    expect([made, readdirSync(folder)]).toEqual([false, []]);
  });

  it('tells in one line that an answer cannot be written', async () => {
    if (!existsSync('/dev/full')) pending('there is no /dev/full here');
    const scene = await sceneOf(2);
    await scene.start(0);
    const { status, stderr } = await scene.peer(0).runWith(['status'], { before: 'exec > /dev/full' }).ended;
    expect([status, stderr]).toEqual([1, 'left: Cannot write the output: the disk is full\n']);
  });

  it('R11: works with five addresses of which one answers', async () => {
    const scene = await sceneOf(6);
    for (const index of [2, 4]) await scene.start(index);
    writeFileSync(scene.peer(2).at('a'), 'a');
    await scene.allHave(2);
  });

  it('R18, R20: listens on one TCP port between 20000 and 30000, and on nothing else', async () => {
    const scene = await sceneOf(2);
    writeFileSync(scene.peer(0).at('a'), 'a');
    await scene.startAll();
    await scene.allHave(0);
    for (const { program, place } of scene.peers) {
      expect(listeningOf(program.pid)).toEqual([`${place.address}:21700`]);
      expect(datagramsOf(program.pid)).toEqual([]);
    }
  });

  it('R20: says in one line that its port is taken', async () => {
    const scene = await sceneOf(2);
    const { address, port } = scene.peer(0).place;
    const server = createServer().listen(port, address);
    await once(server, 'listening');
    try {
      const { status, stdout, stderr } = await scene.peer(0).launch().ended;
      expect(status).toBe(3);
      expect(stdout + stderr).toMatch(new RegExp(`${port}.*`));
      expect(stderr).not.toContain('    at ');
    } finally {
      server.close();
    }
  });

  it('says in one line that another one works on the same folder', async () => {
    const scene = await sceneOf(2);
    await scene.start(0);
    const { status, stdout, stderr } = await scene.peer(0).launch({ port: 21_999 }).ended;
    expect(status).toBe(5);
    expect(stdout + stderr).toMatch(/is held by another instance/);
  });

  for (const [what, state, path, begin] of [
    ['made', 'file/state', 'file', (at: string) => writeFileSync(at, 'text')],
    ['used for its log', 'state', 'state/log/share.log', (at: string) => mkdirSync(at, { recursive: true })],
  ] as const) {
    it(`says in one line that its state cannot be ${what}`, async () => {
      const scene = await sceneOf(1);
      begin(join(scene.peer(0).place.folder, path));
      const { status, stderr } = await scene.peer(0).runWith(['--ip', '127.0.0.3', '--state', state]).ended;
      expect(status).toBe(2);
      expect(stderr).toMatch(
        /^left: \/.*(state\/log: it cannot be made|share\.log: it cannot be written) \([A-Z]+\)\n$/,
      );
    });
  }

  it('takes other folders and another port where it is told to', async () => {
    const scene = await sceneOf(2);
    const { folder } = scene.peer(0).place;
    const place = join(folder, 'elsewhere');
    mkdirSync(place);
    const args = ['--share', join(place, 'here'), '--state', join(place, 'state')];
    await scene.start(0, { args });
    await scene.start(1);
    writeFileSync(join(place, 'here', 'a'), 'a');
    await until(
      () => existsSync(scene.peer(1).at('a')) || undefined,
      10_000,
      () => scene.log,
    );
    expect(existsSync(join(folder, '.left'))).toBeFalse();
    expect(existsSync(join(place, 'state', 'journal'))).toBeTrue();
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`R25: ends with 0 at ${signal}`, async () => {
      const scene = await sceneOf(2);
      writeRandom(scene.peer(0).at('a'), MiB);
      await scene.startAll();
      await scene.allHave(0);
      const ends = await Promise.all(scene.peers.map((peer) => peer.stop(signal)));
      expect(ends.map(({ status }) => status)).toEqual([0, 0]);
      expect(ends.map(({ stderr }) => stderr)).toEqual(['', '']);
    });
  }

  it('R19, R25: runs alone without saying much, and takes what is put there until others come', async () => {
    const scene = await sceneOf(3);
    await scene.start(0);
    writeRandom(scene.peer(0).at('early'), MiB);
    // Several calls that nobody answers.
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(linesOf(scene.peer(0)).length).toBeLessThan(15);
    await scene.start(1);
    await scene.allHave(0);
    const { status } = await scene.peer(0).stop();
    expect(status).toBe(0);
  });

  it('R30: says of each file, in one line, how large it was, how long it took and how fast it came', async () => {
    const scene = await sceneOf(2);
    await scene.startAll();
    writeRandom(scene.peer(0).at('film.bin'), 8 * MiB);
    await scene.allHave(0);
    const line = await until(
      () => linesOf(scene.peer(1)).find((text) => text.includes('film.bin')),
      5_000,
      () => scene.log,
    );
    expect(line).toMatch(/ Received : film\.bin, 8\.0 MiB in \d+\.\d s, [\d.]+ \w+\/s$/);
  });

  it('R30: says how much of a file that was changed had not to come again', async () => {
    const scene = await sceneOf(2);
    await scene.startAll();
    writeRandom(scene.peer(0).at('film.bin'), 8 * MiB);
    await scene.allHave(0);
    appendFileSync(scene.peer(0).at('film.bin'), 'more');
    await scene.allHave(0);
    const line = await until(
      () => linesOf(scene.peer(1)).find((text) => text.includes('of which')),
      5_000,
      () => scene.log,
    );
    expect(line).toMatch(/ Received : film\.bin, 8\.0 MiB in .*\/s, of which (7\.[89]|8\.0) MiB were here$/);
  });

  it('R30: says all that in JSON where it is asked to, with the units in the names', async () => {
    const scene = await sceneOf(2, { args: ['--log-format', 'json'] });
    await scene.startAll();
    writeRandom(scene.peer(0).at('film.bin'), MiB);
    await scene.allHave(0);
    await until(
      () => linesOf(scene.peer(1)).find((text) => text.includes('film.bin')),
      5_000,
      () => scene.log,
    );
    const told = linesOf(scene.peer(1)).map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    const received = told.find(({ path }) => path === 'film.bin');
    expect(received).toEqual(jasmine.objectContaining({ bytes: MiB, tookMs: jasmine.any(Number) }));
    expect(received?.['bytesPerSecond']).toBe(Math.round((MiB * 1000) / Number(received?.['tookMs'])));
  });

  for (const workers of [1, 4]) {
    it(`R29: works with threads for reading, as many as it is told: ${workers}`, async () => {
      const scene = await sceneOf(2, { args: ['--workers', `${workers}`] });
      for (let number = 0; number < 20; number += 1) writeRandom(scene.peer(0).at(`${number}`), MiB);
      await scene.startAll();
      expect((await scene.allHave(0)).size).toBe(20);
    });
  }
});
