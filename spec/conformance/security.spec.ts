import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';

// Node cannot make these by itself.
const MAKE_FIFO = 'mkfifo';
const MAKE_NODE = 'mknod';

describe('RFC 2577, the data connection', () => {
  const served = servedFolder();

  it('threat 3: gets ports that nobody can foretell', async () => {
    const line = await served().session();
    const ports: number[] = [];
    while (ports.length < 20) ports.push(await line.passivePort());
    const steps = ports.slice(1).map((port, index) => port - (ports[index] ?? 0));
    expect(new Set(steps).size).toBeGreaterThan(5);
  });

  it('is not read before the transfer: what comes early is kept for it', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    data.end('early');
    await line.ask('NOOP');
    expect(await line.code('STOR a')).toBe(150);
    expect((await line.reply()).code).toBe(226);
    expect(readFileSync(join(served().home, 'a'), 'utf8')).toBe('early');
  });
});

describe('Passive ports of a range', () => {
  const held: Server[] = [];
  let last = 0;
  beforeEach(async () => {
    const free = await holding(0);
    last = portOf(free);
    // Whatever of its neighbours is not taken already.
    for (let port = last - 14; port < last; port += 1) held.push(await holding(port));
    await released(free);
  });
  afterEach(() => Promise.all(held.splice(0).map(released)));
  const served = servedFolder(() => ({ passivePorts: { first: last - 14, last } }));

  it('are tried until one is free', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on('warning', listen);
    const line = await served().session();
    for (let round = 0; round < 10; round += 1) expect(await line.passivePort()).toBe(last);
    await line.nothing();
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });

  it('are all that is used, and 425 is the answer when none is free', async () => {
    const line = await served().session();
    expect(await line.passivePort()).toBe(last);
    const other = await served().session();
    expect(await other.code('EPSV')).toBe(425);
    expect(await other.code('PASV')).toBe(425);
    expect(await other.code('STOR a')).toBe(425);
    const closed = once(served().server.events, 'sessionClosed');
    line.close();
    await closed;
    expect(await other.code('EPSV')).toBe(229);
  });
});

function holding(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(server));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function portOf(server: Server): number {
  const bound = server.address();
  return typeof bound === 'object' ? (bound?.port ?? 0) : 0;
}

