import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { ReplyParser } from '../../lib/ftp/reply.ts';
import { commandTable } from '../../lib/server/command-table.ts';
import type { FtpServer } from '../../lib/server/ftp-server.ts';
import { undocumentedReplies } from '../support/documented-replies.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import { mutated } from './mutate.ts';

/** A server to be tried, and the folder beside the user's that must stay as it is. */
export interface FuzzedServer {
  readonly server: FtpServer;
  readonly port: number;
  readonly outside: string;
}

/** What was done, and what went wrong. */
export interface FuzzReport {
  readonly sessions: number;
  readonly lines: number;
  readonly replies: number;
  readonly dataConnections: number;
  readonly verbs: number;
  readonly wrongs: readonly string[];
}

const NAMES = ['a', 'b c', 'd', 'd/e', '../outside/secret', '/', '..', 'missing', '-al', '"q"', 'größe', ''];
const ARGUMENTS = [
  ...['ON', '0', '5', '1 0', '3 9', 'I', 'A', 'L 8', 'F', 'S', 'ALL', '1', '2', 'TLS', 'P', 'C', 'EN', 'STOR', 'HELP'],
  ...['127,0,0,1,4,1', '|1|127.0.0.1|1025|', '20260102030405 a', 'MLST type;size;', 'HASH MD5', 'UTF8 ON', '644 a'],
  ...['CHMOD 600 a', 'UTIME 20260102030405 a', 'WHOAMI', 'IDLE 60', 'RMDA d', 'QUOTA', 'HELP', 'UMASK 022', 'EXEC id'],
  ...[
    'EXPECT MD5 0cc175b9c0f1b6a831c399e269772661 1 a',
    'modify=20260102030405;unix.mode=600; a',
    'a 0 1',
    'localhost',
  ],
];
const LINES_A_SESSION = 60;
// Numbers that nothing else makes.
const FIRST_MARK = 7_111_222_333;
// Waits of the server are short here: nothing that is well takes as long.
const MOST_WAIT_MS = 30_000;

/**
 * Talk nonsense to a server, and half-sense, until time is up: one reply for each line, in order; none that the table of
 * commands does not tell; no session that hangs; nothing touched outside the user's folder.
 */
export async function fuzzControl(
  { server, port, outside }: FuzzedServer,
  { seed, forMs, atOnce }: { readonly seed: number; readonly forMs: number; readonly atOnce: number },
): Promise<FuzzReport> {
  const before = stateOf(outside);
  const undocumented = undocumentedReplies(server.events);
  const counts = { sessions: 0, lines: 0, replies: 0, dataConnections: 0 };
  const wrongs: string[] = [];
  const verbs = new Set<string>();
  server.events.on('requestReceived', ({ verb }) => commandTable.has(verb) && verbs.add(verb));
  const until = performance.now() + forMs;
  const lanes = Array.from({ length: atOnce }, async (_, lane) => {
    for (let round = 0; performance.now() < until && wrongs.length === 0; round += 1) {
      const random = seededRandom(seed + lane * 1_000_003 + round);
      const session = new FuzzSession(port, random);
      const wrong = await session.run();
      if (wrong !== undefined) wrongs.push(`${wrong} (seed ${seed}, lane ${lane}, round ${round})`);
      counts.sessions += 1;
      counts.lines += session.lines;
      counts.replies += session.replies;
      counts.dataConnections += session.dataConnections;
    }
  });
  await Promise.all(lanes);
  if (stateOf(outside) !== before) wrongs.push('What lies outside of the root has changed');
  return { ...counts, verbs: verbs.size, wrongs: [...wrongs, ...undocumented] };
}

/** One session: so many lines, each answered once. */
class FuzzSession {
  lines = 0;
  replies = 0;
  dataConnections = 0;
  readonly #random: SeededRandom;
  readonly #socket: Socket;
  readonly #port: number;
  readonly #parser = new ReplyParser(10_000_000);
  readonly #data: Socket[] = [];
  #greetings = 0;
  #fault: string | undefined;
  #isOver = false;
  /** Numbers of REST that were answered, in the order of the answers. */
  readonly #marks: number[] = [];
  #wake: () => void = () => undefined;

