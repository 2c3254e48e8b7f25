import { createHash, type Hash } from 'node:crypto';
import { closeSync, createReadStream, mkdirSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type FarSide, type FarSideKind, startFarSide } from '../support/far-side.ts';
import { FaultProxy } from '../support/faults/fault-proxy.ts';
import { programs } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MIB = 1024 * 1024;
// What is lost with a cut: buffers of both systems on the way, and the last MiB where the server tells no hash.
const LOST_WITH_A_CUT = 10 * MIB;

/** How large a file is sent, and how often its connection is cut. */
export interface CutUpload {
  readonly kind: FarSideKind;
  readonly mib: number;
  readonly cuts: number;
}

/**
 * The mirror program sends one large file over a line that is cut, to be called within a `describe`.
 *
 * @param patienceMs how long it may take, where that is longer than for other specs
 */
export function itSendsWhatIsMissing({ kind, mib, cuts }: CutUpload, patienceMs?: number): void {
  const folder = temporaryFolder();
  const run = programs();
  let far: FarSide | undefined;
  let proxy: FaultProxy | undefined;

  afterEach(async () => {
    await proxy?.stop();
    await far?.stop();
  });

  const name = `sends ${mib} MiB to ${kind} over a line that is cut ${cuts} times, and hardly more than that`;
  const sendsWhatIsMissing = async () => {
    far = await startFarSide(kind);
    proxy = await FaultProxy.start(far);
    const near = join(folder(), 'near');
    mkdirSync(near);
    writeLarge(join(near, 'large'), mib);
    proxy.arm({ data: /^STOR /, at: Math.floor((mib * MIB) / (cuts + 1)), goes: 'RST', times: cuts });
    const { status, stdout } = await run('bin/mirror.js', {
      args: [
        ...[`ftp://${far.user}@127.0.0.1:${proxy.port}/far`, near, '2', '9'],
        ...['--once', '--multi', 'P1', '--retries', '20'],
      ],
      env: { FTP_PASSWORD: far.password, HOME: folder(), XDG_STATE_HOME: folder() },
    }).ended;
    expect(status).withContext(stdout).toBe(0);
    expect(proxy.happened).toEqual([cuts]);
    expect(stdout).toMatch(/ - INFO - File created \/ updated : .*, resumed at /);
    expect(readdirSync(join(far.dataFolder, 'far'))).toEqual(['large']);
    expect(statSync(join(far.dataFolder, 'far/large')).size).toBe(mib * MIB);
    expect(await hashOf(join(far.dataFolder, 'far/large'))).toBe(await hashOf(join(near, 'large')));
    await proxy.stop();
    const sent = proxy.bytesRead;
    proxy = undefined;
    setSpecProperty('sent', { 'MiB in all': (sent / MIB).toFixed(1), 'MiB of content': mib, cuts });
    expect(sent).toBeGreaterThanOrEqual(mib * MIB);
    expect(sent).toBeLessThan(mib * MIB + cuts * LOST_WITH_A_CUT);
  };
  it(name, sendsWhatIsMissing, patienceMs);
}

/** Each MiB of it is another. */
function writeLarge(path: string, mib: number): void {
  const file = openSync(path, 'w');
  const block = Buffer.alloc(MIB);
  for (let at = 0; at < MIB; at += 32) createHash('sha256').update(`${at}`).digest().copy(block, at);
  for (let index = 0; index < mib; index += 1) {
    block.writeUInt32BE(index, (index * 4096) % MIB);
    writeSync(file, block);
  }
  closeSync(file);
}

async function hashOf(path: string): Promise<string> {
  const hash: Hash = createHash('sha1');
  for await (const chunk of createReadStream(path, { highWaterMark: MIB })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
