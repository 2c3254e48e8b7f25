import type { EventEmitter } from 'node:events';
import type { ServerStats } from '../control/live-server.ts';
import type { FtpServerEvents, TransferEnd } from './session-events.ts';

const uploads: ReadonlySet<string> = new Set(['STOR', 'APPE', 'STOU']);

type Counts = { -readonly [Name in keyof Omit<ServerStats, 'sinceMs' | 'sessions'>]: number };

/** Counts what a server has done since it was started. */
export class Activity {
  readonly #counts: Counts = {
    sessionsSoFar: 0,
    loginsSoFar: 0,
    failedLogins: 0,
    bytesIn: 0,
    bytesOut: 0,
    uploads: 0,
    downloads: 0,
    quotaRefusals: 0,
    errors: 0,
  };

  constructor(events: EventEmitter<FtpServerEvents>) {
    const counts = this.#counts;
    events.on('sessionOpened', () => (counts.sessionsSoFar += 1));
    events.on('loggedIn', () => (counts.loginsSoFar += 1));
    events.on('loginRefused', () => (counts.failedLogins += 1));
    events.on('transferEnded', (end) => this.#note(end));
    events.on('replySent', ({ code }) => {
      if (code === 552) counts.quotaRefusals += 1;
    });
    events.on('commandFailed', () => (counts.errors += 1));
    events.on('sessionFailed', () => (counts.errors += 1));
  }

  get counts(): Readonly<Counts> {
    return { ...this.#counts };
  }

  #note({ verb, bytes, code }: TransferEnd): void {
    const isUpload = uploads.has(verb);
    if (isUpload) this.#counts.bytesIn += bytes;
    else this.#counts.bytesOut += bytes;
    if (code !== 226) return;
    if (isUpload) this.#counts.uploads += 1;
    else if (verb === 'RETR') this.#counts.downloads += 1;
  }
}
