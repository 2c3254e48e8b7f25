import { type FileHandle, open } from 'node:fs/promises';

/** What is in a file that holds secrets. */
export interface SecretFile {
  /** UTF-8 without byte order mark; `undefined` when there is more than was asked for. */
  readonly text: string | undefined;
  /** May other users of the machine read it? Always false where the system keeps no such modes. */
  readonly othersCanRead: boolean;
}

// Passwords and logins are short; a path that never ends, such as /dev/zero, must not fill the memory.
const MOST_BYTES = 65_536;

/**
 * Read a small file that holds secrets. A pipe will do: the path may come from the shell's `<(command)`.
 *
 * @throws the system's error when it cannot be opened or read
 */
export async function readSecretFile(
  path: string,
  platform: NodeJS.Platform,
  mostBytes = MOST_BYTES,
): Promise<SecretFile> {
  const file = await open(path, 'r');
  try {
    const stats = await file.stat();
    const bytes = await readBytes(file, mostBytes);
    return {
      text: bytes.length > mostBytes ? undefined : new TextDecoder().decode(bytes),
      othersCanRead: platform !== 'win32' && stats.isFile() && (stats.mode & 0o044) !== 0,
    };
  } finally {
    await file.close();
  }
}

async function readBytes(file: FileHandle, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let total = 0; total <= mostBytes; ) {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(MOST_BYTES + 1) });
    if (bytesRead === 0) break;
    chunks.push(buffer.subarray(0, bytesRead));
    total += bytesRead;
  }
  return Buffer.concat(chunks);
}
