import { expectNothingLost, killSeed } from '../support/faults/kill-spec.ts';
import { startMortalEmbedded } from '../support/faults/mortal-server.ts';

const PATIENCE_MS = 240_000;

describe(`the mirror of 2,000 files, with KILL_SEED=${killSeed},`, () => {
  it(
    'goes on where it stopped after kill -9 of itself, a child and the server at 20 moments',
    async () => {
      await expectNothingLost({ kills: 20, seed: killSeed, files: 2000 }, startMortalEmbedded);
    },
    PATIENCE_MS,
  );
});
