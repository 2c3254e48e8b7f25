import { createHash } from 'node:crypto';
import { contentOf } from '../tree/write-file.ts';

const SEAL_BYTES = 64;

/**
 * A content that tells of itself which version of which file it is, and whether it is whole.
 *
 * @param size in bytes; names and numbers need some 150 of them
 */
export function sealed(path: string, version: number, size: number): Buffer {
  const head = Buffer.from(`${path}\n${version}\n${size}\n`);
  const filling = contentOf(`${path} ${version}`, Math.max(0, size - head.length - SEAL_BYTES));
  const content = Buffer.concat([head, filling]);
  return Buffer.concat([content, sealOf(content)]);
}

/** The version of a sealed content, or `undefined` when it is not a whole one of this path. */
export function versionOf(path: string, content: Buffer): number | undefined {
  const [name, version, size] = content.subarray(0, 1000).toString('latin1').split('\n', 3);
  const end = content.length - SEAL_BYTES;
  const isWhole =
    name === path && Number(size) === content.length && sealOf(content.subarray(0, end)).equals(content.subarray(end));
  return isWhole ? Number(version) : undefined;
}

function sealOf(content: Buffer): Buffer {
  return Buffer.from(createHash('sha256').update(content).digest('hex'));
}
