import type { Uploaded } from '../transfer/transport.ts';
import type { FarSession } from './far-session.ts';
import { FileSource, READ_WHOLE } from './file-source.ts';
import type { FtpConnection } from './ftp-connection.ts';
import type { JobReport } from './job-report.ts';
import { sendingRules, versionOf } from './sending.ts';
import { Shipment, shipmentPaths } from './shipment.ts';
import type { BegunJob } from './together.ts';
import type { TalkRules, UploadJob } from './transfer-jobs.ts';

/** A small file, read and ready to be sent. */
export interface Parcel {
  readonly job: UploadJob;
  readonly report: JobReport;
  readonly shipment: Shipment;
  readonly content: Buffer;
  /** What is sent. */
  readonly version: Uploaded;
}

/** Is a file read at one go, and sent from its beginning whatever is there of it? */
export function isSmall({ size }: Pick<Uploaded, 'size'>, rules: TalkRules): boolean {
  return size <= READ_WHOLE && size < sendingRules(rules).resumeAbove;
}

/**
 * Read a file as a whole, and begin to report that it is sent.
 *
 * @returns the job alone when it is no small file any more
 * @throws TransferError E_CHANGED, E_SOURCE; it is reported
 */
export function pack(job: UploadJob, session: FarSession, connection: FtpConnection): Parcel | BegunJob {
  const report = session.report(job);
  try {
    const source = new FileSource(job.upload.source);
    try {
      // It may have grown since it was scanned.
      if (!isSmall(source, session.errand.rules)) return { job, report };
      const paths = shipmentPaths(connection, session.errand.rules.pairId, job.path, source);
      const shipment = new Shipment(source, paths, session.habits.broken);
      return { job, report, shipment, content: source.content(), version: versionOf(source) };
    } finally {
      source.close();
    }
  } catch (error) {
    report.end(error);
    throw error;
  }
}
