import type { BanView } from '../control/live-server.ts';

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
  /** Somebody was sent away with 421 before a session began. */
  connectionRefused: [{ readonly remoteAddress: string; readonly reason: string }];
  loggedIn: [{ readonly session: SessionInfo; readonly user: string }];
  /** Name or password was wrong, or there was no place, or whoever it is is kept out. */
  loginRefused: [
    { readonly session: SessionInfo; readonly user: string; readonly code: number; readonly text: string },
  ];
  /** Too many wrong logins: an address or a name is kept out for a while. */
  banned: [BanView];
  /** A command line, before it is answered; the argument of PASS is `****`, as is that of what is no command. */
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
  /** A command that takes the data connection is over, also one that never got it. */
  transferEnded: [TransferEnd];
  /** A fault of the server in a session, which was ended for it, or a session that did not end with the server and was broken off. */
  sessionFailed: [{ readonly session: SessionInfo; readonly reason: string }];
  sessionClosed: [{ readonly session: SessionInfo }];
};

/** How a command ended that takes the data connection. */
export interface TransferEnd {
  readonly session: SessionInfo;
  readonly user: string;
  /** `STOR`, `RETR`, `MLSD`, ... */
  readonly verb: string;
  readonly argument: string;
  /** The folder that the argument is relative to, as the client sees it. */
  readonly cwd: string;
  readonly type: 'A' | 'I';
  readonly bytes: number;
  readonly tookMs: number;
  /** The last reply: 226 when all went well. */
  readonly code: number;
  readonly text: string;
}
