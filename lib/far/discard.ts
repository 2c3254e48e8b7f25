import type { FtpConnection } from './ftp-connection.ts';

/** The failure that led here is the one to tell, and a connection that broke cannot clean up any more. */
export async function discard(path: string, connection: FtpConnection): Promise<void> {
  if (!connection.closed) await connection.ask(`DELE ${path}`).catch(() => undefined);
}
