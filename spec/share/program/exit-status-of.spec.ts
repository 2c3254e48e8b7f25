import { CodedError } from '../../../lib/base/coded-error.ts';
import { exitStatus } from '../../../lib/base/exit-status.ts';
import { LockError } from '../../../lib/base/file-lock.ts';
import { JournalError } from '../../../lib/base/journal.ts';
import { ShareDiskError } from '../../../lib/share/disk/share-disk-error.ts';
import { exitStatusOf } from '../../../lib/share/exit-status-of.ts';
import { LinkError } from '../../../lib/share/link/link-error.ts';

const { busy, fault, guard, someFailed, unreachable, usage } = exitStatus;

describe('The exit status of share', () => {
  const full = { retry: true };
  for (const [what, error, status] of [
    ['nobody can listen there', new LinkError('E_PORT', 'm'), unreachable],
    ['another one runs', new LockError('E_LOCKED', 'm', { retry: true }), busy],
    ['the lock cannot be made', new LockError('E_LOCK_FILE', 'm'), usage],
    ['the lock has no room', new LockError('E_LOCK_FILE', 'm', full), someFailed],
    ['the identity cannot be used', new LinkError('E_IDENTITY', 'm'), usage],
    ['the identity has no room', new LinkError('E_IDENTITY', 'm', full), someFailed],
    ['the peers cannot be read', new LinkError('E_PEERS_FILE', 'm'), usage],
    ['the journal cannot be opened', new JournalError('E_JOURNAL_OPEN', 'm'), usage],
    ['the journal has no room', new JournalError('E_JOURNAL_OPEN', 'm', full), someFailed],
    ['the journal cannot be written', new JournalError('E_JOURNAL_WRITE', 'm'), someFailed],
    ['a folder cannot be used', new ShareDiskError('E_SHARE_FOLDER', 'm'), usage],
    ['a folder has no room', new ShareDiskError('E_SHARE_FOLDER', 'm', full), someFailed],
    ['the share is gone', new ShareDiskError('E_SHARE_GONE', 'm'), guard],
    ['a share that runs does not answer', new CodedError('E_CONTROL', 'm', full), unreachable],
    ['the program is at fault', new TypeError('m'), fault],
  ] as const) {
    it(`is ${status} where ${what}`, () => {
      expect(exitStatusOf(error)).toBe(status);
    });
  }
});
