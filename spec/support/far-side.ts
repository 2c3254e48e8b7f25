import { startEmbeddedServer } from './embedded-server.ts';
import { missingServer, requireServer, type ServerKind, serverKinds, startForeignServer } from './foreign-server.ts';

/** The servers that the mirror is shown to work with: the embedded one, and those that others wrote. */
export type FarSideKind = 'embedded' | ServerKind;

/** All of them. */
export const farSideKinds: readonly FarSideKind[] = ['embedded', ...serverKinds];

/** A running server with one account. */
export interface FarSide {
  readonly kind: FarSideKind;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** What the user sees as `/`. */
  readonly dataFolder: string;
  stop(): Promise<void>;
}

/** Start a server of any kind; for a foreign one that is missing, the spec that is running fails or is skipped. */
export async function startFarSide(kind: FarSideKind): Promise<FarSide> {
  if (kind === 'embedded') return startEmbedded();
  requireServer(kind);
  return startForeignServer(kind);
}

/** Can a server of this kind not be started here? A spec then says so with `requireServer`. */
export function isMissing(kind: FarSideKind): boolean {
  return kind !== 'embedded' && missingServer(kind) !== undefined;
}

/** A URL of the far side without a password, for a folder below the one the login starts in. */
export function urlOf({ user, host, port }: FarSide, folder: string): string {
  return `ftp://${user}@${host}:${port}/${folder}`;
}

async function startEmbedded(): Promise<FarSide> {
  const { site, dataFolder, stop } = await startEmbeddedServer();
  return { kind: 'embedded', ...site, dataFolder, stop };
}
