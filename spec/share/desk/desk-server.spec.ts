import { lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ANSWER_WITHIN_MS } from '../../../lib/share/desk/answer-time.ts';
import { DeskError } from '../../../lib/share/desk/desk-error.ts';
import { DeskServer } from '../../../lib/share/desk/desk-server.ts';
import { DistantDesk } from '../../../lib/share/desk/distant-desk.ts';
import type { ShareDesk } from '../../../lib/share/desk/share-desk.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('DeskServer', () => {
  const folder = temporaryFolder();
  let clock: ManualClock;
  let desk: jasmine.SpyObj<ShareDesk>;
  let servers: DeskServer[];
  let faults: unknown[];

  beforeEach(() => {
    clock = new ManualClock();
    desk = jasmine.createSpyObj<ShareDesk>(['status', 'conflicts', 'keep', 'trash', 'restore', 'trust', 'close']);
    servers = [];
    faults = [];
  });

  afterEach(() => {
    for (const server of servers) server.close();
  });

  async function serve(path = join(folder(), 'control')): Promise<DeskServer> {
    const server = new DeskServer({ path, desk, clock, onFault: (error) => faults.push(error) });
    servers.push(server);
    await server.listen();
    return server;
  }

  function socketTo(path = join(folder(), 'control')): Socket {
    const socket = connect({ path });
    socket.on('error', () => undefined);
    return socket;
  }

  async function asked(line: string): Promise<unknown> {
    const socket = socketTo();
    socket.write(line);
    const answer = await text(socket);
    return answer === '' ? undefined : JSON.parse(answer);
  }

  async function distant(): Promise<DistantDesk> {
    const found = await DistantDesk.connect(join(folder(), 'control'), clock);
    if (found === undefined) throw new Error('nobody listens');
    return found;
  }

  it('gives the answers of its desk to who asks from elsewhere', async () => {
    desk.restore.and.resolveTo('a/b');
    desk.trust.and.resolveTo({ wasKnown: false, others: ['[::1]:8'] });
    desk.keep.and.resolveTo({ kept: 'a', from: null, trashed: [] });
    await serve();
    expect(await (await distant()).restore('2026-11-22/a/b')).toBe('a/b');
    expect(await (await distant()).trust({ address: '::1', port: 7 })).toEqual({
      wasKnown: false,
      others: ['[::1]:8'],
    });
    expect(await (await distant()).keep(['a', 'b/a'])).toEqual({ kept: 'a', from: null, trashed: [] });
    expect(desk.keep).toHaveBeenCalledOnceWith(['a', 'b/a']);
    expect(desk.restore).toHaveBeenCalledOnceWith('2026-11-22/a/b');
    expect(desk.trust).toHaveBeenCalledOnceWith({ address: '::1', port: 7 });
  });

  it('gives the errors of its desk with their codes', async () => {
    desk.restore.and.rejectWith(new DeskError('E_NOT_IN_TRASH', 'no such thing'));
    await serve();
    const error = await (await distant()).restore('x').catch((reason: unknown) => reason);
    expect(error).toEqual(jasmine.objectContaining({ code: 'E_NOT_IN_TRASH', message: 'no such thing' }));
  });

  it('tells nothing of a fault of the program but that there was one', async () => {
    desk.trash.and.rejectWith(new TypeError('x is not a function'));
    await serve();
    const error = await (await distant()).trash().catch((reason: unknown) => reason);
    expect(String(error)).not.toContain('function');
    expect(error).toEqual(jasmine.objectContaining({ code: 'E_CONTROL_FAULT' }));
    expect(faults.map(String)).toEqual(['TypeError: x is not a function']);
  });

  it('can be used by its owner only, from its first moment', async () => {
    await serve();
    expect(lstatSync(join(folder(), 'control')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder())).toEqual(['control']);
  });

  it('takes the place of a socket that was left behind, and goes away with its own only', async () => {
    writeFileSync(join(folder(), 'control'), 'left behind');
    const first = await serve();
    await serve();
    first.close();
    expect(readdirSync(folder())).toEqual(['control']);
    servers.at(-1)?.close();
    expect(readdirSync(folder())).toEqual([]);
  });

  it('listens in a folder whose path is longer than an address may be', async () => {
    const deep = join(folder(), 'x'.repeat(200));
    mkdirSync(deep);
    desk.conflicts.and.resolveTo([]);
    await serve(join(deep, 'control'));
    const found = await DistantDesk.connect(join(deep, 'control'), clock);
    expect(await found?.conflicts()).toEqual([]);
  });

  for (const [what, line] of [
    ['a line that is not JSON', 'status\n'],
    ['a request without a call', '{"id":1}\n'],
    ['a call that there is not', '{"id":1,"call":"toString","arguments":{}}\n'],
    ['a name that is no text', '{"id":1,"call":"restore","arguments":{"name":7}}\n'],
    ['a line that does not end', 'x'.repeat(70_000)],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await serve();
      expect(await asked(line)).toEqual(
        jasmine.objectContaining({ ok: false, error: jasmine.objectContaining({ code: 'E_REQUEST' }) }),
      );
      expect(desk.restore).not.toHaveBeenCalled();
    });
  }

  it('hangs up on who says nothing', async () => {
    desk.conflicts.and.resolveTo([]);
    await serve();
    const silent = socketTo();
    const over = text(silent);
    // Who is answered behind him was let in behind him.
    await (await distant()).conflicts();
    clock.advance(30_000);
    expect(await over).toBe('');
  });

  it('waits for its desk as long as who has asked does', async () => {
    let answer: (list: readonly []) => void = fail;
    desk.trash.and.returnValue(new Promise((resolve) => (answer = resolve)));
    await serve();
    const waiting = (await distant()).trash();
    await untilCalled(desk.trash);
    clock.advance(ANSWER_WITHIN_MS - 1);
    answer([]);
    expect(await waiting).toEqual([]);
  });

  it('says that it has no answer yet before who has asked gives up', async () => {
    let answer: (list: readonly []) => void = fail;
    desk.trash.and.returnValue(new Promise((resolve) => (answer = resolve)));
    await serve();
    const waiting = (await distant()).trash().catch((reason: unknown) => reason);
    await untilCalled(desk.trash);
    clock.advance(ANSWER_WITHIN_MS);
    answer([]);
    const message = 'The running share has no answer after 60 seconds; what was asked for may still be done';
    expect(await waiting).toEqual(jasmine.objectContaining({ code: 'E_CONTROL', message, retry: true }));
  });

  it('is not waited for for ever when it says nothing at all', async () => {
    desk.trash.and.returnValue(new Promise(() => undefined));
    const silent = new ManualClock();
    const server = new DeskServer({ path: join(folder(), 'control'), desk, clock: silent, onFault: fail });
    servers.push(server);
    await server.listen();
    const waiting = (await distant()).trash().catch((reason: unknown) => reason);
    await untilCalled(desk.trash);
    clock.advance(ANSWER_WITHIN_MS + 5_000);
    expect(await waiting).toEqual(jasmine.objectContaining({ code: 'E_CONTROL', retry: true }));
  });

  it('tells who waits for an answer that there will be none', async () => {
    desk.trash.and.returnValue(new Promise(() => undefined));
    const server = await serve();
    const waiting = (await distant()).trash().catch((reason: unknown) => reason);
    await untilCalled(desk.trash);
    server.close();
    expect(await waiting).toEqual(jasmine.objectContaining({ code: 'E_CONTROL' }));
  });
});

async function untilCalled(spy: jasmine.Spy): Promise<void> {
  while (spy.calls.count() === 0) await new Promise((resolve) => setImmediate(resolve));
}
