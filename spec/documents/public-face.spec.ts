import * as filesmirror from 'filesmirror';
import { read } from './pages.ts';

describe('the public face', () => {
  it('holds these names and no others', () => {
    expect(Object.keys(filesmirror).sort()).toEqual([
      ...[
        'CodedError',
        'Directory',
        'DirectoryManager',
        'File',
        'FilesError',
        'FtpServer',
        'GuardError',
        'JournalError',
      ],
      ...[
        'LockError',
        'MemoryAccountStore',
        'PairJournal',
        'PasswordHasher',
        'TalkToFtp',
        'TalkToFtpMulti',
        'TlsIdentity',
        'TransferError',
      ],
      ...['combinePatterns', 'defaultLimits', 'describeSummary', 'isComplete', 'makeFilter', 'openLogger'],
      ...['openTransferPool', 'pairIdOf', 'parsePattern', 'parsePatterns', 'systemClock'],
    ]);
  });

  it('does nothing but name what is elsewhere', () => {
    const code = read('lib/index.ts').replace(/^\/\/ .*$/gm, '');
    expect(code.replace(/export (type )?\{[^}]*\} from '\.\/[\w/-]+\.ts';/g, '').trim()).toBe('');
  });
});
