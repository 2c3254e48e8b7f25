import type { Clock } from '../../base/clock.ts';
import type { Fetch } from '../transfer/fetch.ts';
import type { Fetcher } from '../transfer/fetcher.ts';
import type { Incoming, IncomingFile } from './share-desk.ts';

// Long enough for a rate that says something, and short enough to be waited for.
const MEASURED_MS = 500;

// So many fit on a screen beside all else.
const MOST_SHOWN = 10;

/** When nothing is on its way. */
export const NOTHING_INCOMING: Incoming = { files: 0, bytes: 0, here: 0, rate: 0, first: [] };

/** What is on its way; where something is, it is watched for half a second. */
export async function measureIncoming(fetcher: Pick<Fetcher, 'fetches'>, clock: Clock): Promise<Incoming> {
  const before = new Map([...fetcher.fetches].map((fetch) => [fetch, fetch.hereBytes]));
  if (before.size === 0) return NOTHING_INCOMING;
  const beganMs = clock.now();
  await clock.wait(MEASURED_MS);
  const seconds = Math.max(1, clock.now() - beganMs) / 1000;
  const gained = (fetch: Fetch) => Math.max(0, fetch.hereBytes - (before.get(fetch) ?? fetch.hereBytes));
  const files = [...fetcher.fetches].map((fetch) => fileOf(fetch, gained(fetch) / seconds));
  const all = [...new Set([...before.keys(), ...fetcher.fetches])];
  return {
    files: files.length,
    bytes: sum(files.map(({ size }) => size)),
    here: sum(files.map(({ here }) => here)),
    // Those count as well that have come to their end meanwhile.
    rate: Math.round(sum(all.map(gained)) / seconds),
    first: files.sort((a, b) => b.here - a.here).slice(0, MOST_SHOWN),
  };
}

function fileOf({ firstPath, content: { size }, hereBytes }: Fetch, rate: number): IncomingFile {
  return { path: firstPath, size, here: hereBytes, rate: Math.round(rate) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
