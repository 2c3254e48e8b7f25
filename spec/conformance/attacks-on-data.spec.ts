import { randomInt } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ControlLine } from '../support/control-line.ts';
import { servedFolder } from '../support/ftp-server.ts';
import { ManualClock } from '../support/manual-clock.ts';

describe('A transfer on which nothing moves', () => {
  const STALL_MS = 1_000;
  const served = servedFolder(() => ({ limits: { stallMs: STALL_MS } }));

  it('threat 25: is ended with 426 when the client stops reading', async () => {
    writeFileSync(join(served().home, 'a'), Buffer.alloc(20_000_000));
    const line = await served().session();
    const data = await line.dataConnection();
    data.pause();
    expect(await line.code('RETR a')).toBe(150);
    expect((await line.reply()).code).toBe(426);
    expect(await line.code('NOOP')).toBe(200);
    data.destroy();
  });

  it('threat 25: is ended with 426 when the client stops sending; what has come is kept', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    data.write('part');
    expect((await line.reply()).code).toBe(426);
    expect(statSync(join(served().home, 'a')).size).toBe(4);
  });

  it('threat 25: goes on as long as something moves, however little', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    for (let step = 0; step < 7; step += 1) {
      data.write('x');
      await pause(STALL_MS / 4);
    }
    data.end();
    expect((await line.reply()).code).toBe(226);
    expect(statSync(join(served().home, 'a')).size).toBe(7);
  });
});

describe('A server with a few passive ports', () => {
  const PORTS = 10;
  let first = 0;
  let clock: ManualClock;
  beforeEach(async () => {
    first = await freeRange(PORTS);
    clock = new ManualClock();
  });
  const served = servedFolder(() => ({ clock, passivePorts: { first, last: first + PORTS - 1 } }));

  it('threat 26: gives one address half of them, answers 425 behind that, and has them again after 30 seconds', async () => {
    const greedy = await Promise.all(Array.from({ length: 200 }, () => served().session()));
    const codes = await Promise.all(greedy.map((line) => line.code('PASV')));
    expect(codes.filter((code) => code === 227).length).toBe(PORTS / 2);
    expect(codes.filter((code) => code === 425).length).toBe(200 - PORTS / 2);
    const others = await Promise.all(Array.from({ length: PORTS / 2 + 1 }, () => sessionFrom('127.0.0.2')));
    const theirs = [];
    for (const line of others) theirs.push(await line.code('EPSV'));
    expect(theirs).toEqual([...Array(PORTS / 2).fill(229), 425]);
    const third = await sessionFrom('127.0.0.3');
    expect(await third.code('EPSV')).toBe(425);
    clock.advance(30_000);
    expect(await third.code('EPSV')).toBe(229);
    expect(await greedy[0]?.code('EPSV')).toBe(229);
    for (const line of [...others, third]) line.close();
  }, 30_000);

  it('threat 26: a session that asks again and again holds one', async () => {
    const line = await served().session();
    for (let round = 0; round < 100; round += 1) expect(await line.code('EPSV')).toBe(229);
    await line.upload('STOR a', 'x');
  });

  it('threat 26: a port is given back as soon as its client is there', async () => {
    const lines = await Promise.all(Array.from({ length: PORTS * 2 }, () => served().session()));
    for (const [index, line] of lines.entries()) {
      await line.dataConnection();
      // Then the server has seen the connection.
      expect(await line.code(`STOR ${index}`)).toBe(150);
    }
  });

  it('threat 3: they come in an order that nobody can foretell', async () => {
    const line = await served().session();
    const ports: number[] = [];
    while (ports.length < 50) ports.push(await line.passivePort());
    const steps = ports.slice(1).map((port, index) => port - (ports[index] ?? 0));
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(first);
    expect(Math.max(...ports)).toBeLessThan(first + PORTS);
    expect(steps.some((step) => step < 0)).toBeTrue();
    expect(new Set(steps).size).toBeGreaterThan(4);
  });

  it('is told 425 by a transfer whose port was closed meanwhile', async () => {
    const line = await served().session();
    await line.passivePort();
    clock.advance(30_000);
    expect(await line.code('NLST')).toBe(425);
  });

  async function sessionFrom(address: string): Promise<ControlLine> {
    const line = await ControlLine.to(served().port, '127.0.0.1', address);
    await line.logIn();
    return line;
  }
});

/**
 * The first of so many ports in a row that nobody listens on: below those that systems give to connections, of which another
 * program might get one before it is used.
 */
async function freeRange(count: number): Promise<number> {
  for (;;) {
    const first = randomInt(10_000, 30_000);
    const ports = Array.from({ length: count }, (_, index) => first + index);
    const areFree = await Promise.all(ports.map(isFree));
    if (areFree.every(Boolean)) return first;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
  });
  if (isListening) await new Promise((resolve) => server.close(resolve));
  return isListening;
}
