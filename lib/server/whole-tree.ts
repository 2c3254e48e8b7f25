import { ServerError } from './server-error.ts';
import type { UserFolder } from './user-folder.ts';

/**
 * Remove a folder and all that is in it; links as such. Stops at the first thing that cannot be removed: what was
 * removed by then is gone.
 *
 * @throws ServerError E_ABORTED, and what the folder refuses with
 */
export async function removeTree(folder: UserFolder, path: string, signal: AbortSignal): Promise<void> {
  for await (const { name, kind } of entriesIn(folder, path, signal)) {
    const inner = below(path, name);
    if (kind === 'directory') await removeTree(folder, inner, signal);
    else await folder.removeFile(inner);
  }
  await folder.removeFolder(path);
}

/** The bytes of all files in a folder and below it; links count for nothing. */
export async function sizeOfTree(folder: UserFolder, path: string, signal: AbortSignal): Promise<number> {
  let bytes = 0;
  for await (const { name, kind, size } of entriesIn(folder, path, signal)) {
    if (kind === 'file') bytes += size;
    if (kind === 'directory') bytes += await sizeOfTree(folder, below(path, name), signal);
  }
  return bytes;
}

async function* entriesIn(folder: UserFolder, path: string, signal: AbortSignal) {
  await folder.enter(path);
  for await (const batch of folder.entries(path)) {
    if (signal.aborted) throw new ServerError('E_ABORTED', 'Aborted');
    yield* batch;
  }
}

function below(path: string, name: string): string {
  return path === '/' ? `/${name}` : `${path}/${name}`;
}