  constructor(port: number, random: SeededRandom) {
    this.#port = port;
    this.#random = random;
    this.#socket = connect(port, '127.0.0.1').setEncoding('utf8');
    this.#socket.on('error', () => undefined);
    this.#socket.on('data', (text: string) => this.#read(text));
    this.#socket.on('close', () => {
      this.#isOver = true;
      this.#wake();
    });
  }

  async run(): Promise<string | undefined> {
    this.#send('USER steve\r\nPASS secret\r\nTYPE I\r\n', 3);
    let marks = 0;
    while (this.lines < LINES_A_SESSION && !this.#isOver && this.#fault === undefined) {
      // Some lines ahead of their answers, then all of those are waited for.
      for (let ahead = this.#random.integer(8); ahead >= 0; ahead -= 1) this.#sendOne();
      marks += 1;
      this.#send(`REST ${FIRST_MARK + marks}\r\n`, 1);
      await this.#answered();
    }
    await this.#hangUp();
    const sorted = this.#marks.every((mark, index) => index === 0 || mark > (this.#marks[index - 1] ?? 0));
    return this.#fault ?? (sorted ? undefined : `answers out of order: ${this.#marks.join(' ')}`);
  }

  #sendOne(): void {
    const random = this.#random;
    if (random.chance(0.1)) {
      this.#send('EPSV\r\n', 1);
      return;
    }
    const argument = random.pick(random.chance(0.5) ? NAMES : ARGUMENTS);
    const verb = random.pick([...commandTable.keys()]);
    // Those end the session: now and then is enough.
    if (['QUIT', 'USER', 'REIN', 'AUTH'].includes(verb) && random.chance(0.8)) return;
    const line = Buffer.from(argument === '' ? verb : `${verb} ${argument}`).toString('latin1');
    const odd = random.chance(0.5) ? mutated(line, random) : line;
    // ABOR and CR is a whole line, whether an LF follows or not: where it is cut is up to the network.
    if (/ABOR\r/i.test(odd)) return;
    this.#send(`${odd}\r\n`, odd.split('\n').length);
  }

  #send(latin1: string, lines: number): void {
    this.lines += lines;
    if (this.#socket.writable) this.#socket.write(latin1, 'latin1');
  }

  #read(text: string): void {
    try {
      for (const { code, lines } of this.#parser.feed(text)) {
        if (code === 220) this.#greetings += 1;
        // The greeting is the one reply that no command asked for; REIN and HOST get the same code.
        if (code >= 200 && !(code === 220 && this.#greetings === 1)) this.replies += 1;
        const [, mark] = /^The next transfer begins at ([0-9]+)$/.exec(lines[0] ?? '') ?? [];
        if (code === 350 && Number(mark) > FIRST_MARK && Number(mark) < FIRST_MARK + 1_000)
          this.#marks.push(Number(mark));
        const [, port] = /\(\|\|\|([0-9]+)\|\)/.exec(lines[0] ?? '') ?? [];
        if (code === 229 && port !== undefined) this.#connectData(Number(port));
        if (code === 421 || code === 221) this.#isOver = true;
      }
    } catch (error) {
      this.#fault = `no reply: ${String(error)}`;
    }
    this.#wake();
  }

  #connectData(port: number): void {
    const random = this.#random;
    if (port === this.#port || random.chance(0.2)) return;
    this.dataConnections += 1;
    const socket = connect(port, '127.0.0.1');
    this.#data.push(socket);
    socket.on('error', () => undefined);
    if (random.chance(0.1)) socket.on('connect', () => socket.resetAndDestroy());
    else if (random.chance(0.9)) socket.resume().end(mutated('some content\r\n', random), 'latin1');
  }

  async #answered(): Promise<void> {
    const tooLate = new Promise<'late'>((resolve) => {
      setTimeout(() => resolve('late'), MOST_WAIT_MS).unref();
    });
    while (this.replies < this.lines && !this.#isOver && this.#fault === undefined) {
      const heard = new Promise<'heard'>((resolve) => {
        this.#wake = () => resolve('heard');
      });
      if ((await Promise.race([heard, tooLate])) === 'late') {
        this.#fault = `${this.lines} lines have ${this.replies} answers, and no more come`;
      }
    }
    if (this.replies > this.lines) this.#fault = `${this.lines} lines have ${this.replies} answers`;
  }

  async #hangUp(): Promise<void> {
    for (const socket of this.#data) socket.destroy();
    if (this.#socket.closed) return;
    const closed = new Promise((resolve) => this.#socket.once('close', resolve));
    if (this.#random.chance(0.5)) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
    await closed;
  }
}

/** Names and contents of a folder of files, as one text. */
function stateOf(folder: string): string {
  const hash = createHash('sha1');
  for (const name of readdirSync(folder).sort()) hash.update(`${name}\0`).update(readFileSync(`${folder}/${name}`));
  return hash.digest('hex');
}
