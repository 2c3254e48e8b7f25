import { itSendsWhatIsMissing } from '../faults/cut-upload.ts';

const PATIENCE_MS = 600_000;

describe('a very large upload', () => {
  for (const kind of ['embedded', 'program', 'vsftpd'] as const) {
    itSendsWhatIsMissing({ kind, mib: 1024, cuts: 5 }, PATIENCE_MS);
  }
});
