import { readdirSync } from 'node:fs';
import { openTransport } from '../../lib/mirror/open-transport.ts';
import type { MirrorParameters } from '../../lib/mirror/parameters.ts';
import { type EmbeddedServer, startEmbeddedServer } from '../support/embedded-server.ts';
import { plainParameters } from '../support/mirror-parameters.ts';

describe('openTransport', () => {
  let far: EmbeddedServer;

  beforeEach(async () => {
    far = await startEmbeddedServer();
  });
  afterEach(() => far.stop());

  function open(changes: Partial<MirrorParameters>) {
    const parameters = plainParameters('/nowhere', { site: { ...far.site, directory: 'site' }, ...changes });
    return openTransport(parameters, { site: parameters.site, localRoot: parameters.localDirectory });
  }

  const table: readonly { multi: MirrorParameters['multi']; who: string; worker: RegExp }[] = [
    { multi: { kind: '1', count: 1 }, who: 'one connection', worker: /^connection 1$/ },
    { multi: { kind: 'A', count: 1 }, who: 'connections of this process', worker: /^connection \d+$/ },
    { multi: { kind: 'T', count: 1 }, who: 'threads', worker: /^thread \d+$/ },
    { multi: { kind: 'P', count: 1 }, who: 'child processes', worker: /^(?!0)\d+$/ },
  ];
  for (const { multi, who, worker } of table) {
    it(`gives ${who} for --multi ${multi.kind}`, async () => {
      const transport = await open({ multi });
      const workers: string[] = [];
      transport.events.on('end', (end) => workers.push(end.worker));
      try {
        await transport.connect();
        await transport.mkdir('a');
      } finally {
        await transport.disconnect();
      }
      expect(workers).toEqual([jasmine.stringMatching(worker)]);
      expect(workers).not.toEqual([String(process.pid)]);
      expect(readdirSync(far.dataFolder, { recursive: true })).toEqual(['site', 'site/a']);
    });
  }

  it('spreads --connections over the child processes', async () => {
    const transport = await open({ multi: { kind: 'P', count: 2 }, connections: 6 });
    const workers = new Set<string>();
    transport.events.on('end', ({ worker }) => workers.add(worker));
    try {
      await transport.connect();
      await Promise.all([...Array(200).keys()].map((number) => transport.mkdir(`d${number}`)));
    } finally {
      await transport.disconnect();
    }
    const lanes = [...workers].map((worker) => worker.split('/'));
    expect(new Set(lanes.map(([child]) => child)).size).toBe(2);
    expect(lanes.map(([, lane]) => lane).sort()).toEqual(['1', '1', '2', '2', '3', '3']);
  });

  it('begins in one child process where nobody chose a number', async () => {
    const transport = await open({ multi: { kind: 'P', count: 2, grows: true }, connections: 'growing' });
    const workers = new Set<string>();
    transport.events.on('end', ({ worker }) => workers.add(worker));
    try {
      await transport.connect();
      await Promise.all([...Array(20).keys()].map((number) => transport.mkdir(`d${number}`)));
    } finally {
      await transport.disconnect();
    }
    expect([...workers].sort()).toEqual([jasmine.stringMatching(/\/1$/), jasmine.stringMatching(/\/2$/)]);
    expect(new Set([...workers].map((worker) => worker.split('/')[0])).size).toBe(1);
  });

  it('begins in one child process, with all connections, where only their number was chosen', async () => {
    const transport = await open({ multi: { kind: 'P', count: 2, grows: true }, connections: 3 });
    const workers = new Set<string>();
    transport.events.on('end', ({ worker }) => workers.add(worker));
    try {
      await transport.connect();
      await Promise.all([...Array(60).keys()].map((number) => transport.mkdir(`d${number}`)));
    } finally {
      await transport.disconnect();
    }
    expect([...workers].map((worker) => worker.split('/')[1]).sort()).toEqual(['1', '2', '3']);
    expect(new Set([...workers].map((worker) => worker.split('/')[0])).size).toBe(1);
  });

  it('connects to nothing before it is asked to', async () => {
    const transport = await open({ multi: { kind: 'A', count: 4 }, site: { ...far.site, port: 1 } });
    await transport.disconnect();
    expect(readdirSync(far.dataFolder)).toEqual([]);
  });

  it('makes no folder on the site in a dry run', async () => {
    const transport = await open({ dryRun: true });
    await transport.connect();
    await transport.disconnect();
    expect(readdirSync(far.dataFolder)).toEqual([]);
  });
});
