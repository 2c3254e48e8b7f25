import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { codeOf } from '../../lib/base/coded-error.ts';
import { Inflow } from '../../lib/server/inflow.ts';

const MIB = 1024 * 1024;

describe('What comes over a connection', () => {
  let server: Server;
  let client: Socket;
  let inflow: Inflow;
  /** The server's end, as it is now. */
  let socket: Socket;
  let moves: number;
  beforeEach(async () => {
    server = createServer({ pauseOnConnect: true, allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    client.on('error', () => undefined);
    const [accepted] = (await once(server, 'connection')) as [Socket];
    socket = accepted.on('error', () => accepted.destroy());
    moves = 0;
    inflow = new Inflow(accepted, (other) => {
      moves += 1;
      socket = other;
    });
  });
  afterEach(() => {
    client.destroy();
    socket.destroy();
    server.close();
  });

  /** @param work done with each piece before the next is asked for */
  async function received(work: (piece: Buffer) => Promise<void> = async () => undefined): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let piece = await inflow.next(); piece !== undefined; piece = await inflow.next()) {
      const before = Buffer.from(piece);
      await work(piece);
      expect(piece.equals(before)).withContext('as it was given').toBeTrue();
      pieces.push(before);
    }
    return Buffer.concat(pieces);
  }

  for (const size of [0, 1, 4096, 64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 300_000, 5 * MIB]) {
    it(`is received as it was sent: ${size} bytes at once`, async () => {
      const content = randomBytes(size);
      client.end(content);
      expect((await received()).equals(content)).toBeTrue();
    });
  }

  it('goes on over another socket only when there is much of it', async () => {
    client.end(Buffer.alloc(60_000));
    await received();
    expect(moves).toBe(0);
  });

  it('is received as it was sent in parts of all sizes', async () => {
    const parts = Array.from({ length: 400 }, (_, index) => randomBytes(1 + ((index * 7919) % 20_000)));
    for (const part of parts) {
      client.write(part);
      if (part.length % 3 === 0) await turn();
    }
    client.end();
    expect((await received()).equals(Buffer.concat(parts))).toBeTrue();
  });

  it('stays as it is while somebody works with it, and as much waits as fits into two buffers', async () => {
    const content = randomBytes(16 * MIB);
    client.end(content);
    let most = 0;
    const all = await received(async (piece) => {
      most = Math.max(most, piece.length);
      for (let turns = 0; turns < 20; turns += 1) await turn();
    });
    expect(all.equals(content)).toBeTrue();
    expect(moves).toBe(1);
    expect(most).toBeGreaterThan(128 * 1024);
    expect(most).toBeLessThanOrEqual(384 * 1024);
  });

  it('is left with the system while nobody takes it', async () => {
    client.write(Buffer.alloc(32 * MIB));
    await inflow.next();
    let before = -1;
    while (socket.bytesRead !== before) {
      before = socket.bytesRead;
      for (let turns = 0; turns < 50; turns += 1) await turn();
    }
    expect(before).toBeLessThanOrEqual(3 * 256 * 1024 + 64 * 1024);
  });

  it('is given out at once, however little it is', async () => {
    for (const text of ['a', 'b', 'c']) {
      client.write(text);
      expect((await inflow.next())?.toString()).toBe(text);
    }
  });

  it('ends with the error of a connection that is reset, behind what came before', async () => {
    client.write('part');
    expect((await inflow.next())?.toString()).toBe('part');
    client.resetAndDestroy();
    expect(codeOf(await inflow.next().catch((error: unknown) => error))).toBe('ECONNRESET');
  });

  it('ends with E_ABORTED when our end is closed', async () => {
    const next = inflow.next();
    socket.destroy();
    expect(codeOf(await next.catch((error: unknown) => error))).toBe('E_ABORTED');
  });
});