function released(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

describe('The root of a user', () => {
  const served = servedFolder();
  const at = (name: string) => join(served().home, name);

  beforeEach(() => {
    writeFileSync(join(served().outside, 'secret'), 'secret');
    mkdirSync(at('in'));
  });

  const climbing = ['../outside/secret', '../../outside/secret', '/../outside/secret', 'in/../../outside/secret'];
  for (const path of climbing) {
    it(`threat 10: is not left by ${path}`, async () => {
      const line = await served().session();
      expect(await line.code(`RETR ${path}`)).toBe(550);
      expect(await line.code(`SIZE ${path}`)).toBe(550);
      expect(await line.code(`RNFR ${path}`)).toBe(550);
      writeFileSync(at('mine'), 'mine');
      await line.ask('RNFR mine');
      expect(await line.code(`RNTO ${path}`)).toBe(550);
      expect(await line.code('CWD ../../..')).toBe(250);
      expect((await line.ask('PWD')).lines[0]).toMatch(/^"\/" /);
    });
  }

  it('threat 10: takes other ways to write a path for names', async () => {
    const line = await served().session();
    for (const path of ['..\\outside\\secret', '%2e%2e/outside/secret', '..%2foutside%2fsecret']) {
      expect(await line.code(`RETR ${path}`)).toBe(550);
    }
  });

  for (const command of [
    'CWD out',
    'RETR out/secret',
    'STOR out/new',
    'MLSD out',
    'LIST out',
    'NLST out',
    'MKD out/d',
  ]) {
    it(`threat 11: is not left through a link by ${command}`, async () => {
      symlinkSync(served().outside, at('out'));
      expect(await (await served().session()).code(command)).toBe(550);
      expect(readdirSync(served().outside)).toEqual(['secret']);
    });
  }

  for (const command of ['RETR link', 'STOR link', 'APPE link', 'SIZE link', 'MDTM link', 'MFMT 20200101000000 link']) {
    it(`threat 11: is not left through a link to a file by ${command}`, async () => {
      symlinkSync(join(served().outside, 'secret'), at('link'));
      expect(await (await served().session()).code(command)).toBe(550);
      expect(readFileSync(join(served().outside, 'secret'), 'utf8')).toBe('secret');
    });
  }

  it('threat 11: is not left through a link to a file that is not there', async () => {
    symlinkSync(join(served().outside, 'new'), at('link'));
    const line = await served().session();
    await line.dataConnection();
    expect(await line.code('STOR link')).toBe(550);
    expect(readdirSync(served().outside)).toEqual(['secret']);
  });

  const special: Readonly<Record<string, (path: string) => void>> = {
    'a FIFO': (path) => execFileSync(MAKE_FIFO, [path]),
    'a socket': (path) => createServer().listen(path).unref(),
    'a device': (path) => execFileSync(MAKE_NODE, [path, 'c', '1', '5'], { stdio: 'pipe' }),
  };
  for (const [what, make] of Object.entries(special)) {
    it(`threat 13: holds no special files: ${what} is neither read nor written nor waited for`, async () => {
      try {
        make(at('special'));
      } catch {
        pending('only root can make one');
      }
      const line = await served().session();
      while ((await line.ask('MLST special')).code !== 250) await line.nothing();
      for (const command of ['RETR', 'STOR', 'APPE', 'SIZE']) {
        await line.dataConnection();
        expect(await line.code(`${command} special`))
          .withContext(command)
          .toBe(550);
      }
      expect((await line.ask('MLST special')).lines[1]).toContain('type=OS.unix=special;');
      expect(await line.code('MLSD special')).toBe(501);
    });
  }
});

describe('Names', () => {
  const served = servedFolder();

  for (const name of ['a\0b', 'a\rb', '\ra', 'a\r226 x']) {
    it(`like ${JSON.stringify(name)} are answered 553`, async () => {
      const line = await served().session();
      for (const command of [`MKD ${name}`, `STOR ${name}`, `CWD ${name}`, `RNFR ${name}`]) {
        expect(await line.code(command)).toBe(553);
      }
      expect(readdirSync(served().home)).toEqual([]);
    });
  }

  it('on the disk that hold a line end are told to nobody', async () => {
    mkdirSync(join(served().home, 'a\n226 x'));
    mkdirSync(join(served().home, 'a\rb'));
    mkdirSync(join(served().home, 'good'));
    const line = await served().session();
    for (const command of ['LIST', 'NLST', 'MLSD']) {
      const text = (await line.download(command)).toString();
      expect(text.split('\r\n').length).toBe(2);
      expect(text).toContain('good');
    }
  });

  it('that hold control characters reach the listeners as they are', async () => {
    const names: string[] = [];
    served().server.events.on('requestReceived', ({ argument }) => names.push(argument));
    const line = await served().line();
    await line.ask('USER x\u001b[2J\tok');
    expect(names).toEqual(['x\u001b[2J\tok']);
  });
});

describe('A web browser led here', () => {
  const served = servedFolder();

  for (const verb of ['GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'DELETE']) {
    it(`is sent away at ${verb}, and its second line is not read`, async () => {
      const verbs: string[] = [];
      served().server.events.on('requestReceived', (request) => verbs.push(request.verb));
      const line = await served().line();
      line.send(`${verb} / HTTP/1.1\r\nUSER steve\r\nPASS secret\r\n\r\n`);
      expect((await line.reply()).code).toBe(421);
      await line.closed();
      expect(verbs).toEqual([verb]);
    });
  }
});
