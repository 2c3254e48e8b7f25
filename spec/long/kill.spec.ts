import { expectNothingLost, killSeed } from '../support/faults/kill-spec.ts';
import { startMortalEmbedded, startMortalProgram, startMortalVsftpd } from '../support/faults/mortal-server.ts';
import { requireServer } from '../support/foreign-server.ts';

const PATIENCE_MS = 1_800_000;

describe('the mirror of 2,000 files', () => {
  it(
    'goes on where it stopped after kill -9 of itself, a child and the server at 200 moments',
    async () => {
      await expectNothingLost({ kills: 200, seed: killSeed, files: 2000 }, startMortalEmbedded);
    },
    PATIENCE_MS,
  );

  it(
    'goes on where it stopped after kill -9 of itself, a child and the server program at 60 moments',
    async () => {
      await expectNothingLost({ kills: 60, seed: killSeed, files: 2000 }, startMortalProgram);
    },
    PATIENCE_MS,
  );

  it(
    'goes on where it stopped after kill -9 of itself, a child and a session of vsftpd at 60 moments',
    async () => {
      requireServer('vsftpd');
      await expectNothingLost({ kills: 60, seed: killSeed, files: 2000 }, startMortalVsftpd);
    },
    PATIENCE_MS,
  );
});
