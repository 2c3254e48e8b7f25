import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireOpenssl } from '../support/foreign/found.ts';
import { makeCertificate } from '../support/foreign/openssl.ts';
import { curl, wget } from '../support/foreign-clients/by-url.ts';
import type { ForeignClient, Road } from '../support/foreign-clients/client.ts';
import { ftplib, netFtp } from '../support/foreign-clients/of-libraries.ts';
import { busybox, lftp, ncftp, rclone, tnftp, tnftpCommand } from '../support/foreign-clients/of-shells.ts';
import { runClient } from '../support/foreign-clients/run-client.ts';
import { RunningProgram } from '../support/run-program.ts';

const clients: readonly ForeignClient[] = [curl, lftp, ncftp, tnftp, wget, rclone, busybox, ftplib, netFtp];
const SCRIPT = 'bin/ftp-server.js';
const hosts = ['127.0.0.1', '::1'] as const;

// More than one read of anybody's, line ends that TYPE A would change, and no multiple of anything.
const CONTENT = Buffer.concat([Buffer.from('\r\n\n\r\0'), randomBytes(300_001)]);

describe('miniftpd, to the clients of others,', () => {
  let folder: string;
  const servers = new Map<string, DemoServer>();
  const serverAt = (host: string) => {
    const server = servers.get(host);
    if (server === undefined) throw new Error(`no server on ${host}`);
    return server;
  };

  beforeAll(async () => {
    requireOpenssl();
    folder = mkdtempSync(join(tmpdir(), 'filesmirror-spec-'));
    makeCertificate(folder, { names: 'DNS:localhost,IP:127.0.0.1,IP:::1' });
    for (const host of hosts) servers.set(host, await startDemo(folder, host));
  });
  afterAll(async () => {
    for (const { program } of servers.values()) await program.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells tnftp, which asks for patterns, what fits them: mget', async () => {
    const road: Road = {
      host: '127.0.0.1',
      mode: 'passive',
      tls: 'plain',
      user: 'zhangsan',
      password: '123',
      port: 0,
      authority: '',
    };
    tnftp.require(road);
    const { docs, ports } = serverAt(road.host);
    const near = mkdtempSync(join(folder, 'near-'));
    mkdirSync(join(docs, 'in'));
    mkdirSync(join(near, 'in'));
    const wanted = ['in/three.txt', 'one.txt', 'two.txt'];
    for (const name of [...wanted, 'in/other', 'other']) writeFileSync(join(docs, name), name);
    await runClient(tnftpCommand({ ...road, port: ports.plain }, `lcd ${near}\nmget *.txt\nmget in/t*`), near);
    const fetched = readdirSync(near, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.includes('.'))
      .sort();
    expect(fetched).toEqual(wanted);
    expect(fetched.map((name) => readFileSync(join(near, name), 'utf8'))).toEqual(wanted);
  });

  for (const client of clients) {
    describe(client.name, () => {
      for (const road of allRoads().filter(client.goes)) {
        const title = `${road.tls}, ${road.mode}, ${road.host}`;
        it(`${client.put ? 'sends and fetches' : 'fetches'} the bytes that were there: ${title}`, async () => {
          client.require(road);
          const { docs, ports } = serverAt(road.host);
          const whole = { ...road, port: ports[road.tls], authority: join(folder, 'certificate.pem') };
          const near = mkdtempSync(join(folder, 'near-'));
          const name = 'größe 1.bin';
          const far = join(docs, name);
          rmSync(far, { force: true });
          if (client.put) {
            writeFileSync(join(near, 'sent'), CONTENT);
            await runClient(client.put(whole, join(near, 'sent'), name), near);
            expect(digest(far))
              .withContext('as it arrived')
              .toBe(digest(join(near, 'sent')));
          } else writeFileSync(far, CONTENT);
          await runClient(client.get(whole, name, join(near, 'fetched')), near);
          expect(digest(join(near, 'fetched')))
            .withContext('as it came back')
            .toBe(digest(far));
        });
      }
    });
  }
});

interface DemoServer {
  readonly program: RunningProgram;
  /** The home of the demo's user. */
  readonly docs: string;
  readonly ports: Readonly<Record<Road['tls'], number>>;
}

/** A server as the demo has it, with the certificate in the folder. */
async function startDemo(folder: string, host: string): Promise<DemoServer> {
  const data = mkdtempSync(join(folder, 'data-'));
  const tls = ['--tls-cert', join(folder, 'certificate.pem'), '--tls-key', join(folder, 'key.pem')];
  const settings = ['--listen', host, '--port', '0', '--tls-implicit-port', '0', ...tls];
  const { status, stderr } = await new RunningProgram(SCRIPT, { args: ['init', '--demo', '--data', data, ...settings] })
    .ended;
  if (status !== 0) throw new Error(stderr);
  const program = new RunningProgram(SCRIPT, { args: ['start', '--data', data] });
  const [, port] = await program.waitForLine(/^MiniFTP listens on .+:(\d+)$/);
  const [, implicit] = await program.waitForLine(/^MiniFTP listens on .+:(\d+), with TLS from the first byte$/);
  const ports = { plain: Number(port), explicit: Number(port), implicit: Number(implicit) };
  return { program, docs: join(data, 'docs', 'zhangsan'), ports };
}

function allRoads(): readonly Road[] {
  const login = { user: 'zhangsan', password: '123', port: 0, authority: '' };
  return hosts.flatMap((host) =>
    (['passive', 'active'] as const).flatMap((mode) =>
      (['plain', 'explicit', 'implicit'] as const).map((tls) => ({ host, mode, tls, ...login })),
    ),
  );
}

function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
