import type { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { LogFacts, Logger } from '../base/logger.ts';
import { bytes } from '../sync/messages.ts';
import type { JobEnd, JobKind, JobStart, TransferEvents, TransferNote } from '../transfer/progress.ts';

/** The two sides of the paths in the log. */
export interface JobLogFolders {
  /** The far folder as the user named it. */
  readonly far: string;
  /** Absolute path of the near folder. */
  readonly near: string;
}

/**
 * Log the start and the end of every job: one line each, written by this process, whoever did the work. What the far side
 * cannot do is logged once.
 *
 * The messages are those of the Python original, then what it never knew: duration, size and worker. They stand in
 * docs/reference/log-lines.md.
 */
export function logJobs(events: EventEmitter<TransferEvents>, logger: Logger, folders: JobLogFolders): void {
  events.on('start', (start) =>
    logger.info(`${STARTED[start.kind]} : ${place(start, folders)}`, factsOf('start', start)),
  );
  events.on('end', (end) => {
    const message = `${(end.error ? FAILED : ENDED)[end.kind]} : ${place(end, folders)}, ${details(end)}`;
    if (end.error) logger.warn(`${message}, ${end.error.code}`, { ...factsOf('end', end), error: end.error.code });
    else logger.info(message, factsOf('end', end));
  });
  events.on('note', (note) => logger.warn(NOTES[note], { event: 'note', note }));
}

const NOTES: Readonly<Record<TransferNote, string>> = {
  'in-place':
    'Files are written in place : the site refuses to rename some or all, so that readers may see half a file',
  'no-hash': 'Hashes are not compared : the site does not tell them, so that sizes have to do',
  'no-pipeline': 'Sent one at a time : the site answers out of order, or not at all, when commands are sent ahead',
  'no-size': 'Sizes are not compared : the site does not tell them, so that its word has to do for what arrived',
};

const STARTED: Readonly<Record<JobKind, string>> = {
  mkdir: 'Folder creation started',
  rmdir: 'Folder removal started',
  upload: 'File upload started',
  download: 'File download started',
  remove: 'File removal started',
};

const ENDED: Readonly<Record<JobKind, string>> = {
  mkdir: 'Folder created',
  rmdir: 'Folder removed',
  upload: 'File created / updated',
  download: 'File fetched',
  remove: 'File removed',
};

const FAILED: Readonly<Record<JobKind, string>> = {
  mkdir: 'Folder not created',
  rmdir: 'Folder not removed',
  upload: 'File not created / updated',
  download: 'File not fetched',
  remove: 'File not removed',
};

function place({ kind, path }: JobStart, { far, near }: JobLogFolders): string {
  const there = far === '' || far.endsWith('/') ? `${far}${path}` : `${far}/${path}`;
  return movesContent(kind) ? `srv ${there} file ${join(near, path)}` : there;
}

function movesContent(kind: JobKind): boolean {
  return kind === 'upload' || kind === 'download';
}

function details({ kind, bytes: moved, resumedAt = 0, tookMs, worker, attempt }: JobEnd): string {
  const size = movesContent(kind) ? [bytes(moved), ...(resumedAt > 0 ? [`resumed at ${bytes(resumedAt)}`] : [])] : [];
  const again = attempt > 1 ? [`attempt ${attempt}`] : [];
  return [`${tookMs} ms`, ...size, `worker ${worker}`, ...again].join(', ');
}

function factsOf(event: 'start' | 'end', of: JobStart | JobEnd): LogFacts {
  const { job, kind, path, worker, attempt } = of;
  const ended = 'tookMs' in of ? { bytes: of.bytes, tookMs: of.tookMs } : {};
  const resumed = 'resumedAt' in of ? { resumedAt: of.resumedAt } : {};
  return { event, job, kind, path, worker, attempt, ...ended, ...resumed };
}
