import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TalkToFtp } from '../../lib/far/talk-to-ftp.ts';
import { TalkToFtpMulti } from '../../lib/far/talk-to-ftp-multi.ts';
import type { Errand } from '../../lib/far/transfer-jobs.ts';
import { openTransferPool } from '../../lib/far/transfer-pool.ts';
import { startFarProgram } from '../support/far-program.ts';
import { talkRules } from '../support/talk-rules.ts';
import { itKeepsThePromisesOfATransport } from './transport.ts';
import type { Opened } from './transport-rig.ts';

async function open(talkTo: (errand: Errand) => TalkToFtp): Promise<Opened> {
  const { host, port, user, password, dataFolder, stop } = await startFarProgram();
  const far = join(dataFolder, 'far');
  mkdirSync(far);
  const site = { protocol: 'ftp', host, port, user, password, directory: 'far' } as const;
  const transport = talkTo({ site, rules: talkRules });
  await transport.connect();
  return { transport, far, stop };
}

describe('TalkToFtp on the server program', () => {
  itKeepsThePromisesOfATransport(() => open((errand) => new TalkToFtp(errand)));
});

describe('TalkToFtpMulti with 4 connections in P2 on the server program', () => {
  itKeepsThePromisesOfATransport(() => open((errand) => new TalkToFtpMulti(errand, openTransferPool('P', 4, 2))));
});
