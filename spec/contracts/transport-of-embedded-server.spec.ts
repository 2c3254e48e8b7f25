import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TalkToFtp } from '../../lib/far/talk-to-ftp.ts';
import { TalkToFtpMulti } from '../../lib/far/talk-to-ftp-multi.ts';
import type { Errand } from '../../lib/far/transfer-jobs.ts';
import { openTransferPool, type PoolKind } from '../../lib/far/transfer-pool.ts';
import { startEmbeddedServer } from '../support/embedded-server.ts';
import { talkRules } from '../support/talk-rules.ts';
import { itKeepsThePromisesOfATransport } from './transport.ts';
import type { Opened } from './transport-rig.ts';

async function open(talkTo: (errand: Errand) => TalkToFtp): Promise<Opened> {
  const { server, site, dataFolder, stop } = await startEmbeddedServer();
  const commands: string[] = [];
  server.events.on('requestReceived', ({ verb, argument }) => commands.push(`${verb} ${argument}`));
  mkdirSync(join(dataFolder, 'far'));
  const transport = talkTo({ site: { ...site, directory: 'far' }, rules: talkRules });
  await transport.connect();
  return { transport, far: join(dataFolder, 'far'), commands, stop };
}

describe('TalkToFtp on our own server', () => {
  itKeepsThePromisesOfATransport(() => open((errand) => new TalkToFtp(errand)));
});

const pools: readonly (readonly [PoolKind, number, children?: number])[] = [
  ['P', 2],
  ['P', 4, 1],
  ['T', 2],
  ['T', 3, 1],
  ['A', 2],
];
for (const [kind, size, children = size] of pools) {
  describe(`TalkToFtpMulti with ${size} connections in ${kind}${children} on our own server`, () => {
    itKeepsThePromisesOfATransport(() =>
      open((errand) => new TalkToFtpMulti(errand, openTransferPool(kind, size, children))),
    );
  });
}
