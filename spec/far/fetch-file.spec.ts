import { createHash } from 'node:crypto';
import {
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobEnd } from '../../lib/transfer/progress.ts';
import type { Script } from '../support/scripted-server.ts';
import { listenTo, refusalOf } from '../support/transport-probe.ts';
import { type Talk, talks } from './talk-rig.ts';

const MIB = 1024 * 1024;
const CONTENT = Buffer.alloc(3 * MIB);
for (let at = 0; at < CONTENT.length; at += 32) createHash('sha256').update(`${at}`).digest().copy(CONTENT, at);

const PLAIN = '211-I can\n MLST type*;size*;modify*;\n SIZE\n MDTM\n REST STREAM\n211 that';
const HASHING = PLAIN.replace(' SIZE', ' SIZE\n RANG STREAM\n HASH SHA-256*');

describe('fetchFile', () => {
  const start = talks();
  let here: string;
  let target: string;

  beforeEach(() => {
    here = mkdtempSync(join(tmpdir(), 'filesmirror-here-'));
    target = join(here, 'file');
  });
  afterEach(() => rmSync(here, { recursive: true }));

  async function startWith(script: Script = {}, rules: { attempts?: number; verify?: 'hash' } = {}): Promise<Talk> {
    const started = await start({
      script: { FEAT: PLAIN, ...script },
      rules: { attempts: 3, timeoutMs: 3000, resumeAbove: 2 * MIB, ...rules },
    });
    started.server.files.set('/file', CONTENT);
    return started;
  }

  const fetch = ({ talk }: Talk) => talk.download({ path: 'file', target });

  /** The RETR of the first try brings so much, and then the control connection breaks instead of an answer. */
  const cutAt =
    (bytes: number): Script['RETR'] =>
    async (command) => {
      if (command.before > 0) return command.ordinary();
      const socket = await command.data();
      command.control.write('150 take\r\n');
      // Closed by the other side, which does so when it has read all of it.
      await new Promise<void>((resolve) => {
        socket.once('close', resolve).resume();
        socket.end(CONTENT.subarray(0, bytes));
      });
      command.control.resetAndDestroy();
      return undefined;
    };

  function rests({ server }: Talk): readonly string[] {
    return server.commands.filter((line) => /^(REST|RETR)/.test(line)).map((line) => line.replace(/ \/.*/, ''));
  }

  function expectWhole(content = CONTENT): void {
    expect(readdirSync(here)).toEqual(['file']);
    expect(readFileSync(target).equals(content)).toBeTrue();
  }

  function endOf({ talk }: Talk): Promise<JobEnd> {
    return new Promise((resolve) => talk.events.once('end', resolve));
  }

  /** Leave a part as a process that was killed leaves it. */
  async function leavePart(talk: Talk, bytes: number): Promise<string> {
    const broken = await startWith({ RETR: cutAt(bytes) }, { attempts: 1 });
    await refusalOf(broken.talk.download({ path: 'file', target }));
    const [part = ''] = readdirSync(here);
    // The port is a part of neither name: any talk to a site by the same rules goes on from it.
    expect(talk.server.files.has('/file')).toBeTrue();
    return join(here, part);
  }

  it('goes on a little before the end of what is there, where the server tells no hash', async () => {
    const talk = await startWith({ RETR: cutAt(2 * MIB) });
    const ended = endOf(talk);
    await fetch(talk);
    const [first, rest = '', second] = rests(talk);
    const at = Number(rest.slice('REST '.length));
    expect([first, second]).toEqual(['RETR', 'RETR']);
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThanOrEqual(MIB);
    expect(await ended).toEqual(jasmine.objectContaining({ bytes: CONTENT.length - at, resumedAt: at }));
    expectWhole();
  });

  it('goes on at the end of what is there when its hash is that of the same range on the site', async () => {
    const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');
    let range = CONTENT.length;
    const talk = await startWith({
      FEAT: HASHING,
      RETR: cutAt(2 * MIB),
      RANG: ({ argument }) => {
        const [from, to] = argument.split(' ').map(Number);
        range = from === 1 && to === 0 ? CONTENT.length : Number(to) + 1;
        return '350 and what';
      },
      HASH: ({ argument }) => `213 SHA-256 0-${range - 1} ${sha256(CONTENT.subarray(0, range))} ${argument}`,
    });
    const ended = endOf(talk);
    await fetch(talk);
    const { bytes, resumedAt = 0 } = await ended;
    expect(resumedAt).toBeGreaterThan(MIB);
    expect(bytes + resumedAt).toBe(CONTENT.length);
    // No range is left behind for the transfer.
    expect(talk.server.commands).toContain('RANG 1 0');
    expectWhole();
  });

  it('does not take the hash of the whole file for that of the range, as ProFTPD tells it', async () => {
    const whole = createHash('sha256').update(CONTENT).digest('hex');
    const talk = await startWith({
      FEAT: HASHING,
      RETR: cutAt(2 * MIB),
      RANG: '350 and what',
      HASH: ({ argument }) => `213 SHA-256 0-${CONTENT.length} ${whole} ${argument}`,
    });
    const ended = endOf(talk);
    await fetch(talk);
    expect((await ended).resumedAt).toBeGreaterThan(0);
    expectWhole();
  });

  it('fetches all of it when what is there has another begin', async () => {
    const talk = await startWith({ FEAT: HASHING, RANG: '350 and what', HASH: hashOfRange });
    const part = await leavePart(talk, 2 * MIB);
    const content = readFileSync(part);
    content.writeUInt8(content.readUInt8(7) ^ 1, 7);
    writeFileSync(part, content);
    await fetch(talk);
    expect(rests(talk)).toEqual(['RETR']);
    expectWhole();
  });

  it('fetches all of it when the server does not go on in the middle', async () => {
    const talk = await startWith({ REST: '502 never', RETR: cutAt(2 * MIB) });
    await fetch(talk);
    expectWhole();
  });

  it('takes a file again that changed while it was fetched, and never calls the mixture done', async () => {
    const other = Buffer.from(CONTENT).fill('x', MIB);
    let changes = 0;
    const talk = await startWith({
      RETR: async (command) => {
        const said = await command.ordinary();
        changes += 1;
        if (changes === 1) command.files.set('/file', other);
        return said;
      },
      MDTM: () => `213 2020091312264${changes === 0 ? 0 : 1}`,
    });
    const fetched = await fetch(talk);
    expect(rests(talk)).toEqual(['RETR', 'RETR']);
    expect(fetched.mtimeMs).toBe(Date.UTC(2020, 8, 13, 12, 26, 41));
    expectWhole(other);
  });

  it('says E_CHANGED of one that changes each time, and leaves the old file', async () => {
    writeFileSync(target, 'old');
    let seconds = 10;
    const talk = await startWith({
      MDTM: () => {
        seconds += 1;
        return `213 202009131226${seconds}`;
      },
    });
    expect((await refusalOf(fetch(talk))).code).toBe('E_CHANGED');
    expect(readFileSync(target, 'utf8')).toBe('old');
    expect(readdirSync(here)).toEqual(['file']);
  });

  it('asks a server whose listings tell other times than MDTM before the next file, not again behind each', async () => {
    const talk = await startWith();
    talk.server.files.set('/other', Buffer.from('x'));
    const listed = { size: 1, mtimeMs: 0 };
    await talk.talk.download({ path: 'other', target, ...listed });
    await talk.talk.download({ path: 'other', target: `${target}2`, ...listed });
    expect(rests(talk)).toEqual(['RETR', 'RETR', 'RETR']);
  });

  it('says E_TRUNCATED when less came than the server tells, though it calls that all', async () => {
    const talk = await startWith({
      RETR: async ({ data, control }) => {
        const socket = await data();
        control.write('150 take\r\n');
        await new Promise<void>((resolve) => {
          socket.once('close', resolve);
          socket.end(CONTENT.subarray(0, 1000));
          socket.resume();
        });
        return '226 that is all';
      },
    });
    expect((await refusalOf(fetch(talk))).code).toBe('E_TRUNCATED');
    expect(readdirSync(here).filter((name) => !name.endsWith('.part'))).toEqual([]);
  });

  it('compares the hash of all that came when that is wanted, and takes nothing for done that differs', async () => {
    const wrong = 'f'.repeat(64);
    const talk = await startWith(
      { FEAT: HASHING, HASH: ({ argument }) => `213 SHA-256 0-9 ${wrong} ${argument}` },
      { verify: 'hash' },
    );
    expect((await refusalOf(fetch(talk))).code).toBe('E_MISMATCH');
    expect(readdirSync(here)).toEqual([]);
  });

  it('fetches what the server tells neither size nor time of', async () => {
    const talk = await startWith({ SIZE: '502 never', MDTM: '502 never' });
    const notes: string[] = [];
    talk.talk.events.on('note', (note) => notes.push(note));
    expect(await fetch(talk)).toEqual({ size: CONTENT.length, mtimeMs: undefined });
    expect(notes).toEqual(['no-size']);
    expectWhole();
  });

  it('has no hand in a file of another name that somebody linked to the place of the part', async () => {
    const talk = await startWith();
    const part = await leavePart(talk, 2 * MIB);
    const precious = join(here, 'precious');
    // As large as what would be gone on with.
    const content = Buffer.alloc(2 * MIB, 'untouched');
    writeFileSync(precious, content);
    for (const lay of [() => symlinkSync(precious, part), () => linkSync(precious, part)]) {
      rmSync(part, { force: true });
      lay();
      await fetch(talk);
      expect(readFileSync(precious).equals(content)).toBeTrue();
      expect(statSync(target).size).toBe(CONTENT.length);
    }
  });

  it('gives each of two that fetch the same file a place of its own', async () => {
    const [one, other] = [await startWith(), await startWith()];
    await Promise.all([fetch(one), fetch(other)]);
    expectWhole();
  });

  it('says why the server broke a transfer off, and keeps its connection', async () => {
    let hasCome: () => void;
    const come = new Promise<void>((resolve) => {
      hasCome = resolve;
    });
    const talk = await startWith(
      {
        RETR: async ({ data, control }) => {
          const socket = await data();
          control.write('150 take\r\n');
          socket.write(CONTENT.subarray(0, 1000));
          await come;
          socket.resetAndDestroy();
          return '451 the disk is broken';
        },
      },
      { attempts: 1 },
    );
    talk.talk.events.once('progress', () => hasCome());
    const heard = listenTo(talk.talk);
    const error = await refusalOf(fetch(talk));
    expect([error.code, error.reply]).toEqual(['E_BUSY', 451]);
    expect(heard.ends.length).toBe(1);
    await talk.talk.mkdir('a');
    expect(talk.server.sessions).toBe(1);
  });
});

/** As a server answers that knows ranges and was asked for the first 2 MiB, or for all. */
function hashOfRange({ argument, before }: { argument: string; before: number }): string {
  const range = before === 0 ? 2 * MIB : CONTENT.length;
  const hash = createHash('sha256').update(CONTENT.subarray(0, range)).digest('hex');
  return `213 SHA-256 0-${range - 1} ${hash} ${argument}`;
}
