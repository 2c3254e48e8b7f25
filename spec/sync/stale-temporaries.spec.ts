import type { Call } from '../support/memory-transport.ts';
import { syncScene } from '../support/sync-scene.ts';

const T = Date.UTC(2026, 3, 4);
const HOUR = 3_600_000;

describe('A temporary file that an interrupted upload left', () => {
  const scene = syncScene();

  beforeEach(async () => {
    scene().use({ relistEveryMs: HOUR });
    scene().write('d/f', 'old', T);
    await scene().cycle();
    scene().logger.lines.length = 0;
  });

  /** Leave one on the far side, as when a connection breaks. @returns its path */
  function leave(path: string, size: number, mtimeMs: number): string {
    const temporary = scene().transport.temporaryOf({ path, size, mtimeMs });
    scene().transport.tree.putFile(temporary, 'half', T);
    return temporary;
  }

  /** One cycle in which the upload of a file breaks off and leaves its temporary file. */
  async function breakOff(path: string, size: number, mtimeMs: number): Promise<string> {
    scene().transport.fail = (call) => (isUpload(call, path) ? 'E_LOST' : undefined);
    expect((await scene().cycle()).failed).toBe(1);
    scene().transport.fail = () => undefined;
    scene().transport.calls.length = 0;
    return leave(path, size, mtimeMs);
  }

  const isUpload = ({ kind, path }: Call, of: string) => kind === 'upload' && path === of;
  const isThere = (path: string) => scene().transport.tree.at(path) !== undefined;

  it('is removed by the next listing', async () => {
    const stale = [leave('d/f', 99, T), leave('gone', 1, T)];
    scene().clock.advance(HOUR);
    expect((await scene().cycle()).failed).toBe(0);
    expect(stale.map(isThere)).toEqual([false, false]);
    expect(scene().logger.lines).toContain('info Swept : 2 temporary files of uploads that were interrupted');
  });

  it('stays when its very version is still to be sent, until that is done', async () => {
    scene().write('d/f', 'newer', T + 9000);
    const temporary = await breakOff('d/f', 5, T + 9000);
    let wasThere = false;
    scene().transport.fail = (call) => {
      if (isUpload(call, 'd/f')) wasThere = isThere(temporary);
      return undefined;
    };
    expect((await scene().cycle()).failed).toBe(0);
    expect(wasThere).toBeTrue();
    expect(scene().transport.callsOf('remove')).toEqual([]);
  });

  it('is removed before its very version is sent when that is too small to go on from there', async () => {
    scene().write('d/f', 'newer', T + 9000);
    const temporary = await breakOff('d/f', 5, T + 9000);
    spyOn(scene().transport, 'resumes').and.callFake((size) => size > 5);
    let wasThere = true;
    scene().transport.fail = (call) => {
      if (isUpload(call, 'd/f')) wasThere = isThere(temporary);
      return undefined;
    };
    expect((await scene().cycle()).failed).toBe(0);
    expect(wasThere).toBeFalse();
  });

  it('is removed in the next cycle when the file has changed since', async () => {
    scene().write('d/f', 'newer', T + 9000);
    const stale = await breakOff('d/f', 5, T + 9000);
    scene().write('d/f', 'newest', T + 19_000);
    await scene().cycle();
    expect(isThere(stale)).toBeFalse();
    expect(scene().far()).toEqual({ d: null, 'd/f': 6 });
  });

  it('is removed in the next cycle when the file is again as it was', async () => {
    scene().write('d/f', 'newer', T + 9000);
    const stale = await breakOff('d/f', 5, T + 9000);
    scene().write('d/f', 'old', T);
    expect((await scene().cycle()).failed).toBe(0);
    expect(isThere(stale)).toBeFalse();
  });

  it('is removed in the next cycle when the mirror was stopped before it came to its file, and that has changed since', async () => {
    const stale = leave('d/f', 5, T + 9000);
    scene().write('d/f', 'newer', T + 9000);
    scene().manager.relist();
    const stopping = new AbortController();
    scene().transport.fail = ({ kind }) => {
      if (kind === 'connect' && scene().transport.callsOf('list').length > 0) stopping.abort();
      return undefined;
    };
    scene().transport.calls.length = 0;
    expect((await scene().manager.cycle(stopping.signal)).notBegun).toBe(1);
    scene().write('d/f', 'newest', T + 19_000);
    await scene().cycle();
    expect(isThere(stale)).toBeFalse();
    expect(scene().far()).toEqual({ d: null, 'd/f': 6 });
  });

  it('does not keep the folder that vanished from being removed', async () => {
    scene().write('d/f', 'newer', T + 9000);
    const stale = await breakOff('d/f', 5, T + 9000);
    scene().remove('d');
    scene().write('other', 'x', T);
    expect((await scene().cycle()).failed).toBe(0);
    expect(isThere(stale)).toBeFalse();
    expect(scene().far()).toEqual({ other: 1 });
  });

  it('is removed in the same cycle when another version arrived instead', async () => {
    scene().write('d/f', 'newer', T + 9000);
    let stale = '';
    let kept = '';
    scene().write('d/big', 'of another', T + 9000);
    scene().transport.fail = (call) => {
      if (isUpload(call, 'd/f')) {
        stale = leave('d/f', 5, T + 9000);
        scene().write('d/f', 'newest', T + 19_000);
      } else if (isUpload(call, 'd/big')) {
        kept = leave('d/big', 10, T + 9000);
        return 'E_LOST';
      }
      return undefined;
    };
    expect((await scene().cycle()).failed).toBe(1);
    expect(scene().far(kept)).toEqual({ d: null, 'd/f': 6 });
    expect(isThere(stale)).toBeFalse();
    expect(isThere(kept)).toBeTrue();
  });

  it('counts as a failure when it cannot be removed, and is removed by the next cycle', async () => {
    const stale = leave('d/f', 99, T);
    scene().clock.advance(HOUR);
    scene().transport.fail = ({ path }) => (path === stale ? 'E_BUSY' : undefined);
    expect((await scene().cycle()).failed).toBe(1);
    expect(scene().logger.lines).toContain(`error Not swept : ${stale}, remove ${stale} is made to fail`);
    scene().transport.fail = () => undefined;
    expect((await scene().cycle()).failed).toBe(0);
    expect(isThere(stale)).toBeFalse();
  });

  it('stays in a dry run', async () => {
    const stale = leave('d/f', 99, T);
    scene().restart({ readOnly: true });
    scene().use({ dryRun: true });
    scene().clock.advance(HOUR);
    await scene().cycle();
    expect(isThere(stale)).toBeTrue();
  });

  it('is left alone when it belongs to another mirror or another program', async () => {
    const others = [
      'd/.filesmirror-fedcba9876543210-0123456789abcdef.part',
      'd/.in.f',
      `${leave('d/f', 99, T)}x`,
      'd/f.partial',
    ];
    for (const path of others) scene().transport.tree.putFile(path, 'half', T);
    scene().clock.advance(HOUR);
    await scene().cycle();
    expect(others.map(isThere)).toEqual([true, true, true, true]);
  });
});
