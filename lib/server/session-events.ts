/** Who is on the other side of a control connection. */
export interface SessionInfo {
  /** Counts from 1 within one server. */
  readonly id: number;
  /** `''` when the peer was gone before it could be asked. */
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/**
 * What a server tells about its sessions; it informs and never steers.
 *
 * Texts are as the client sent them, control characters included: whoever writes them to a log must escape them.
 */
export type FtpServerEvents = {
  sessionOpened: [{ readonly session: SessionInfo }];
  /** A command line, before it is answered; the argument of PASS is `****`. */
  requestReceived: [{ readonly session: SessionInfo; readonly verb: string; readonly argument: string }];
  /** A reply, preliminary ones (1xx) included. */
  replySent: [{ readonly session: SessionInfo; readonly code: number; readonly text: string }];
  /** Somebody else than the client came to its passive port and was sent away. */
  strangerRefused: [{ readonly session: SessionInfo; readonly remoteAddress: string | undefined }];
  /** A fault on the server's side; the client is told 451, or 530 when its home folder is missing. */
  commandFailed: [{ readonly session: SessionInfo; readonly verb: string; readonly reason: string }];
  /** The control connection is secure. */
  tlsStarted: [{ readonly session: SessionInfo; readonly protocol: string; readonly cipher: string }];
  /** A handshake came to nothing: the control connection is closed, or the client told 522. */
  tlsFailed: [{ readonly session: SessionInfo; readonly connection: 'control' | 'data'; readonly reason: string }];
  sessionClosed: [{ readonly session: SessionInfo }];
};
