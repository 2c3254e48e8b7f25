import { startEmbeddedServer } from './embedded-server.ts';
import { startFarProgram } from './far-program.ts';
import { missingServer, requireServer, type ServerKind, serverKinds, startForeignServer } from './foreign-server.ts';

/**
 * The servers that the mirror is shown to work with: our own, within this process and as the program that users start, and
 * those that others wrote.
 */
export type FarSideKind = 'embedded' | 'program' | ServerKind;

/** All of them. */
export const farSideKinds: readonly FarSideKind[] = ['embedded', 'program', ...serverKinds];

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
  if (kind === 'program') return { kind, ...(await startFarProgram()) };
  requireServer(kind);
  return startForeignServer(kind);
}

/** Is it our own server? */
export function isOurs(kind: FarSideKind): kind is 'embedded' | 'program' {
  return kind === 'embedded' || kind === 'program';
}

/** Can a server of this kind not be started here? A spec then says so with {@link requireFarSide}. */
export function isMissing(kind: FarSideKind): boolean {
  return !isOurs(kind) && missingServer(kind) !== undefined;
}

/** To be called first in a spec that needs such a server: see `requireServer`. */
export function requireFarSide(kind: FarSideKind): void {
  if (!isOurs(kind)) requireServer(kind);
}

/** A URL of the far side without a password, for a folder below the one the login starts in. */
export function urlOf({ user, host, port }: FarSide, folder: string): string {
  return `ftp://${user}@${host}:${port}/${folder}`;
}

async function startEmbedded(): Promise<FarSide> {
  const { site, dataFolder, stop } = await startEmbeddedServer();
  return { kind: 'embedded', ...site, dataFolder, stop };
}
