/** How long a session may wait and how much it may ask for at once. */
export interface SessionLimits {
  /** From the greeting to a login: somebody who only holds a place is sent away. */
  readonly loginMs: number;
  /** From the first byte of a TLS handshake to its end. */
  readonly handshakeMs: number;
  /** Between two commands. RFC 1123 section 4.1.3.2 asks for at least five minutes. */
  readonly idleMs: number;
  /** A port on which the client is awaited stays open so long, as long as no transfer asks for it. */
  readonly passiveMs: number;
  /** From a transfer command to its data connection: clients connect at once or never. */
  readonly dataWaitMs: number;
  /** Without a byte on a data connection that is open. */
  readonly stallMs: number;
  /** Bytes a second of one session's uploads, and of its downloads; Infinity for no limit. */
  readonly uploadBytesPerSecond: number;
  readonly downloadBytesPerSecond: number;
  /** Command lines taken in ahead of the one that is being answered; then the socket is left unread. */
  readonly queuedLines: number;
  /** Bytes that are hashed for one command: a larger part of a file is refused with 556. */
  readonly hashBytes: number;
  /** Wrong passwords of one connection. */
  readonly failedLogins: number;
  /** Commands in a row that do not exist: no FTP client does that. */
  readonly badCommands: number;
  /** Commands of one connection refused before the login, wrong passwords aside: each is a line of the log. */
  readonly refusedCommands: number;
  /** Lines of one connection that had no end in time. */
  readonly longLines: number;
}

/** What a server holds to when it is told nothing else. */
export const defaultLimits: SessionLimits = {
  loginMs: 30_000,
  handshakeMs: 10_000,
  idleMs: 300_000,
  passiveMs: 30_000,
  dataWaitMs: 30_000,
  stallMs: 60_000,
  uploadBytesPerSecond: Number.POSITIVE_INFINITY,
  downloadBytesPerSecond: Number.POSITIVE_INFINITY,
  queuedLines: 64,
  // A tebibyte: an hour of work for a fast disk, and larger than what anybody has waited for.
  hashBytes: 2 ** 40,
  failedLogins: 3,
  badCommands: 10,
  // More than a client that asks around for what there is, before it logs in.
  refusedCommands: 20,
  longLines: 3,
};
