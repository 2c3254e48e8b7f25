import { once } from 'node:events';
import { connect } from 'node:tls';
import { TlsIdentity } from '../../lib/server/tls-identity.ts';
import { certificate } from '../support/certificate.ts';
import { servedFolder } from '../support/ftp-server.ts';

describe('A TLS handshake of the control connection', () => {
  const served = servedFolder(() => ({
    tls: { identity: new TlsIdentity(certificate()), implicitPort: 0 },
    limits: { handshakeMs: 300 },
  }));

  /** All that is told of it until the session is over. */
  async function told(attempt: () => Promise<unknown>): Promise<readonly string[]> {
    const { events } = served().server;
    const reasons: string[] = [];
    events.on('tlsFailed', ({ session, connection, reason }) => {
      reasons.push(`${session.remoteAddress} ${connection}: ${reason}`);
    });
    const closed = once(events, 'sessionClosed');
    await attempt();
    await closed;
    return reasons;
  }

  async function begun() {
    const line = await served().line();
    await line.ask('AUTH TLS');
    return line;
  }

  it('is told of, and why, when the client speaks something else', async () => {
    const reasons = await told(async () => (await begun()).send('USER steve\r\n'));
    expect(reasons).toEqual([jasmine.stringMatching(/^127\.0\.0\.1 control: [a-z0-9 ]{5,60}$/i)]);
  });

  it('is told of when the client wants another protocol', async () => {
    const reasons = await told(async () => {
      const socket = connect({ port: served().implicitPort ?? 0, ALPNProtocols: ['h2'] });
      await new Promise((resolve) => socket.once('error', resolve));
    });
    expect(reasons).toEqual(['127.0.0.1 control: no application protocol']);
  });

  it('is told of when the client goes away', async () => {
    const reasons = await told(async () => (await begun()).socket.resetAndDestroy());
    expect(reasons).toEqual(['127.0.0.1 control: read ECONNRESET']);
  });

  it('is told of when the client closes its half', async () => {
    const reasons = await told(async () => (await begun()).socket.end());
    expect(reasons).toEqual(['127.0.0.1 control: The client has closed the connection']);
  });

  it('is told of when the client says nothing', async () => {
    const reasons = await told(() => begun());
    expect(reasons).toEqual(['127.0.0.1 control: The TLS handshake was not finished in time']);
  });

  it('is no failure when the administrator ends the session', async () => {
    const reasons = await told(async () => {
      await begun();
      served().server.kick(() => true, 'Ended');
    });
    expect(reasons).toEqual([]);
  });
});
