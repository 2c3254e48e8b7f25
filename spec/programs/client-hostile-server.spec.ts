import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { clientScene } from '../support/client-scene.ts';
import { HostileServer, type Hostility } from '../support/hostile-server.ts';

const file = (name: string) => `type=file;size=7;modify=20200101000000; ${name}`;
const NAMES = ['../x', '..', '/etc/x', 'a/b', '|id', '-rf', '$(id)', '`id`', 'good'];

describe('threat 44: a hostile server', () => {
  const scene = clientScene();
  let server: HostileServer | undefined;
  let others: Server | undefined;

  async function start(hostility: Hostility): Promise<HostileServer> {
    server = await HostileServer.start(hostility);
    return server;
  }

  afterEach(async () => {
    await server?.stop();
    others?.close();
    server = undefined;
    others = undefined;
  });

  it('never gets a file out of the folder by its name, and no command run', async () => {
    const hostile = await start({ listing: NAMES.map(file) });
    const { status, stdout } = await scene().start(hostile, 'mget *; mget -d sub * | cat; !ls ..', '--keep-going')
      .ended;
    expect(status).not.toBe(70);
    expect(readdirSync(scene().near).sort()).toEqual(['$(id)', '-rf', '`id`', 'good', '|id']);
    expect(readdirSync(join(scene().near, '..')).filter((name) => name !== 'state')).toEqual(['near']);
    expect(existsSync('/etc/x')).toBeFalse();
    expect(stdout).not.toMatch(/uid=/);
    expect(readFileSync(join(scene().near, '|id'), 'utf8')).toBe('content');
  });

  it('cannot have names taken for all there are of which nobody can read some', async () => {
    const hostile = await start({ listing: [file('good'), file('../x'), 'what is this'] });
    for (const command of ['ls', 'ls *', 'find', 'mget *', 'du', 'stat *']) {
      const { stderr } = await scene().start(hostile, command).ended;
      expect(stderr)
        .withContext(command)
        .toContain('/: 2 lines of the listing cannot be read, or lead out of the folder\n');
    }
  });

  it('removes nothing elsewhere by names that it tells for rm -r', async () => {
    const hostile = await start({
      listing: ['../x', '/etc/x', 'good'].map(file),
      answers: { MLST: '250-\r\n type=dir; x\r\n250 so' },
    });
    await scene().start(hostile, 'rm -r folder').ended;
    const removed = hostile.commands.filter((command) => /^(DELE|RMD) /.test(command));
    expect(removed).toEqual(['DELE /folder/good', 'RMD /folder']);
  });

  it('cannot move the cursor, repaint the terminal or forge a line by names, replies and greetings', async () => {
    const evil = 'a\u001b[2J\u009b31m\u0007\u202egnp.exe';
    const hostile = await start({
      listing: [file(evil)],
      answers: { DELE: `550 no\u001b]0;title\u0007`, SITE: '200 \u001b[31mred' },
    });
    const { stdout, stderr } = await scene().start(hostile, 'ls; find; du; rm x; site x', '--keep-going').ended;
    expect(stdout).toContain('a\\u{1b}[2J\\u{9b}31m\\u{7}\\u{202e}gnp.exe');
    expect(stderr).toContain('550 no\\u{1b}]0;title\\u{7}');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it('has no mirror told as whole, and nothing removed here, by lines that nobody can read', async () => {
    const hostile = await start({ listing: [file('good'), 'what is this'] });
    mkdirSync(join(scene().near, 'mine'));
    const { status, stderr } = await scene().start(hostile, 'mirror; mirror -e', '--keep-going').ended;
    expect(status).toBe(1);
    expect(stderr).toContain('Left out : the far folder, the site does not show all of it');
    expect(readdirSync(scene().near).sort()).toEqual(['good', 'mine']);
  });

  it('cannot send data connections to a foreign host by 227', async () => {
    let connections = 0;
    others = createServer(() => {
      connections += 1;
    }).listen(0, '127.0.0.2');
    const hostile = await start({
      listing: [file('good')],
      answers: { EPSV: '500 what', PASV: '227 here (127,0,0,2,%PORT%)' },
    });
    const { status, stdout } = await scene().start(hostile, 'ls -1').ended;
    expect(status).toBe(0);
    expect(stdout).toBe('good\n');
    expect(hostile.dataConnections).toBe(1);
    expect(connections).toBe(0);
  });

  it('cannot fill the memory with a greeting that does not end', async () => {
    const hostile = await start({ answers: { greeting: `220-${'x'.repeat(100)}\r\n`.repeat(20_000) } });
    const client = scene().start(hostile, 'ls', '--retries', '0');
    const { status, stderr } = await client.ended;
    expect(status).toBe(3);
    expect(stderr).toMatch(/Cannot connect to 127\.0\.0\.1/);
  });

  it('cannot fill the memory with a line that does not end', async () => {
    const hostile = await start({ answers: { greeting: `220 ${'x'.repeat(2_000_000)}` } });
    expect((await scene().start(hostile, 'ls', '--retries', '0').ended).status).toBe(3);
  });

  it('cannot have a file of another size than it told taken for whole', async () => {
    const hostile = await start({ content: 'longer than seven' });
    const { status, stderr } = await scene().start(hostile, 'get good', '--retries', '0').ended;
    expect(status).toBe(1);
    expect(stderr).toMatch(/17 bytes came instead of 7/);
    expect(existsSync(join(scene().near, 'good'))).toBeFalse();
  });
});
