import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { formatExtendedPort, formatPort } from '../../lib/ftp/address.ts';
import { TlsIdentity } from '../../lib/server/tls-identity.ts';
import { certificate } from '../support/certificate.ts';
import { ControlLine, secureData } from '../support/control-line.ts';
import { servedFolder } from '../support/ftp-server.ts';

/** Where a client waits to be called. */
class Waiting {
  readonly server: Server = createServer({ allowHalfOpen: true });
  readonly calls: Socket[] = [];

  async listen(address: string): Promise<void> {
    this.server.on('connection', (socket) => this.calls.push(socket));
    this.server.listen(0, address);
    await once(this.server, 'listening');
  }

  get place(): { address: string; port: number } {
    return this.server.address() as AddressInfo;
  }

  async call(): Promise<Socket> {
    if (this.calls.length === 0) await once(this.server, 'connection');
    const [socket] = this.calls.splice(0, 1);
    if (socket === undefined) throw new Error('Nobody called');
    return socket;
  }

  close(): void {
    for (const socket of this.calls) socket.destroy();
    this.server.close();
  }
}

describe('RFC 959 section 4.1.2, PORT, and RFC 2428 section 2, EPRT:', () => {
  const served = servedFolder(() => ({ tls: { identity: new TlsIdentity(certificate()) } }));
  let client: Waiting;
  beforeEach(async () => {
    client = new Waiting();
    await client.listen('127.0.0.1');
  });
  afterEach(() => client.close());

  for (const [verb, format] of [
    ['PORT', formatPort],
    ['EPRT', formatExtendedPort],
  ] as const) {
    it(`${verb} carries files and listings both ways, one connection for each`, async () => {
      const line = await served().session();
      expect(await line.code(`${verb} ${format(client.place)}`)).toBe(200);
      expect(await line.code('STOR a')).toBe(150);
      const sending = await client.call();
      expect(sending.remoteAddress).toBe('127.0.0.1');
      sending.end('content');
      expect((await line.reply()).code).toBe(226);
      expect(readFileSync(join(served().home, 'a'), 'utf8')).toBe('content');
      for (const [command, content] of [
        ['RETR a', 'content'],
        ['NLST', 'a\r\n'],
      ] as const) {
        expect(await line.code(`${verb} ${format(client.place)}`)).toBe(200);
        expect(await line.code(command)).toBe(150);
        expect(await textOf(await client.call())).toBe(content);
        expect((await line.reply()).code).toBe(226);
      }
    });
  }

  it('nobody is called before the transfer, and what is refused calls nobody', async () => {
    const line = await served().session();
    await line.ask(`PORT ${formatPort(client.place)}`);
    expect(await line.code('RETR missing')).toBe(550);
    expect(await line.code('NOOP')).toBe(200);
    expect(client.calls.length).toBe(0);
  });

  it('hold for one transfer', async () => {
    const line = await served().session();
    await line.ask(`PORT ${formatPort(client.place)}`);
    expect(await line.code('NLST')).toBe(150);
    await textOf(await client.call());
    await line.reply();
    expect(await line.code('NLST')).toBe(425);
  });

  it('the last of PORT and EPSV counts', async () => {
    const line = await served().session();
    await line.passivePort();
    await line.ask(`PORT ${formatPort(client.place)}`);
    expect(await line.code('NLST')).toBe(150);
    expect(await textOf(await client.call())).toBe('');
    await line.reply();
    await line.ask(`PORT ${formatPort(client.place)}`);
    await line.upload('STOR a', 'x');
    expect(client.calls.length).toBe(0);
  });

  it('a client that does not answer there is told 425', async () => {
    const line = await served().session();
    const { place } = client;
    client.close();
    await once(client.server, 'close');
    await line.ask(`PORT ${formatPort(place)}`);
    expect(await line.code('NLST')).toBe(150);
    expect((await line.reply()).code).toBe(425);
    expect(await line.code('NOOP')).toBe(200);
  });

  it('ABOR ends a transfer over such a connection, too', async () => {
    writeFileSync(join(served().home, 'a'), Buffer.alloc(20_000_000));
    const line = await served().session();
    await line.ask(`PORT ${formatPort(client.place)}`);
    expect(await line.code('RETR a')).toBe(150);
    (await client.call()).pause();
    line.send('ABOR\r\n');
    expect(await line.codes(2)).toEqual([426, 226]);
  });

  it('with PROT P the client begins the handshake, although it was called (RFC 4217 section 7)', async () => {
    const line = await served().line();
    await line.startTls();
    await line.logIn();
    await line.ask('PBSZ 0');
    await line.ask('PROT P');
    await line.ask(`PORT ${formatPort(client.place)}`);
    expect(await line.code('STOR a')).toBe(150);
    (await secureData(await client.call(), await line.tlsSession())).end('secret');
    expect((await line.reply()).code).toBe(226);
    expect(readFileSync(join(served().home, 'a'), 'utf8')).toBe('secret');
  });

  const refusals: readonly (readonly [string, number])[] = [
    ['PORT', 501],
    ['PORT x', 501],
    ['PORT 127,0,0,1,200', 501],
    ['PORT 127,0,0,1,256,1', 501],
    ['EPRT', 501],
    ['EPRT |1|127.0.0.1|', 501],
    ['EPRT |1|127.0.0.1|99999|', 501],
    ['EPRT |1|localhost|2000|', 501],
    ['EPRT ||127.0.0.1|2000|', 501],
    ['EPRT |x|127.0.0.1|2000|', 501],
    ['EPRT |2|::1|2000|', 522],
    ['EPRT |3|x|2000|', 522],
  ];
  for (const [command, code] of refusals) {
    it(`${command} is answered ${code}`, async () => {
      const reply = await (await served().session()).ask(command);
      expect(reply.code).toBe(code);
      if (code === 522) expect(reply.lines[0]).toContain('(1)');
    });
  }
});

describe('EPRT over IPv6', () => {
  const served = servedFolder(() => ({ address: '::1' }));

  it('calls the client, however its address is written or whether it is, and knows no other family', async () => {
    const client = new Waiting();
    await client.listen('::1');
    const line = await ControlLine.to(served().port, '::1');
    await line.logIn();
    for (const address of ['0:0:0:0:0:0:0:1', '::']) {
      expect(await line.code(`EPRT |2|${address}|${client.place.port}|`)).toBe(200);
      expect(await line.code('NLST')).toBe(150);
      expect(await textOf(await client.call())).toBe('');
      expect((await line.reply()).code).toBe(226);
    }
    expect(await line.code('EPRT |1|127.0.0.1|2000|')).toBe(522);
    expect(await line.code('PORT 127,0,0,1,200,1')).toBe(501);
    line.close();
    client.close();
  });
});

describe('A server that calls nobody', () => {
  const served = servedFolder(() => ({ allowsActive: false }));

  it('answers PORT and EPRT with 502 and does not tell of EPRT', async () => {
    const line = await served().session();
    expect(await line.code('PORT 127,0,0,1,200,1')).toBe(502);
    expect(await line.code('EPRT |1|127.0.0.1|51201|')).toBe(502);
    expect((await line.ask('FEAT')).lines).not.toContain(' EPRT');
    await line.upload('STOR a', 'x');
  });
});

async function textOf(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
