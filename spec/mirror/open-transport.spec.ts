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
      const transport = open({ multi });
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

  it('connects to nothing before it is asked to', async () => {
    await open({ multi: { kind: 'A', count: 4 }, site: { ...far.site, port: 1 } }).disconnect();
    expect(readdirSync(far.dataFolder)).toEqual([]);
  });

  it('makes no folder on the site in a dry run', async () => {
    const transport = open({ dryRun: true });
    await transport.connect();
    await transport.disconnect();
    expect(readdirSync(far.dataFolder)).toEqual([]);
  });
});
