import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { shareQuestions } from '../../support/share/share-questions.ts';
import { shareScenes } from '../../support/share/share-scene.ts';
import { untilTrue } from '../../support/share/until.ts';

// For root the rights of files count only without these.
const SETPRIV = '/usr/bin/setpriv';
const AS_OTHERS = `set -- ${SETPRIV} --bounding-set=-dac_override,-dac_read_search "$@"`;

describe('share, about what it does not share', () => {
  const scenes = shareScenes();
  const { ask, statusWhen } = shareQuestions();

  it('tells how many entries it leaves out for each reason, each once in the log, and shares what may be read', async () => {
    if (process.getuid?.() === 0 && !existsSync(SETPRIV)) pending('root may read everything, and there is no setpriv');
    const scene = await scenes(2);
    const peer = scene.peer(0);
    writeFileSync(peer.at('secret'), 'text');
    chmodSync(peer.at('secret'), 0);
    execFileSync('mkfifo', [peer.at('pipe')]);
    writeFileSync(Buffer.concat([Buffer.from(peer.at('bad')), Buffer.from([0xff])]), '');
    const server = createServer().listen(peer.at('socket'));
    await once(server, 'listening');
    try {
      await scene.start(0, process.getuid?.() === 0 ? { before: AS_OTHERS } : {});
      await scene.start(1);
      await statusWhen(peer, ({ leftOut }) => leftOut.length === 3);
      const { stdout } = await ask(peer, 'status');
      expect(stdout).toContain(' : 1 entry, it cannot be read: there is no permission: secret\n');
      expect(stdout).toMatch(/ : 2 entries, it is a pipe, a socket or a device: (pipe, socket|socket, pipe)\n/);
      expect(stdout).toContain(' : 1 entry, its name is not valid UTF-8: bad\\xFF\n');
      // It is looked at again: to its owner it still says nothing.
      chmodSync(peer.at('secret'), 0o004);
      writeFileSync(peer.at('other'), 'text');
      await untilTrue(
        () => existsSync(scene.peer(1).at('other')),
        20_000,
        () => scene.log,
      );
      expect(peer.log.match(/Left out : secret, it cannot be read: there is no permission\n/g)?.length).toBe(1);
      chmodSync(peer.at('secret'), 0o644);
      await statusWhen(peer, ({ leftOut }) => leftOut.length === 2);
      await untilTrue(
        () => existsSync(scene.peer(1).at('secret')),
        20_000,
        () => scene.log,
      );
    } finally {
      server.close();
    }
  });
});
