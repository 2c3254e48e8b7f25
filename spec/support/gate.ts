import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** A port of this machine that whoever connects to is held by, until the spec lets it go. */
export interface Gate {
  readonly port: () => number;
  /** The next one that is held, in the order of their coming. */
  readonly next: () => Promise<Socket>;
  /** Let one go. */
  readonly release: (socket: Socket) => void;
  /** The most that were held at a time. */
  readonly most: () => number;
}

/** Open a gate for each spec of the enclosing `describe`; after it, all that are held are let go. */
export function gate(): Gate {
  let server: Server;
  let open: Set<Socket>;
  let held: Set<Socket>;
  let arrived: Socket[];
  let asking: ((socket: Socket) => void)[];
  let most = 0;

  function onConnection(socket: Socket): void {
    open.add(socket);
    held.add(socket);
    most = Math.max(most, held.size);
    // A process that is killed may leave a reset behind.
    socket
      .on('error', () => undefined)
      .on('close', () => {
        open.delete(socket);
        held.delete(socket);
      });
    socket.resume();
    const ask = asking.shift();
    if (ask) ask(socket);
    else arrived.push(socket);
  }

  beforeEach(async () => {
    open = new Set();
    held = new Set();
    arrived = [];
    asking = [];
    most = 0;
    server = createServer(onConnection).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    for (const socket of open) socket.destroy();
    server.close();
    await once(server, 'close');
  });

  return {
    port: () => {
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : 0;
    },
    next: () => {
      const [socket] = arrived.splice(0, 1);
      return socket ? Promise.resolve(socket) : new Promise((resolve) => asking.push(resolve));
    },
    release: (socket) => {
      // Not held from this moment on: its end and the coming of another may be seen in either order.
      held.delete(socket);
      socket.end();
    },
    most: () => most,
  };
}
