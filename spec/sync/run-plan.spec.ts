import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../../lib/sync/plan.ts';
import { type Ending, type RunSurroundings, runPlan } from '../../lib/sync/run-plan.ts';
import { MemoryTransport } from '../support/memory-transport.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** `mkdir a`, `upload a/f`; what it needs by place. */
function steps(...parts: readonly (readonly [text: string, ...needs: number[]])[]): readonly Step[] {
  return parts.map(([text, ...needs], id) => {
    const [kind, path = '', mark] = text.split(' ');
    const vanished = mark === 'vanished';
    return {
      id,
      kind: kind as Step['kind'],
      path,
      size: 1,
      mtimeMs: 0,
      needs,
      vanished,
      replaced: mark === 'replaced',
    };
  });
}

describe('runPlan', () => {
  const folder = temporaryFolder();
  let transport: MemoryTransport;
  let endings: string[];
  let controller: AbortController;

  beforeEach(async () => {
    transport = new MemoryTransport();
    await transport.connect();
    transport.calls.length = 0;
    transport.history.length = 0;
    endings = [];
    controller = new AbortController();
  });

  function run(todo: readonly Step[], more: Partial<RunSurroundings> = {}) {
    for (const { kind, path } of todo) {
      if (kind === 'upload') writeFileSync(join(folder(), path), 'x');
    }
    const onEnded = ({ kind, path }: Step, { as }: Ending) => {
      endings.push(`${kind} ${path} ${as}`);
    };
    const surroundings = {
      transport,
      localRoot: folder(),
      onEnded,
      signal: controller.signal,
      hadFaults: false,
      ...more,
    };
    return runPlan(
      { steps: todo, blocked: [] },
      { onBegin: () => undefined, knownAt: () => undefined, ...surroundings },
    );
  }

  const nothingLeft = { skipped: [], putOff: [], notBegun: 0 };

  it('ends at once when there is nothing to do', async () => {
    expect(await run([])).toEqual(nothingLeft);
  });

  it('tells the end of every step with what was really sent', async () => {
    const told = new Map<string, Ending>();
    const onEnded = ({ path }: Step, ending: Ending) => void told.set(path, ending);
    expect(await run(steps(['mkdir d'], ['upload f']), { onEnded })).toEqual(nothingLeft);
    expect(told.get('d')).toEqual({ as: 'done', uploaded: undefined });
    expect(told.get('f')).toEqual({ as: 'done', uploaded: { size: 1, mtimeMs: jasmine.any(Number) } });
    expect(transport.tree.all()).toEqual({ d: null, f: 'x' });
  });

  it('begins nothing before what it needs is done and told', async () => {
    transport.holds = ({ kind }) => kind === 'mkdir';
    const running = run(steps(['mkdir a'], ['mkdir b'], ['mkdir a/c', 0, 1]));
    await transport.someHeld(2);
    transport.release('b');
    await new Promise(setImmediate);
    expect(transport.callsOf('mkdir')).toEqual(['mkdir a', 'mkdir b']);
    transport.release('a');
    await transport.someHeld();
    expect(endings).toEqual(['mkdir b done', 'mkdir a done']);
    transport.release();
    expect(await running).toEqual(nothingLeft);
  });

  it('begins what is ready in the order of the plan', async () => {
    await run(steps(['mkdir a'], ['mkdir b'], ['mkdir c']));
    expect(transport.callsOf('mkdir')).toEqual(['mkdir a', 'mkdir b', 'mkdir c']);
  });

  it('removes a folder as soon as what was in it is gone, while other removals are under way', async () => {
    for (const path of ['a/f', 'b/g']) transport.tree.putFile(path, 'x');
    transport.holds = ({ path }) => path === 'b/g';
    const todo = steps(
      ['remove a/f vanished'],
      ['rmdir a vanished', 0],
      ['remove b/g vanished'],
      ['rmdir b vanished', 2],
    );
    const running = run(todo);
    await transport.someHeld();
    while (!endings.includes('rmdir a done')) await new Promise(setImmediate);
    expect(endings).toEqual(['remove a/f done', 'rmdir a done']);
    transport.release();
    expect(await running).toEqual(nothingLeft);
    expect(transport.tree.all()).toEqual({});
  });

  it('asks for a removal with what is known of the file', async () => {
    transport.tree.putFile('f', 'xy', 5000);
    transport.tree.putFile('g', 'x', 5000);
    const knownAt = () => ({ size: 1, mtimeMs: 5000 });
    await run(steps(['remove f vanished'], ['remove g vanished']), { knownAt });
    expect(endings).toEqual(['remove f left', 'remove g done']);
    await run(steps(['remove f replaced']), { knownAt });
    expect(endings.at(-1)).toBe('remove f failed');
    expect(transport.tree.all()).toEqual({ f: 'xy' });
  });

  it('tells that a step begins before the far side is asked', async () => {
    const begins: string[] = [];
    const onBegin = ({ path }: Step) => void begins.push(`${path} after ${transport.calls.length} calls`);
    await run(steps(['mkdir a'], ['mkdir b', 0]), { onBegin });
    expect(begins).toEqual(['a after 0 calls', 'b after 1 calls']);
  });

  it('ends when a begin cannot be told, and asks the far side for nothing', async () => {
    const onBegin = () => {
      throw new Error('the disk is full');
    };
    await expectAsync(run(steps(['mkdir a'], ['mkdir a/b', 0], ['mkdir c']), { onBegin })).toBeRejectedWithError(
      'the disk is full',
    );
    expect(endings).toEqual([]);
    expect(transport.callsOf('mkdir')).toEqual([]);
  });

  it('skips exactly what needs a step that failed, directly or not', async () => {
    transport.fail = ({ path }) => (path === 'a' ? 'E_REFUSED' : undefined);
    const todo = steps(['mkdir a'], ['mkdir a/b', 0], ['mkdir a/b/c', 1], ['mkdir d'], ['mkdir d/e', 3]);
    const { skipped, notBegun } = await run(todo);
    expect(skipped.map(({ path }) => path)).toEqual(['a/b', 'a/b/c']);
    expect(notBegun).toBe(0);
    expect(endings.sort()).toEqual(['mkdir a failed', 'mkdir d done', 'mkdir d/e done']);
  });

  it('counts a skipped step once, however its needs end after each other', async () => {
    transport.fail = ({ path }) => (path === 'first' || path === 'third' ? 'E_REFUSED' : undefined);
    transport.holds = () => true;
    const todo = steps(['mkdir first'], ['mkdir second'], ['mkdir third'], ['mkdir needy', 0, 1, 2]);
    const running = run(todo);
    await transport.someHeld(3);
    for (const path of ['first', 'second', 'third']) {
      transport.release(path);
      await new Promise(setImmediate);
    }
    const { skipped } = await running;
    expect(skipped.map(({ path }) => path)).toEqual(['needy']);
  });

  it('removes what vanished after all else has ended', async () => {
    transport.holds = ({ path }) => path === 'a';
    const running = run(steps(['mkdir a'], ['remove f vanished'], ['rmdir d vanished', 1]));
    await transport.someHeld();
    await new Promise(setImmediate);
    expect(transport.calls.length).toBe(1);
    transport.release();
    expect(await running).toEqual(nothingLeft);
    expect(transport.callsOf('remove', 'rmdir')).toEqual(['remove f', 'rmdir d']);
  });

  it('puts removals of what vanished off when something failed', async () => {
    transport.fail = ({ kind }) => (kind === 'mkdir' ? 'E_REFUSED' : undefined);
    const { putOff, notBegun } = await run(steps(['mkdir a'], ['remove f vanished'], ['remove g']));
    expect(putOff.map(({ path }) => path)).toEqual(['f']);
    expect(notBegun).toBe(0);
    expect(transport.callsOf('remove')).toEqual(['remove g']);
  });

  it('puts them off when there were faults before', async () => {
    const { putOff } = await run(steps(['mkdir a'], ['remove f vanished']), { hadFaults: true });
    expect(putOff.map(({ path }) => path)).toEqual(['f']);
    expect(transport.callsOf('remove')).toEqual([]);
  });

  it('lets removals of what vanished go on when one of them fails', async () => {
    transport.fail = ({ path }) => (path === 'd/f' ? 'E_REFUSED' : undefined);
    const { skipped } = await run(steps(['remove d/f vanished'], ['rmdir d vanished', 0], ['remove g vanished']));
    expect(skipped.map(({ path }) => path)).toEqual(['d']);
    expect(endings.sort()).toEqual(['remove d/f failed', 'remove g done']);
  });

  it('takes a file that changed meanwhile for no failure', async () => {
    transport.whileReading = ({ source }) => writeFileSync(source, 'other');
    const { putOff } = await run(steps(['upload f'], ['remove g vanished']));
    expect(endings).toEqual(['upload f changed', 'remove g done']);
    expect(putOff).toEqual([]);
  });

  for (const code of ['E_CHANGED', 'E_NOT_EMPTY'] as const) {
    it(`takes an ${code} for a failure where it makes no sense`, async () => {
      transport.fail = ({ kind }) => (kind === 'mkdir' || kind === 'remove' ? code : undefined);
      await run(steps(['mkdir a'], ['remove f']));
      expect(endings).toEqual(jasmine.arrayWithExactContents(['mkdir a failed', 'remove f failed']));
    });
  }

  it('leaves a vanished folder in which others have something', async () => {
    transport.tree.putFile('d/e/stranger', 's');
    expect(await run(steps(['rmdir d/e vanished'], ['rmdir d vanished', 0]))).toEqual(nothingLeft);
    expect(endings).toEqual(['rmdir d/e left', 'rmdir d left']);
  });

  it('leaves a folder of which only the case changed, and goes on with the new one', async () => {
    transport.tree.putFile('D/stranger', 's');
    expect(await run(steps(['rmdir D'], ['mkdir d', 0]))).toEqual(nothingLeft);
    expect(endings).toEqual(['rmdir D left', 'mkdir d done']);
  });

  it('fails where a folder that holds entries of others is in the way', async () => {
    transport.tree.putFile('d/stranger', 's');
    const { skipped } = await run(steps(['rmdir d replaced'], ['upload d', 0]));
    expect(endings).toEqual(['rmdir d failed']);
    expect(skipped.map(({ kind }) => kind)).toEqual(['upload']);
    expect(transport.tree.all()).toEqual({ d: null, 'd/stranger': 's' });
  });

  it('begins nothing more when it is aborted, waits for what is under way, and tells what was not begun', async () => {
    transport.holds = () => true;
    let ended = false;
    const running = run(steps(['mkdir a'], ['mkdir a/b', 0], ['remove f vanished'])).finally(() => {
      ended = true;
    });
    await transport.someHeld();
    controller.abort();
    await new Promise(setImmediate);
    expect(ended).toBeFalse();
    transport.release();
    expect(await running).toEqual({ skipped: [], putOff: [], notBegun: 2 });
    expect(endings).toEqual(['mkdir a done']);
  });

  it('takes for not begun what the far side did not come to before it was closed, when it is aborted', async () => {
    transport.holds = () => true;
    transport.fail = ({ path }) => (path === 'b' ? 'E_CLOSED' : undefined);
    const running = run(steps(['mkdir a'], ['mkdir b'], ['mkdir b/c', 1]));
    await transport.someHeld(2);
    controller.abort();
    transport.release();
    expect(await running).toEqual({ skipped: [], putOff: [], notBegun: 2 });
    expect(endings.sort()).toEqual(['mkdir a done', 'mkdir b withdrawn']);
  });

  it('takes a far side that is closed for no reason for a failure', async () => {
    transport.fail = () => 'E_CLOSED';
    expect((await run(steps(['mkdir a'], ['mkdir a/b', 0]))).skipped.length).toBe(1);
    expect(endings).toEqual(['mkdir a failed']);
  });

  it('begins nothing at all when it is aborted before', async () => {
    controller.abort();
    expect((await run(steps(['mkdir a'], ['mkdir b']))).notBegun).toBe(2);
    expect(transport.calls).toEqual([]);
  });

  it('has at most 1,000 steps under way', async () => {
    transport.holds = () => true;
    const running = run(steps(...Array.from({ length: 1500 }, (_, at) => [`mkdir d${at}`] as const)));
    await transport.someHeld(1000);
    await new Promise(setImmediate);
    expect(transport.calls.length).toBe(1000);
    transport.holds = () => false;
    transport.release();
    await running;
    expect(endings.length).toBe(1500);
    expect(transport.mostUnderWay).toBe(1000);
  });

  it('ends when the end of a step cannot be told, once what is under way has ended, and tells of that', async () => {
    transport.holds = ({ path }) => path === 'b';
    const onEnded = ({ path }: Step, { as }: Ending) => {
      if (path === 'a') throw new Error('the disk is full');
      endings.push(`${path} ${as}`);
    };
    const running = run(steps(['mkdir a'], ['mkdir b'], ['mkdir a/c', 0], ['remove f vanished']), { onEnded });
    await transport.someHeld();
    await new Promise(setImmediate);
    transport.release();
    await expectAsync(running).toBeRejectedWithError('the disk is full');
    expect(endings).toEqual(['b withdrawn']);
    expect(transport.callsOf('mkdir', 'remove', 'disconnect')).toEqual(['mkdir a', 'mkdir b', 'disconnect ']);
  });
});
