import { requireServer } from '../support/foreign-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { sendAll, sharedTlsServer, talkTo, tlsServers } from './tls-scene.ts';

const LONG_WAIT_MS = 60_000;
// Several for each connection, a large one among them; the listing is one more transfer.
const SIZES = [0, 1, 70_000, 0, 2_000_000, 12, 0, 300_000];

// What they write for each data connection that took up a session.
const RESUMED = {
  vsftpd: /, reused, no cert/g,
  proftpd: /client reused TLS session for data connection/g,
};

const MODES = [
  ['TLSv1.2', '1'],
  ['TLSv1.2', 'P'],
  ['TLSv1.3', '1'],
  ['TLSv1.3', 'A'],
  ['TLSv1.3', 'T'],
  ['TLSv1.3', 'P'],
] as const;

for (const [kind, protocol] of tlsServers) {
  if (kind === 'pure-ftpd') continue;
  describe(`where ${kind} demands that data connections take up the session of ${protocol}`, () => {
    const near = temporaryFolder();
    const server = sharedTlsServer(kind, protocol);

    beforeEach(() => {
      requireServer(kind);
    });

    for (const [maxVersion, pool] of MODES) {
      it(
        `all of them do, with ${maxVersion} and ${pool === '1' ? 'one connection' : `--multi ${pool}2`}`,
        async () => {
          const resumed = () => server().foreign.log().match(RESUMED[kind])?.length ?? 0;
          const before = resumed();
          const talk = talkTo(server().site, { ca: server().ca, maxVersion }, pool);
          const listed = await sendAll(talk, near(), SIZES);
          await talk.disconnect();
          expect(listed).toEqual(SIZES.map((size, index) => `f${index} ${size}`));
          expect(resumed() - before).toBe(SIZES.length + 1);
        },
        LONG_WAIT_MS,
      );
    }
  });
}
