import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireServer } from '../support/foreign-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { sharedTlsServer, talkTo, tlsServers } from './tls-scene.ts';

const MIB = 1024 * 1024;

for (const [kind, protocol] of tlsServers) {
  describe(`a download with TLS from ${kind} (${protocol})`, () => {
    const here = temporaryFolder();
    const server = sharedTlsServer(kind, protocol);

    for (const pool of ['1', 'P'] as const) {
      it(`brings files of all sizes, ${pool === '1' ? 'inline' : 'through a pool'}`, async () => {
        requireServer(kind);
        const { site, ca, foreign } = server();
        const contents = [0, 1, 65_537, 9 * MIB].map((size) => randomBytes(size));
        const talk = talkTo(site, { ca }, pool);
        try {
          await talk.connect();
          for (const [index, content] of contents.entries()) {
            writeFileSync(join(foreign.dataFolder, 'far', `f${index}`), content);
          }
          await Promise.all(
            contents.map((_, index) => talk.download({ path: `f${index}`, target: join(here(), `f${index}`) })),
          );
        } finally {
          await talk.disconnect();
        }
        for (const [index, content] of contents.entries()) {
          expect(readFileSync(join(here(), `f${index}`)).equals(content)).toBeTrue();
        }
      });
    }
  });
}
