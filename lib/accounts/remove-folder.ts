import { opendir, rmdir, unlink } from 'node:fs/promises';
import { sep } from 'node:path';
import { codeOf } from '../base/coded-error.ts';

// Sessions of the user are just being broken off: what one of them still makes meanwhile is looked for again.
const ROUNDS = 4;

/**
 * Remove a folder with all that is in it; of links only themselves, of what is no folder that. What is gone already is no
 * fault. One thing after the other: many at once would keep the disk from those who are being served.
 *
 * Node's own way (`rm`) cannot be stopped.
 *
 * @param path as bytes: names need not be UTF-8
 * @throws an error of the system, or the reason of the signal; what was removed by then is gone
 */
export async function removeFolder(path: Buffer, signal: AbortSignal): Promise<void> {
  for (let round = 0; ; round += 1) {
    try {
      // Asked first, since it follows no link: what is not empty is a folder.
      return await rmdir(path);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ENOENT') return;
      if (code === 'ENOTDIR') return removeFile(path);
      if ((code !== 'ENOTEMPTY' && code !== 'EEXIST') || round === ROUNDS) throw error;
    }
    await emptyFolder(path, signal);
  }
}

async function emptyFolder(path: Buffer, signal: AbortSignal): Promise<void> {
  // The types know only names that are texts.
  for await (const entry of await opendir(path, { encoding: 'buffer' as BufferEncoding })) {
    signal.throwIfAborted();
    const inner = Buffer.concat([path, Buffer.from(sep), entry.name as unknown as Buffer]);
    if (entry.isDirectory()) await removeFolder(inner, signal);
    else await removeFile(inner);
  }
}

async function removeFile(path: Buffer): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
}
