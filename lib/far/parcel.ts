import type { Uploaded } from '../transfer/transport.ts';
import type { FarSession } from './far-session.ts';
import { FileSource } from './file-source.ts';
import type { FtpConnection } from './ftp-connection.ts';
import type { JobReport } from './job-report.ts';
import { versionOf } from './sending.ts';
import { Shipment, shipmentPaths } from './shipment.ts';
import type { UploadJob } from './transfer-jobs.ts';

/** A small file, read and ready to be sent. */
export interface Parcel {
  readonly job: UploadJob;
  readonly report: JobReport;
  readonly shipment: Shipment;
  readonly content: Buffer;
  /** What is sent. */
  readonly version: Uploaded;
}

/**
 * Read a file as a whole, and begin to report that it is sent.
 *
 * @throws TransferError E_CHANGED, E_SOURCE; it is reported
 */
export function pack(job: UploadJob, session: FarSession, connection: FtpConnection): Parcel {
  const report = session.report(job);
  try {
    const source = new FileSource(job.upload.source);
    try {
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
