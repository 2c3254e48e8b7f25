/** Where one peer of a program lives. */
export interface PeerPlace {
  /** Its own, so that all peers of a program can have the same port. */
  readonly address: string;
  /** The folder that it shares. */
  readonly share: string;
  /** A folder for its settings and for what it remembers. */
  readonly state: string;
}

/** How a peer is started. */
export interface PeerCommand {
  readonly words: readonly [program: string, ...args: string[]];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Does it read lines, and answer each? See {@link Contestant.isTold}. */
  readonly reads?: boolean;
}

/** Who takes part. */
export const contestantNames = ['ours TLS', 'ours plain', 'Syncthing', 'Syncthing tuned', 'rsync'] as const;

export type ContestantName = (typeof contestantNames)[number];

/** A program, in one of its settings, that takes part. */
export interface Contestant {
  /**
   * Does it wait until it is told to fetch? Then its second peer reads lines from its standard input: for each it fetches what
   * the first one has, and writes its status as a line to descriptor 3.
   */
  readonly isTold: boolean;
  /** More rounds would tell no more: for one that waits most of the time. */
  readonly mostRounds: number;
  /** Why it cannot take part here, or `undefined`: in one line, with what to do. */
  missing(): string | undefined;
  /** Write what its peers read when they start; their folders are there. */
  prepare(peers: readonly PeerPlace[]): void;
  /** The command of one of the peers. */
  command(peer: PeerPlace, peers: readonly PeerPlace[]): PeerCommand;
}
