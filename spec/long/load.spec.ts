import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ControlLine } from '../support/control-line.ts';
import { type FarProgram, startFarProgram } from '../support/far-program.ts';
import { requireProgram } from '../support/foreign/found.ts';
import { runClient } from '../support/foreign-clients/run-client.ts';
import { inLanes } from '../support/in-lanes.ts';
import { md5Of } from '../support/md5-of.ts';
import { forgetPeak, peakMemoryOf } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PATIENCE_MS = 900_000;
const MIB = 2 ** 20;

describe('The server program under load', () => {
  const folder = temporaryFolder();
  let server: FarProgram;
  const lines: ControlLine[] = [];

  beforeEach(async () => {
    server = await startFarProgram();
    forgetPeak(server.pid);
  });
  afterEach(async () => {
    for (const line of lines.splice(0)) line.close();
    await server.stop();
  });

  async function session(): Promise<ControlLine> {
    const line = await ControlLine.to(server.port);
    lines.push(line);
    await line.logIn(server.user, server.password);
    return line;
  }

  /** What the page tells of a load; no server of which memory runs away goes by. */
  function tell(load: string, figures: string, mostMiB: number): void {
    const held = Math.round(peakMemoryOf(server.pid) / MIB);
    expect(held).withContext('MiB of memory that the server held').toBeLessThan(mostMiB);
    setSpecProperty('row', { load, figures, 'most memory, MiB': held });
  }

  it(
    'has 200 sessions at once, each of which stores, lists and fetches',
    async () => {
      const content = randomBytes(256 * 1024);
      const begun = performance.now();
      // Not all logins at once, which is threat 22.
      const all = await Promise.all(inLanes(8, [...Array(200).keys()], session));
      const loggedIn = performance.now();
      const wrongs = await Promise.all(
        all.map(async (line, index) => {
          await line.upload(`STOR file-${index}`, content);
          const listed = (await line.download('MLSD')).toString().includes(` file-${index}\r\n`);
          const fetched = await line.download(`RETR file-${index}`);
          return listed && fetched.equals(content) ? [] : [index];
        }),
      );
      expect(wrongs.flat()).toEqual([]);
      const [logins, work] = [loggedIn - begun, performance.now() - loggedIn].map(inSeconds);
      tell('200 sessions at once, 256 KiB each way', `logins ${logins} s, transfers ${work} s`, 400);
    },
    PATIENCE_MS,
  );

  it(
    'takes 1,000 connections a second for 10 seconds, greets each, and lets go of all',
    async () => {
      const [perSecond, seconds] = [1000, 10];
      const before = descriptorsOf(server.pid);
      const visits: Promise<number>[] = [];
      const begun = performance.now();
      // So many as should have come by now: a turn that comes late does not make them fewer.
      for (let due = 0; due < perSecond * seconds; ) {
        due = Math.min(perSecond * seconds, Math.floor(((performance.now() - begun) * perSecond) / 1000));
        while (visits.length < due) visits.push(visit(server.port, visits.length));
        await setTimeout(5);
      }
      const took = performance.now() - begun;
      const waits = (await Promise.all(visits)).sort((one, other) => one - other);
      expect(waits.filter((ms) => !Number.isFinite(ms)).length)
        .withContext('without 220 and 221')
        .toBe(0);
      expect(took).toBeLessThan(1.1 * seconds * 1000);
      const line = await session();
      expect(await line.code('NOOP')).toBe(200);
      expect(descriptorsOf(server.pid)).toBeLessThan(before + 20);
      const [median = 0, last = 0] = [waits.at(waits.length / 2), waits.at(-1)];
      const figures = `${waits.length} in ${inSeconds(took)} s, greeted within ${Math.ceil(median)} ms (median), ${Math.ceil(last)} ms (longest)`;
      tell('1,000 connections a second for 10 s', figures, 300);
    },
    PATIENCE_MS,
  );

  it(
    'lists 10,000 files within a second, by MLSD, LIST and NLST',
    async () => {
      const home = join(server.dataFolder, 'many');
      mkdirSync(home);
      for (let index = 0; index < 10_000; index += 1) writeFileSync(join(home, `file ${index}.txt`), '');
      const line = await session();
      await line.ask('CWD many');
      const figures: string[] = [];
      for (const command of ['MLSD', 'LIST', 'NLST']) {
        const rounds: number[] = [];
        for (let round = 0; round < 3; round += 1) {
          const begun = performance.now();
          const listed = (await line.download(command)).toString();
          rounds.push(performance.now() - begun);
          expect(new Set(listed.match(/file \d+\.txt\r\n/g)).size).toBe(10_000);
        }
        expect(Math.min(...rounds)).toBeLessThan(1000);
        figures.push(`${command} ${inSeconds(Math.min(...rounds))} s`);
      }
      tell('10,000 files listed, the best of three', figures.join(', '), 300);
    },
    PATIENCE_MS,
  );

  it(
    'takes in and gives out a file of 5 GiB',
    async () => {
      requireProgram('curl');
      const [near, back] = [join(folder(), 'near'), join(folder(), 'back')];
      const size = 5 * 2 ** 30;
      writeMarked(near, size);
      const curl = (...args: readonly string[]) => {
        const login = ['--user', `${server.user}:${server.password}`];
        return runClient(
          { program: 'curl', args: ['--silent', '--show-error', ...login, ...args] },
          folder(),
          PATIENCE_MS,
        );
      };
      const url = `ftp://${server.host}:${server.port}/large`;
      const begun = performance.now();
      await curl('--upload-file', near, url);
      const sent = performance.now();
      await curl('--output', back, url);
      const fetched = performance.now();
      const far = join(server.dataFolder, 'large');
      expect([far, back].map((path) => statSync(path).size)).toEqual([size, size]);
      const hashes = [await md5Of(near), await md5Of(far), await md5Of(back)];
      expect(new Set(hashes).size).toBe(1);
      const [put, get] = [sent - begun, fetched - sent].map(inSeconds);
      tell('a file of 5 GiB there and back, by curl', `put ${put} s, get ${get} s, MD5 equal`, 300);
    },
    PATIENCE_MS,
  );
});

/**
 * Connect, wait for the greeting, and take leave. From one of many addresses: what one may have at a time is limited.
 *
 * @returns after how many milliseconds the greeting was there; infinite when it was not, or leave was not taken in order
 */
function visit(port: number, number: number): Promise<number> {
  const begun = performance.now();
  const socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.1.${1 + (number % 50)}` });
  let text = '';
  let greetedMs = Number.POSITIVE_INFINITY;
  socket.setEncoding('latin1').on('error', () => undefined);
  socket.on('data', (chunk: string) => {
    if (text === '') {
      greetedMs = performance.now() - begun;
      socket.write('QUIT\r\n');
    }
    text += chunk;
  });
  return new Promise((resolve) => {
    socket.on('close', () => resolve(/^220 .*\r\n221 /.test(text) ? greetedMs : Number.POSITIVE_INFINITY));
  });
}

/** How many files, sockets and the like a process has open. */
function descriptorsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** A file that takes hardly any room, of which no two stretches of half a GiB are the same. */
function writeMarked(path: string, size: number): void {
  const file = openSync(path, 'w');
  for (let at = 0; at < size; at += 2 ** 29) writeSync(file, `here is ${at}`, at);
  closeSync(file);
  truncateSync(path, size);
}

function inSeconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
