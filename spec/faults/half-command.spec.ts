import { once } from 'node:events';
import { chownSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ControlLine } from '../support/control-line.ts';
import { type FarSide, farSideKinds, startFarSide } from '../support/far-side.ts';

// What a server does here no client can help: faults that cut a line are others where it is the one that does it.
describe('half a command that a connection ends behind', () => {
  let far: FarSide | undefined;
  afterEach(() => far?.stop());

  for (const kind of farSideKinds) {
    const isDone = kind === 'proftpd';
    it(`is ${isDone ? 'done' : 'left alone'} by ${kind}`, async () => {
      far = await startFarSide(kind);
      const { host, port, user, password, dataFolder } = far;
      const file = join(dataFolder, 'report');
      const { uid, gid } = statSync(dataFolder);
      writeFileSync(file, 'not to be removed');
      chownSync(file, uid, gid);
      const line = await ControlLine.to(port, host);
      await line.logIn(user, password);
      const closed = once(line.socket, 'close');
      // The first half of DELE /report.old, behind which the server hangs up when it is through with it.
      line.socket.end('DELE /report');
      await closed;
      expect(existsSync(file)).toBe(!isDone);
    });
  }
});
