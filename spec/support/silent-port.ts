import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

// Its thread stands still as soon as it listens, so that nobody ever takes a connection out of the queue.
const LISTENER = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;

/** A port of 127.0.0.1 that answers nothing, not even that nobody is there: as one behind a firewall that drops. */
export class SilentPort {
  readonly port: number;
  readonly #worker: Worker;
  readonly #queue: readonly Socket[];

  private constructor(port: number, worker: Worker, queue: readonly Socket[]) {
    this.port = port;
    this.#worker = worker;
    this.#queue = queue;
  }

  static async open(): Promise<SilentPort> {
    const worker = new Worker(LISTENER, { eval: true });
    const [port] = (await once(worker, 'message')) as [number];
    // A backlog of one holds two; Linux drops whoever knocks after them.
    const queue = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    for (const socket of queue) socket.on('error', () => undefined);
    await Promise.all(queue.map((socket) => once(socket, 'connect')));
    return new SilentPort(port, worker, queue);
  }

  async close(): Promise<void> {
    for (const socket of this.#queue) socket.destroy();
    await this.#worker.terminate();
  }
}
