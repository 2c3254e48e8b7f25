import { chownSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TalkToFtp } from '../../lib/far/talk-to-ftp.ts';
import { TalkToFtpMulti } from '../../lib/far/talk-to-ftp-multi.ts';
import type { Errand } from '../../lib/far/transfer-jobs.ts';
import { openTransferPool } from '../../lib/far/transfer-pool.ts';
import { requireServer, type ServerKind, serverKinds, startForeignServer } from '../support/foreign-server.ts';
import { talkRules } from '../support/talk-rules.ts';
import { itKeepsThePromisesOfATransport } from './transport.ts';
import type { Opened } from './transport-rig.ts';

async function open(kind: ServerKind, talkTo: (errand: Errand) => TalkToFtp): Promise<Opened> {
  requireServer(kind);
  const { host, port, user, password, dataFolder, stop } = await startForeignServer(kind);
  const far = join(dataFolder, 'far');
  const { uid, gid } = statSync(dataFolder);
  mkdirSync(far);
  chownSync(far, uid, gid);
  const site = { protocol: 'ftp', host, port, user, password, directory: 'far' } as const;
  const transport = talkTo({ site, rules: talkRules });
  await transport.connect();
  return { transport, far, stop };
}

// ProFTPD makes no folder whose name could be a pattern; Pure-FTPd neither likes backslashes nor sees blanks at the end.
const refuses: Readonly<Record<ServerKind, readonly string[]>> = {
  vsftpd: [],
  proftpd: ['patterns'],
  'pure-ftpd': ['a backslash', 'a trailing blank', 'control characters'],
};

for (const kind of serverKinds) {
  const shortcomings = { refuses: refuses[kind] };

  describe(`TalkToFtp on ${kind}`, () => {
    itKeepsThePromisesOfATransport(() => open(kind, (errand) => new TalkToFtp(errand)), shortcomings);
  });

  describe(`TalkToFtpMulti with 4 connections in P2 on ${kind}`, () => {
    const talkTo = (errand: Errand) => new TalkToFtpMulti(errand, openTransferPool('P', 4, 2));
    itKeepsThePromisesOfATransport(() => open(kind, talkTo), shortcomings);
  });
}
