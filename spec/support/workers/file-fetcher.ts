/*
 * Fetches one file until it is done or killed. It is told on its input as JSON: the site, where the file is and where it goes.
 * It says on its output how far it is, a line of JSON each time.
 */
import { readFileSync } from 'node:fs';
import { TalkToFtp } from '../../../lib/far/talk-to-ftp.ts';
import type { TalkRules } from '../../../lib/far/transfer-jobs.ts';
import type { Site } from '../../../lib/ftp/site.ts';
import type { Download } from '../../../lib/transfer/transport.ts';

/** What a fetcher is told. */
export interface FetchErrand {
  readonly site: Site;
  readonly rules: TalkRules;
  readonly download: Download;
}

/** What it says: bytes that are there, and how many of them were there before. */
export interface FetchNews {
  readonly bytes: number;
  readonly resumedAt?: number;
  readonly isDone: boolean;
}

const { site, rules, download } = JSON.parse(readFileSync(0, 'utf8')) as FetchErrand;
const talk = new TalkToFtp({ site, rules });
const tell = (news: FetchNews) => process.stdout.write(`${JSON.stringify(news)}\n`);
talk.events.on('progress', ({ bytes, resumedAt }) =>
  tell({ bytes, isDone: false, ...(resumedAt === undefined ? {} : { resumedAt }) }),
);
talk.events.on('end', ({ bytes, resumedAt = 0, error }) => {
  if (!error) tell({ bytes: bytes + resumedAt, resumedAt, isDone: true });
});
await talk.connect();
await talk.download(download);
await talk.disconnect();
