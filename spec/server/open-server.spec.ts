import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { AccountFile } from '../../lib/accounts/account-file.ts';
import { dataFolderAt } from '../../lib/accounts/data-folder.ts';
import { PasswordHasher } from '../../lib/accounts/password.ts';
import { systemClock } from '../../lib/base/clock.ts';
import { openServer } from '../../lib/server/open-server.ts';
import { readServerParameters } from '../../lib/server/server-parameters.ts';
import { systemSurroundings } from '../../lib/server/server-surroundings.ts';
import { ControlLine } from '../support/control-line.ts';
import { type RecordingLogger, recordingLogger } from '../support/recording-logger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const surroundings = { ...systemSurroundings(), environment: {}, clock: systemClock };

describe('openServer', () => {
  const folder = temporaryFolder();
  let logger: RecordingLogger;
  beforeEach(() => {
    logger = recordingLogger();
  });

  /** Open one with some words more on its command line. @returns what ends it, and where it listens */
  async function opened(...words: readonly string[]) {
    const data = dataFolderAt(folder());
    for (const path of [data.docs, data.log]) mkdirSync(path);
    writeFileSync(data.configFile, '{ "port": 0 }');
    const hasher = new PasswordHasher(1);
    await AccountFile.create(data, { name: 'admin', password: 'password' }, hasher);
    const accounts = await AccountFile.open(data, { hasher });
    const readAgain = () => readServerParameters(['--data', data.root, ...words], surroundings);
    const read = await readAgain();
    if (read.kind !== 'parameters') throw new Error(`Read ${read.kind}`);
    const { parameters } = read;
    const server = await openServer({ parameters, accounts, logger, surroundings, readAgain });
    const stop = async () => {
      await server.stop(0);
      await server.close();
      await accounts.close();
    };
    return { data, live: server.live, port: Number(server.where[0]?.split(':')[1]), stop };
  }

  it('serves also where it cannot see what is left of users who were removed, and says so', async () => {
    const docs = dataFolderAt(folder()).docs;
    spyOn(logger, 'info').and.callFake((message) => {
      // The disk goes away in this moment.
      if (message.startsWith('Listening')) renameSync(docs, `${docs}-elsewhere`);
    });
    const { port, stop } = await opened();
    const line = await ControlLine.to(port);
    line.close();
    await stop();
    expect(logger.lines).toContain(jasmine.stringMatching(/^warn Not cleared away : ENOENT/));
  });

  it('goes by what it reads again, and names what waits for the next start', async () => {
    const { data, live, port, stop } = await opened();
    writeFileSync(data.configFile, '{ "port": 0, "greeting": "Another one", "log-utc": true }');
    expect(await live.reload()).toEqual([]);
    const line = await ControlLine.to(port);
    line.close();
    writeFileSync(data.configFile, '{ "port": 0, "greeting": "Another one", "log-utc": true, "tls-require": true }');
    expect(await live.reload()).toEqual(['--tls-require needs a certificate: give it with --tls-cert']);
    writeFileSync(data.configFile, '{ "max-sessions": 0 }');
    expect((await live.reload()).length).toBe(1);
    await stop();
    expect(logger.lines.filter((text) => /read again/i.test(text))).toEqual([
      'info Read again : conf.json holds now, but log-utc from the next start on',
      'error Not read again : --tls-require needs a certificate: give it with --tls-cert',
      jasmine.stringMatching(/^error Not read again : max-sessions in /),
    ]);
  });
});
