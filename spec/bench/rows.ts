import type { ServerKind } from '../support/foreign-server.ts';
import type { Party } from './contestants/contestant.ts';
import type { TreeName } from './trees.ts';

/** What is done to the far side in a row. */
export type Deed =
  /** A tree is sent to a site that has nothing of it. */
  | 'fill'
  /** All files were touched since they were sent; ours is a mirror that runs. */
  | 'touched'
  /** Nothing has changed, and our journal knows it. */
  | 'unchanged'
  /** Nothing has changed, but our journal is lost. */
  | 'relisted'
  /** All is removed. */
  | 'removed';

/** What our time may be, as a part of that of a peer. */
export interface Goals {
  readonly lftp?: number;
  readonly rclone?: number;
}

/** One line of the benchmark. */
export interface Row {
  /** `S1k/vsftpd/20`: work, server, round trip in milliseconds. */
  readonly id: string;
  readonly work: string;
  readonly tree: TreeName;
  readonly deed: Deed;
  readonly server: ServerKind;
  readonly roundTripMs: number;
  readonly connections: number;
  readonly tls: boolean;
  readonly goals: Goals;
  /** How often each is run, where a run takes no more than a minute. */
  readonly rounds: number;
  /** Who takes part. Default: all who can. */
  readonly parties?: readonly Party[];
  /** Ways in which ours runs (`--multi`), one beside the other. Default: the way it chooses. */
  readonly modes?: readonly string[];
}

type Place = readonly [server: ServerKind, roundTripMs: number, goals: Goals];

interface Work extends Omit<Row, 'id' | 'server' | 'roundTripMs' | 'goals' | 'tls' | 'rounds'> {
  readonly tls?: boolean;
  readonly rounds?: number;
  readonly places: readonly Place[];
}

const ROUNDS = 5;
// No goal: these are points of the plots only.
const CURVE_ROUNDS = 3;
const CURVE_PARTIES: readonly Party[] = ['ours', 'lftp', 'rclone'];

const modes = { parties: ['ours'] as const, modes: ['P2', 'P4', 'T2', 'T4', 'A8'] };

/** Every row of `npm run bench:full`. */
export const rows: readonly Row[] = [
  work({ work: 'S', tree: 'S', deed: 'fill', connections: 8, places: atOnce([1.5, 0.45], [1.15, 0.45]) }),
  // The same eight connections, spread over children, over threads, and all in the one process.
  work({ work: 'modes', tree: 'S', deed: 'fill', connections: 8, ...modes, places: both(0, {}) }),
  work({ work: 'modes', tree: 'S1k', deed: 'fill', connections: 8, ...modes, places: both(20, {}) }),
  work({ work: 'S20', tree: 'S20', deed: 'fill', connections: 8, places: atOnce([1.25, 0.4], [1.05, 0.4]) }),
  work({ work: 'touched', tree: 'S', deed: 'touched', connections: 8, places: atOnce([1.15, 0.4], [0.95, 0.4]) }),
  work({ work: 'S1k', tree: 'S1k', deed: 'fill', connections: 8, places: far([20, 100], 0.65, 0.62, 0.3) }),
  work({ work: 'S1k', tree: 'S1k', deed: 'fill', connections: 8, rounds: CURVE_ROUNDS, places: both(0, {}) }),
  work({ work: 'S1k-x32', tree: 'S1k', deed: 'fill', connections: 32, places: both(20, { lftp: 0.66 }) }),
  ...[1, 2, 4, 16].flatMap(curvePoint),
  work({ work: 'S1k-tls', tree: 'S1k', deed: 'fill', connections: 4, tls: true, places: both(0, { lftp: 0.95 }) }),
  work({ work: 'M', tree: 'M', deed: 'fill', connections: 8, places: both(20, { lftp: 0.8, rclone: 0.5 }) }),
  work({ work: 'L', tree: 'L', deed: 'fill', connections: 2, places: both(0, { lftp: 1.1, rclone: 1.05 }) }),
  work({ work: 'L', tree: 'L', deed: 'fill', connections: 2, places: both(20, { lftp: 0.95, rclone: 0.95 }) }),
  work({ work: 'N', tree: 'S', deed: 'unchanged', connections: 8, places: [...both(0, {}), ...both(20, {})] }),
  work({ work: 'N-lost', tree: 'S', deed: 'relisted', connections: 8, places: both(20, { lftp: 0.85, rclone: 1.05 }) }),
  work({ work: 'D', tree: 'S', deed: 'removed', connections: 8, places: both(0, { lftp: 1, rclone: 0.25 }) }),
  work({ work: 'D', tree: 'S', deed: 'removed', connections: 8, places: both(20, { lftp: 0.1, rclone: 0.03 }) }),
].flat();

/** The rows of `npm run bench`: one of each kind that takes seconds. */
export const shortRows: readonly string[] = [
  ...['S/vsftpd/0', 'S/proftpd/0', 'touched/vsftpd/0', 'S1k/vsftpd/20', 'S1k/proftpd/20', 'S1k-tls/vsftpd/0'],
  ...['L/vsftpd/0', 'N/vsftpd/0', 'N-lost/proftpd/20', 'D/vsftpd/0'],
];

function work({ places, tls = false, rounds = ROUNDS, ...rest }: Work): readonly Row[] {
  return places.map(([server, roundTripMs, goals]) => {
    return { id: `${rest.work}/${server}/${roundTripMs}`, ...rest, server, roundTripMs, goals, tls, rounds };
  });
}

function curvePoint(connections: number): readonly Row[] {
  // One or two connections take minutes, and vary little.
  const rounds = connections <= 2 ? 1 : CURVE_ROUNDS;
  const place: Place = ['vsftpd', 20, {}];
  const rest = { connections, rounds, parties: CURVE_PARTIES, places: [place] };
  return work({ work: `S1k-x${connections}`, tree: 'S1k', deed: 'fill', ...rest });
}

type Pair = readonly [lftp: number, rclone: number];

function atOnce(vsftpd: Pair, proftpd: Pair): readonly Place[] {
  return [
    ['vsftpd', 0, { lftp: vsftpd[0], rclone: vsftpd[1] }],
    ['proftpd', 0, { lftp: proftpd[0], rclone: proftpd[1] }],
  ];
}

function far(roundTrips: readonly number[], vsftpd: number, proftpd: number, rclone: number): readonly Place[] {
  return roundTrips.flatMap((ms): readonly Place[] => [
    ['vsftpd', ms, { lftp: vsftpd, rclone }],
    ['proftpd', ms, { lftp: proftpd, rclone }],
  ]);
}

function both(roundTripMs: number, goals: Goals): readonly Place[] {
  return [
    ['vsftpd', roundTripMs, goals],
    ['proftpd', roundTripMs, goals],
  ];
}
