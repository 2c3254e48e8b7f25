import { farSideKinds } from '../support/far-side.ts';
import { itSendsWhatIsMissing } from './cut-upload.ts';

describe('a large upload', () => {
  itSendsWhatIsMissing({ kind: 'vsftpd', mib: 100, cuts: 1 });

  for (const kind of farSideKinds) itSendsWhatIsMissing({ kind, mib: 20, cuts: 1 });
});
