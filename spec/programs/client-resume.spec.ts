import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientScene, factsIn } from '../support/client-scene.ts';
import { startMortalEmbedded } from '../support/faults/mortal-server.ts';
import { servedFolder } from '../support/ftp-server.ts';
import { seededRandom } from '../support/seeded-random.ts';

const SIZE = 8 * 2 ** 20;
// Slow enough to be met at 40 %.
const SLOWLY = ['--bwlimit', '3M', '--progress'];
const AT_FORTY = / [45]\d % /;

/** The same content with another byte in its tenth part. */
function changed(content: Buffer): Buffer {
  const other = Buffer.from(content);
  const at = Math.floor(content.length / 10);
  other[at] = (other[at] ?? 0) ^ 0xff;
  return other;
}

describe('a transfer of the client program that broke off', () => {
  const scene = clientScene();
  const served = servedFolder();
  let content: Buffer;

  beforeEach(() => {
    content = randomBytes(SIZE);
  });

  const near = (name: string) => join(scene().near, name);
  const far = (name: string) => join(served().home, name);

  /** Kill the client when it has sent or fetched 40 %. */
  async function killedAtForty(command: 'put a' | 'get a'): Promise<void> {
    const client = scene().start(served(), command, ...SLOWLY);
    await client.waitForLine(AT_FORTY);
    // What the client had sent is still on its way into the file when the client is gone.
    const ended = command === 'put a' ? once(served().server.events, 'transferEnded') : undefined;
    expect((await client.stop()).signal).toBe('SIGKILL');
    await ended;
  }

  it('C3: goes on where a put was killed: only the rest travels', async () => {
    writeFileSync(near('a'), content);
    await killedAtForty('put a');
    const sent = statSync(far('a')).size;
    expect(sent / SIZE).toBeGreaterThan(0.3);
    expect(sent / SIZE).toBeLessThan(0.7);
    const { status, stdout } = await scene().start(served(), 'put a', '--json').ended;
    expect(status).withContext(stdout).toBe(0);
    const [facts] = factsIn(stdout);
    expect(facts).toEqual(jasmine.objectContaining({ resumedAt: sent, moved: SIZE - sent, verified: true }));
    expect(readFileSync(far('a')).equals(content)).toBeTrue();
    expect(Math.abs(statSync(far('a')).mtimeMs - statSync(near('a')).mtimeMs)).toBeLessThan(1000);
  });

  it('C3: goes on by itself when the server was killed, as soon as it is there again', async () => {
    const server = await startMortalEmbedded();
    try {
      writeFileSync(near('a'), content);
      const client = scene().start(server, 'put a', ...SLOWLY, '--json');
      await client.waitForLine(AT_FORTY);
      await server.kill(seededRandom(1));
      const { status, stdout } = await client.ended;
      expect(status).withContext(stdout).toBe(0);
      expect(factsIn(stdout)[0]?.['resumedAt']).toBeGreaterThan(0.3 * SIZE);
      expect(readFileSync(join(server.dataFolder, 'a')).equals(content)).toBeTrue();
    } finally {
      await server.stop();
    }
  });

  it('C4: is refused when a byte of what was sent has changed: status 4, a message, the far bytes untouched', async () => {
    writeFileSync(near('a'), content);
    await killedAtForty('put a');
    const before = readFileSync(far('a'));
    writeFileSync(near('a'), changed(content));
    const replies: number[] = [];
    served().server.events.on('replySent', ({ code }) => replies.push(code));
    const { status, stderr } = await scene().start(served(), 'put a; ls').ended;
    // The server refuses it, too, and what it answers stands in its log.
    expect(replies).toContain(553);
    expect(status).toBe(4);
    expect(stderr).toMatch(/^\/a is there in part, and the file has changed since: .*--force/m);
    expect(readFileSync(far('a')).equals(before)).toBeTrue();
    const forced = await scene().start(served(), 'put -f a').ended;
    expect(forced.status).withContext(forced.stderr).toBe(0);
    expect(readFileSync(far('a')).equals(changed(content))).toBeTrue();
  });

  it('C4: is refused by the server when the file changed only behind what was sent', async () => {
    writeFileSync(near('a'), content);
    await killedAtForty('put a');
    const before = readFileSync(far('a'));
    const other = Buffer.concat([content.subarray(0, SIZE - 1), Buffer.from([(content.at(-1) ?? 0) ^ 1])]);
    writeFileSync(near('a'), other);
    const { status, stderr } = await scene().start(served(), 'put a').ended;
    expect(status).toBe(4);
    expect(stderr).toMatch(
      /^\/a is there in part, and the server was promised another file when it was begun\. .*--force/m,
    );
    expect(readFileSync(far('a')).equals(before)).toBeTrue();
    expect((await scene().start(served(), 'put a', '--force').ended).status).toBe(0);
    expect(readFileSync(far('a')).equals(other)).toBeTrue();
  });

  it('C5: finds a finished file complete and sends nothing, and refuses one with other content', async () => {
    writeFileSync(near('a'), content);
    writeFileSync(far('a'), content);
    const same = await scene().start(served(), 'put a').ended;
    expect(same.status).toBe(0);
    expect(same.stdout).toMatch(/a -> \/a: already complete, nothing moved/);
    for (const other of [changed(content), content.subarray(0, 1000), Buffer.concat([content, content])]) {
      writeFileSync(near('a'), other.length === 1000 ? changed(other) : other);
      if (other.length > SIZE) writeFileSync(far('a'), Buffer.concat([content, content, content]));
      const before = readFileSync(far('a'));
      const { status, stderr } = await scene().start(served(), 'put a').ended;
      expect(status).withContext(`${other.length}`).toBe(4);
      expect(stderr).toMatch(/^\/a is there already with other content\. .*--force/m);
      expect(readFileSync(far('a')).equals(before)).toBeTrue();
    }
  });

  it('C3: goes on where a get was killed; nobody takes the part for the file', async () => {
    writeFileSync(far('a'), content);
    await killedAtForty('get a');
    expect(existsSync(near('a'))).toBeFalse();
    const there = statSync(near('a.part')).size;
    expect(there).toBeGreaterThan(0.3 * SIZE);
    const { status, stdout } = await scene().start(served(), 'get a', '--json').ended;
    expect(status).withContext(stdout).toBe(0);
    expect(factsIn(stdout)[0]).toEqual(
      jasmine.objectContaining({ resumedAt: there, moved: SIZE - there, verified: true }),
    );
    expect(readFileSync(near('a')).equals(content)).toBeTrue();
    expect(existsSync(near('a.part'))).toBeFalse();
  });

  it('C4: is refused when the far file has changed since the get, and the part stays', async () => {
    writeFileSync(far('a'), content);
    writeFileSync(near('a.part'), changed(content).subarray(0, SIZE / 2));
    const { status, stderr } = await scene().start(served(), 'get a').ended;
    expect(status).toBe(4);
    expect(stderr).toMatch(/a\.part is there in part, and the file has changed since: .*--force/m);
    expect(statSync(near('a.part')).size).toBe(SIZE / 2);
    expect((await scene().start(served(), 'get -f a').ended).status).toBe(0);
    expect(readFileSync(near('a')).equals(content)).toBeTrue();
  });

  it('C5: does not write over a local file with other content, and finds an equal one complete', async () => {
    writeFileSync(far('a'), content);
    writeFileSync(near('a'), content);
    expect((await scene().start(served(), 'get a').ended).stdout).toMatch(/already complete, nothing moved/);
    for (const other of [changed(content), content.subarray(0, 10)]) {
      writeFileSync(near('a'), other);
      const { status, stderr } = await scene().start(served(), 'get a').ended;
      expect(status).toBe(4);
      expect(stderr).toMatch(/--force writes over it/);
      expect(readFileSync(near('a')).equals(other)).toBeTrue();
    }
  });

  it('C3: goes on above 4 GiB', async () => {
    const above = 2 ** 32 + 2 ** 20;
    for (const path of [near('big'), far('big')]) writeFileSync(path, '');
    truncateSync(near('big'), above);
    truncateSync(far('big'), above - 1000);
    const { status, stdout } = await scene().start(served(), 'reput big', '--no-verify', '--json').ended;
    expect(status).withContext(stdout).toBe(0);
    expect(factsIn(stdout)[0]).toEqual(jasmine.objectContaining({ moved: 1000, size: above }));
    expect(statSync(far('big')).size).toBe(above);
  });
});
