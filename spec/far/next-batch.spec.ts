import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TalkToFtpMulti } from '../../lib/far/talk-to-ftp-multi.ts';
import { openTransferPool } from '../../lib/far/transfer-pool.ts';
import { ScriptedServer } from '../support/scripted-server.ts';
import { talkRules } from '../support/talk-rules.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FILES = 60;

describe('a worker that gets its next batch before it is done with the last one', () => {
  const near = temporaryFolder();

  it('sends the files of all of them in one pipeline, which is finished once', async () => {
    const server = await ScriptedServer.start();
    const talk = new TalkToFtpMulti({ site: server.site, rules: talkRules }, openTransferPool('A', 1));
    try {
      await Promise.all(
        [...Array(FILES).keys()].map((index) => {
          const path = `f${index}`;
          const source = join(near(), path);
          writeFileSync(source, path);
          utimesSync(source, 1_600_000_000, 1_600_000_000);
          return talk.upload({ path, source, size: path.length, mtimeMs: 1_600_000_000_000 });
        }),
      );
    } finally {
      await talk.disconnect();
      await server.stop();
    }
    const verbs = server.verbs.join(' ');
    expect(server.files.size).toBe(FILES);
    // The first file shows how the server is; then each is announced with the steps of those before, up to the last.
    expect(verbs.match(/RNTO SIZE MFMT EPSV STOR/g)).toHaveSize(FILES - 3);
    expect(verbs.match(/RNTO SIZE MFMT RNFR/g)).toHaveSize(1);
  });
});
