import { randomBytes } from 'node:crypto';
import { chownSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobEnd } from '../../lib/transfer/progress.ts';
import { requireServer } from '../support/foreign-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { sharedTlsServer, talkTo, tlsServers } from './tls-scene.ts';

const SIZE = 9 * 1024 * 1024;
const THERE = 5 * 1024 * 1024;

for (const [kind, protocol] of tlsServers) {
  describe(`an upload that broke off, with TLS, to ${kind} (${protocol})`, () => {
    const near = temporaryFolder();
    const server = sharedTlsServer(kind, protocol);

    it('is gone on with', async () => {
      requireServer(kind);
      const { site, ca, foreign } = server();
      const far = join(foreign.dataFolder, 'far');
      const source = join(near(), 'source');
      const content = randomBytes(SIZE);
      writeFileSync(source, content);
      const upload = { path: 'file', source, size: SIZE, mtimeMs: Math.floor(statSync(source).mtimeMs) };
      const talk = talkTo(site, { ca });
      const ends: JobEnd[] = [];
      talk.events.on('end', (end) => ends.push(end));
      try {
        await talk.connect();
        const temporary = join(far, talk.temporaryOf(upload));
        writeFileSync(temporary, content.subarray(0, THERE));
        const { uid, gid } = statSync(far);
        chownSync(temporary, uid, gid);
        await talk.upload(upload);
      } finally {
        await talk.disconnect();
      }
      expect(ends[0]?.resumedAt).toBeGreaterThanOrEqual(THERE - 1024 * 1024);
      expect(readdirSync(far)).toEqual(['file']);
      expect(readFileSync(join(far, 'file')).equals(content)).toBeTrue();
    });
  });
}
