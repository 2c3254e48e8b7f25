import { CodedError } from '../../lib/base/coded-error.ts';
import { exitStatus } from '../../lib/base/exit-status.ts';
import { LockError, type LockErrorCode } from '../../lib/base/file-lock.ts';
import { JournalError } from '../../lib/base/journal.ts';
import { FilesError, type FilesErrorCode } from '../../lib/files/files-error.ts';
import { FtpError } from '../../lib/ftp/ftp-error.ts';
import { exitStatusOf } from '../../lib/mirror/exit-status-of.ts';
import { PoolError, type PoolErrorCode } from '../../lib/pool/pool-error.ts';
import { GuardError, type GuardErrorCode } from '../../lib/sync/guards.ts';
import { TransferError, type TransferErrorCode } from '../../lib/transfer/transfer-error.ts';
import { tablesOf, textOf } from '../documents/tables.ts';

type Make = (code: string) => CodedError;

/** How an error of each class is made; what the mirror never meets is left out. */
const makers: Readonly<Record<string, Make>> = {
  CodedError: (code) => new CodedError(code, 'm'),
  FilesError: (code) => new FilesError(code as FilesErrorCode, 'm'),
  FtpError: (code) => new FtpError(code as FtpError['code'], 'm'),
  GuardError: (code) => new GuardError(code as GuardErrorCode, 'm'),
  JournalError: (code) => new JournalError(code as JournalError['code'], 'm'),
  LockError: (code) => new LockError(code as LockErrorCode, 'm'),
  PoolError: (code) => new PoolError(code as PoolErrorCode, 'm'),
  TransferError: (code) => new TransferError(code as TransferErrorCode, 'm'),
};

// The mirror has no certificate of a server and no stored password hashes, and replaces no file as the server does its own; the
// far floor turns what a pool or a text of FTP says into a TransferError. To meet one of those here is a mistake in the program.
const statuses: Readonly<Record<string, number | Readonly<Record<string, number>>>> = {
  CodedError: {
    E_CERTIFICATE: exitStatus.fault,
    E_HASH: exitStatus.fault,
    E_HASH_BUSY: exitStatus.fault,
    E_IGNORE_FILE: exitStatus.usage,
    E_LOG_FILE: exitStatus.usage,
    E_UNSYNCED: exitStatus.fault,
  },
  FilesError: exitStatus.usage,
  FtpError: exitStatus.fault,
  GuardError: exitStatus.guard,
  JournalError: { E_JOURNAL_OPEN: exitStatus.usage, E_JOURNAL_WRITE: exitStatus.someFailed },
  LockError: { E_LOCKED: exitStatus.busy, E_LOCK_FILE: exitStatus.usage },
  PoolError: exitStatus.fault,
  TransferError: exitStatus.unreachable,
};

describe('exitStatusOf', () => {
  const tables = tablesOf(textOf('docs/reference/errors.md'));

  it('is asked here for every class of errors but those of the other programs', () => {
    const ofOthers = [
      'AccountsError',
      'AdminError',
      'ClientError',
      'ControlError',
      'DeskError',
      'LinkError',
      'OperationError',
      'ReadError',
      'ServerError',
      'ShareDiskError',
      'WireError',
    ];
    const documented = [...tables.keys()].filter((name) => !ofOthers.includes(name)).sort();
    expect(Object.keys(makers).sort()).toEqual(documented);
  });

  for (const [name, make] of Object.entries(makers)) {
    for (const [code = ''] of tables.get(name) ?? []) {
      const of = statuses[name];
      const status = typeof of === 'number' ? of : of?.[code];
      it(`is ${status} for ${name} ${code}`, () => {
        expect(status).toBeDefined();
        expect(exitStatusOf(make(code))).toBe(status ?? -1);
      });
    }
  }

  for (const error of [
    new JournalError('E_JOURNAL_OPEN', 'm', { retry: true }),
    new LockError('E_LOCK_FILE', 'm', { retry: true }),
  ]) {
    it(`is that of a run worth trying again for ${error.code} on a full disk`, () => {
      expect(exitStatusOf(error)).toBe(exitStatus.someFailed);
    });
  }

  const faults: Readonly<Record<string, unknown>> = {
    'an error of the system that nobody foresaw': Object.assign(new Error('m'), { code: 'EIO' }),
    'an error without a code': new TypeError('m'),
    'what is no error': 'text',
  };
  for (const [what, error] of Object.entries(faults)) {
    it(`is that of a fault of the program for ${what}`, () => expect(exitStatusOf(error)).toBe(exitStatus.fault));
  }
});
