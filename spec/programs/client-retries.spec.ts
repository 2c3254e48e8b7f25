import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientScene } from '../support/client-scene.ts';
import type { Ended } from '../support/run-program.ts';
import { FACTS, facts } from '../support/scripted-listings.ts';
import { type ScriptedCommand, ScriptedServer } from '../support/scripted-server.ts';

describe('retries of the client program where the server tells no hash', () => {
  const scene = clientScene();
  let server: ScriptedServer;
  afterEach(() => server?.stop());

  const MIB = 2 ** 20;
  const content = Buffer.alloc(4 * MIB, 'some content ');
  const near = (name: string) => join(scene().near, name);
  const run = (commands: string, ...options: readonly string[]): Promise<Ended> =>
    scene().start({ port: server.port, user: 'me' }, commands, '--json', ...options).ended;
  const rests = () => server.commands.filter((command) => command.startsWith('REST '));

  /** The first RETR brings half of it, and then both connections end. */
  const halfGet = async ({ before, data, control, ordinary }: ScriptedCommand) => {
    if (before > 0) return ordinary();
    const socket = await data();
    control.write('150 take\r\n');
    await new Promise<void>((resolve) => {
      socket.once('close', resolve).resume();
      socket.end(content.subarray(0, 2 * MIB));
    });
    control.destroy();
    return undefined;
  };

  /** The first STOR takes half of it, and then both connections end. */
  const halfPut = async ({ before, argument, data, control, files, ordinary }: ScriptedCommand) => {
    if (before > 0) return ordinary();
    const socket = await data();
    const pieces: Buffer[] = [];
    control.write('150 send\r\n');
    for await (const piece of socket) {
      pieces.push(piece as Buffer);
      if (Buffer.concat(pieces).length >= 2 * MIB) break;
    }
    files.set(argument, Buffer.concat(pieces).subarray(0, 2 * MIB));
    control.destroy();
    return undefined;
  };

  it('C3: go on with what their own command fetched', async () => {
    server = await ScriptedServer.start({ FEAT: FACTS, MLST: facts, RETR: halfGet });
    server.files.set('/a', content);
    const { status, stdout } = await run('get a');
    expect(status).withContext(stdout).toBe(0);
    expect(rests()).toEqual([`REST ${2 * MIB}`]);
    expect(readFileSync(near('a')).equals(content)).toBeTrue();
  });

  it('C4: do not go on with what they fetched when the file is another by then', async () => {
    let modify = '20200913122640';
    server = await ScriptedServer.start({
      FEAT: FACTS,
      MLST: (command) => `${facts(command)}`.replace('20200913122640', modify),
      RETR: (command) => {
        modify = '20210913122640';
        return halfGet(command);
      },
    });
    server.files.set('/a', content);
    const { status, stdout } = await run('get a');
    expect(status).toBe(4);
    expect(stdout).toContain('E_UNSURE');
    expect(existsSync(near('a'))).toBeFalse();
  });

  it('C3: go on with what their own command sent, a little before its end', async () => {
    server = await ScriptedServer.start({ FEAT: FACTS, MLST: facts, STOR: halfPut });
    writeFileSync(near('a'), content);
    const { status, stdout } = await run('put a');
    expect(status).withContext(stdout).toBe(0);
    expect(rests()).toEqual([`REST ${MIB}`]);
    expect(server.files.get('/a')?.equals(content)).toBeTrue();
  });

  it('C4: do not go on when there is more than they sent', async () => {
    server = await ScriptedServer.start({
      FEAT: FACTS,
      MLST: facts,
      STOR: async (command) => {
        const answer = await halfPut(command);
        // Others have finished it meanwhile, or nearly so.
        command.files.set(command.argument, content.subarray(0, -1));
        return answer;
      },
    });
    writeFileSync(near('a'), content);
    // No faster, so that no more than half of it is handed over to the kernel either.
    const { status, stdout } = await run('put a', '--bwlimit', '4M');
    expect(status).withContext(stdout).toBe(4);
    expect(stdout).toContain('E_UNSURE');
    expect(server.files.get('/a')?.length).toBe(content.length - 1);
  });
});
