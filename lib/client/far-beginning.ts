import type { FarShell } from '../far/far-shell.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import type { LocalFile } from './local-file.ts';

/** What is compared, and how many bytes of it. */
export interface Compared {
  /** Absolute far path. */
  readonly far: string;
  readonly local: LocalFile;
  /** The size of the far file. */
  readonly length: number;
}

/**
 * Is a far file how a local one begins, byte for byte? For servers that tell no hash: it is fetched, and nothing of it kept.
 *
 * @returns `unknown` where it may not be read
 * @throws TransferError for what may pass; ClientError E_LOCAL_FILE; the reason of the signal
 */
export async function isFarBeginning(
  { far, local, length }: Compared,
  shell: FarShell,
  signal: AbortSignal,
): Promise<'yes' | 'no' | 'unknown'> {
  let at = 0;
  let differs = false;
  const sink = {
    write: async (pieces: readonly Buffer[]) => {
      for (const piece of pieces) {
        differs ||= !piece.equals(await local.bytes(at, piece.length));
        // All that is to be known is known: the rest need not come.
        if (differs) throw new Error('another content');
        at += piece.length;
      }
    },
  };
  try {
    await shell.get(far, sink, 0, { signal });
    return at === length ? 'yes' : 'no';
  } catch (error) {
    if (differs) return 'no';
    if (error instanceof TransferError && !error.retry) return 'unknown';
    throw error;
  }
}
