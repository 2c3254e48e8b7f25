import { EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { ControlConnection } from '../../lib/server/control-connection.ts';
import { defaultLimits } from '../../lib/server/limits.ts';
import type { SessionSettings } from '../../lib/server/session-settings.ts';

describe('Replies on a control connection', () => {
  let server: Server;
  let client: Socket;
  let socket: Socket;
  let control: ControlConnection;
  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    [socket] = (await once(server, 'connection')) as [Socket];
    const info = { id: 1, remoteAddress: '127.0.0.1', remotePort: 1 };
    const settings = { events: new EventEmitter(), limits: defaultLimits } as unknown as SessionSettings;
    const listeners = { onArrival: () => false, onFault: () => undefined };
    control = new ControlConnection(socket, info, settings, listeners);
  });
  afterEach(() => {
    client.destroy();
    socket.destroy();
    server.close();
  });

  it('leave in one piece when the last one is said in the same turn as the preliminary one', async () => {
    const said = text(client);
    control.reply({ code: 150, text: 'Here it comes' });
    expect(socket.bytesWritten).toBe(0);
    control.reply({ code: 226, text: 'Done' });
    expect(socket.bytesWritten).toBe('150 Here it comes\r\n226 Done\r\n'.length);
    await turn();
    socket.end();
    expect(await said).toBe('150 Here it comes\r\n226 Done\r\n');
  });

  it('do not wait for one another longer than a turn', async () => {
    control.reply({ code: 150, text: 'Send the data' });
    const [chunk] = (await once(client, 'data')) as [Buffer];
    expect(chunk.toString()).toBe('150 Send the data\r\n');
  });
});
