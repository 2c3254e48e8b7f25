import type { PlainTransferError } from '../transfer/transfer-error.ts';

/**
 * What a failure means for what comes next.
 *
 * `capacity`: the server takes no more connections now; fewer workers go on · `away`: no connection can be opened, which
 * says nothing about any job; it waits · `transient`: this try of this job failed; it is tried again · `permanent`: the
 * server will never do this job · `fatal`: no connection will ever be opened as things are (a refused login, a
 * certificate that is not trusted, a far root that cannot be made); no job can be done.
 */
export type FailureClass = 'capacity' | 'away' | 'transient' | 'permanent' | 'fatal';

/** What decides it. */
type Reason = Pick<PlainTransferError, 'code' | 'retry'>;

/**
 * The class of a failure to open a connection.
 *
 * @param wasThere was one open before? Then the name and the password are good, and a refused login may pass: some
 *   servers have no other word for having no room, or lose sight of their accounts for a moment
 */
export function classOfOpening({ code, retry }: Reason, wasThere: boolean): FailureClass {
  if (code === 'E_CAPACITY') return 'capacity';
  return retry || (wasThere && code === 'E_LOGIN') ? 'away' : 'fatal';
}

/** The class of the failure of a job on a connection that was open. */
export function classOfJob({ code, retry }: Reason): FailureClass {
  if (code === 'E_CAPACITY') return 'capacity';
  return retry ? 'transient' : 'permanent';
}
