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

  it('C3: go on with what their own command sent, when it is how the file begins by its bytes', async () => {
    server = await ScriptedServer.start({ FEAT: FACTS, MLST: facts, STOR: halfPut });
    writeFileSync(near('a'), content);
    const { status, stdout } = await run('put a');
    expect(status).withContext(stdout).toBe(0);
    expect(rests()).toEqual([`REST ${2 * MIB}`]);
    expect(server.files.get('/a')?.equals(content)).toBeTrue();
  });

  for (const [what, others] of [
    ['of the same size', Buffer.alloc(2 * MIB, 'other content ')],
    ['that is smaller', Buffer.from('other')],
    ['that differs in its last byte', Buffer.concat([content.subarray(0, 2 * MIB - 1), Buffer.from('!')])],
  ] as const) {
    it(`C4: do not go on with, nor write over, a file of somebody else ${what}`, async () => {
      server = await ScriptedServer.start({
        FEAT: FACTS,
        MLST: facts,
        NOOP: '200 well',
        STOR: async (command) => {
          const answer = await halfPut(command);
          if (command.before === 0) command.files.set(command.argument, others);
          return answer;
        },
      });
      writeFileSync(near('a'), content);
      const { status, stdout } = await run('put a');
      expect(status).withContext(stdout).toBe(4);
      expect(stdout).toContain('E_OTHER_PART');
      expect(server.files.get('/a')?.equals(others)).toBeTrue();
    });
  }

  it('C4: do not go on where nobody may read what is there', async () => {
    server = await ScriptedServer.start({ FEAT: FACTS, MLST: facts, STOR: halfPut, RETR: '550 only to be written' });
    writeFileSync(near('a'), content);
    const { status, stdout } = await run('put a');
    expect(status).withContext(stdout).toBe(4);
    expect(stdout).toContain('E_UNSURE');
    expect(server.files.get('/a')?.length).toBe(2 * MIB);
  });

  it('C3: go on by size where that was asked for, and with -f write over what is another file', async () => {
    const others = Buffer.alloc(2 * MIB, 'other content ');
    const script = {
      FEAT: FACTS,
      MLST: facts,
      NOOP: '200 well',
      STOR: async (command: ScriptedCommand) => {
        const answer = await halfPut(command);
        if (command.before === 0) command.files.set(command.argument, others);
        return answer;
      },
    };
    writeFileSync(near('a'), content);
    server = await ScriptedServer.start(script);
    expect((await run('put -c a')).status).toBe(0);
    expect(server.commands.filter((command) => command.startsWith('RETR'))).toEqual([]);
    expect(
      server.files
        .get('/a')
        ?.subarray(0, 2 * MIB)
        .equals(others),
    ).toBeTrue();
    await server.stop();
    server = await ScriptedServer.start(script);
    expect((await run('put -f a')).status).toBe(0);
    expect(server.files.get('/a')?.equals(content)).toBeTrue();
  });
});
