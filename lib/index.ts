// The package's public face: what is not named here may change from one version to the next without a word.

// Who may log in to the embedded server.
export type { Account, Permission } from './accounts/account.ts';
export { type AccountStore, MemoryAccountStore } from './accounts/account-store.ts';
export { PasswordHasher } from './accounts/password.ts';

// Words every part uses.
export { type Clock, systemClock } from './base/clock.ts';
export { CodedError, type CodedErrorOptions, type PlainError } from './base/coded-error.ts';
export { LockError, type LockErrorCode } from './base/file-lock.ts';
export { JournalError, type JournalErrorCode } from './base/journal.ts';
export type { LogFormat, LogLevel } from './base/log-words.ts';
export {
  type LogFacts,
  type Logger,
  type LoggerOptions,
  openLogger,
} from './base/logger.ts';
// The embedded server.
export type { BanView, SessionView } from './control/live-server.ts';
// FTP as a far side: one connection, or a pool of workers.
export { type TalkSurroundings, TalkToFtp } from './far/talk-to-ftp.ts';
export { TalkToFtpMulti } from './far/talk-to-ftp-multi.ts';
export type {
  Errand,
  JobNumbers,
  Outcome,
  TalkRules,
  TransferBatch,
  TransferEvent,
  TransferJob,
  TransferJobs,
  TransferPool,
  TransferValue,
  TransferValues,
} from './far/transfer-jobs.ts';
export { openTransferPool, type PoolKind } from './far/transfer-pool.ts';
// What lies on disk, and what of it is left out.
export { Directory } from './files/directory.ts';
export { File } from './files/file.ts';
export { FilesError, type FilesErrorCode } from './files/files-error.ts';
export { type EntryKind, type Filter, type FilterOptions, makeFilter } from './files/filter.ts';
export { combinePatterns, type Pattern, type PatternSources, parsePattern, parsePatterns } from './files/pattern.ts';
export type { LinkPolicy } from './files/visit.ts';
// Where a far side is.
export type { Site, SiteProtocol } from './ftp/site.ts';
// What a pool of workers can do for its owner.
export type { ArgumentOf, JobContract, JobPool, ResultOf } from './pool/jobs.ts';
export type { AdmissionRules } from './server/admission/admission-rules.ts';
export { type ChangeableOptions, FtpServer, type FtpServerOptions, type TlsOptions } from './server/ftp-server.ts';
export { defaultLimits, type SessionLimits } from './server/limits.ts';
export type { PortRange } from './server/passive-ports.ts';
export type { TlsSettings } from './server/security.ts';
export type { FtpServerEvents, SessionInfo, TransferEnd } from './server/session-events.ts';
export { TlsIdentity, type TlsPem } from './server/tls-identity.ts';

// Two sides kept equal, cycle after cycle.
export {
  type CycleSummary,
  describeSummary,
  isComplete,
} from './sync/cycle-summary.ts';
export { DirectoryManager, type DirectoryManagerOptions } from './sync/directory-manager.ts';
export { type DeleteLimit, GuardError, type GuardErrorCode, type GuardRules } from './sync/guards.ts';
export type { NearSideOptions } from './sync/near-side.ts';
export { type Pair, pairIdOf } from './sync/pair.ts';
export { PairJournal } from './sync/pair-journal.ts';
export type { Version } from './sync/pair-state.ts';
export type { Plan, Step } from './sync/plan.ts';

// What any far side must be able to do, and what it tells.
export type { JobEnd, JobKind, JobProgress, JobStart, TransferEvents, TransferNote } from './transfer/progress.ts';
export {
  type PlainTransferError,
  TransferError,
  type TransferErrorCode,
  type TransferErrorOptions,
} from './transfer/transfer-error.ts';
export type { Download, Downloaded, FarEntry, Survey, Transport, Upload, Uploaded } from './transfer/transport.ts';
