import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NearMover } from '../../lib/sync/near-mover.ts';
import { MemoryTransport } from '../support/memory-transport.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('NearMover', () => {
  const folder = temporaryFolder();
  const at = (path: string) => join(folder(), path);
  let transport: MemoryTransport;
  let mover: NearMover;
  beforeEach(() => {
    transport = new MemoryTransport();
    mover = new NearMover(transport, folder());
  });

  it('leaves a folder in which others have something: E_NOT_EMPTY, as a site does', async () => {
    mkdirSync(at('d'));
    writeFileSync(at('d/mine'), 'x');
    await expectAsync(mover.rmdir('d')).toBeRejectedWith(jasmine.objectContaining({ code: 'E_NOT_EMPTY' }));
    expect(existsSync(at('d/mine'))).toBeTrue();
  });

  it('says why the disk refuses a change: E_TARGET', async () => {
    writeFileSync(at('file'), 'x');
    for (const [change, why] of [
      [mover.mkdir('missing/d'), 'ENOENT'],
      [mover.rmdir('file'), 'ENOTDIR'],
    ] as const) {
      const message = jasmine.stringMatching(`^Cannot change .*: ${why}$`);
      await expectAsync(change).toBeRejectedWith(jasmine.objectContaining({ code: 'E_TARGET', message }));
    }
  });

  it('has nothing to do where something is gone already', async () => {
    await expectAsync(mover.rmdir('d')).toBeResolved();
    await expectAsync(mover.remove('file')).toBeResolved();
  });

  it('ends what is fetched when the run cannot go on', async () => {
    await mover.disconnect();
    expect(transport.callsOf('disconnect').length).toBe(1);
  });
});
