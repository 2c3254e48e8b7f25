import type { Doing } from './doing.ts';
import { farError } from './far-error.ts';
import { done } from './far-reply.ts';
import { type FtpConnection, MOST_IN_FLIGHT } from './ftp-connection.ts';
import { isRareName } from './kept-name.ts';
import type { DoneTogether, TakeFront } from './together.ts';
import type { TransferJob } from './transfer-jobs.ts';

const COMMANDS = { mkdir: 'MKD', rmdir: 'RMD' } as const;

/** A job that one command does, if the server is content. */
type Change = TransferJob & { readonly kind: keyof typeof COMMANDS };

/** Is a job one for {@link changeTogether}? Names of a rare kind want a look at how the server takes them. */
export function isChange(job: TransferJob | undefined): job is Change {
  return job !== undefined && job.kind in COMMANDS && !isRareName(job.path);
}

/**
 * Make or remove folders, many in one flight: none of the commands needs a data connection. What is refused is left: a
 * refusal may mean that it was done already.
 */
export async function changeTogether(
  take: TakeFront<Change>,
  connection: FtpConnection,
  { session, settle }: Doing,
): Promise<DoneTogether> {
  const begun = take(MOST_IN_FLIGHT).map((job) => ({ job, report: session.report(job) }));
  try {
    const replies = await connection.flight(
      begun.map(({ job: { kind, path } }) => `${COMMANDS[kind]} ${connection.absolute(path)}`),
    );
    const isDone = (index: number) => done(replies[index] ?? { code: 0, message: '' });
    for (const [index, { job, report }] of begun.entries()) {
      if (!isDone(index)) continue;
      report.end();
      settle(job.job, { ok: true, value: null });
    }
    return { left: begun.filter((_job, index) => !isDone(index)) };
  } catch (error) {
    const broken = { jobs: begun, error: farError('Cannot change the site', error) };
    return { left: [], broken };
  }
}
