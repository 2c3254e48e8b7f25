import { fstatSync, writeFileSync } from 'node:fs';
import { Writable } from 'node:stream';

const STANDARD_OUTPUT = 1;

/**
 * Where a program writes what was asked for: all of it, or there is an `error`.
 *
 * Of what goes to a file Node writes as much as there is room for, once, and does not look how much that was: on a disk that gets
 * full the end would be missing without a word.
 */
export function standardOutput(): NodeJS.WritableStream {
  if (!isFile()) return process.stdout;
  return new Writable({
    write(piece: Buffer, _encoding, done) {
      try {
        writeFileSync(STANDARD_OUTPUT, piece);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

function isFile(): boolean {
  try {
    return fstatSync(STANDARD_OUTPUT).isFile();
  } catch {
    // It may be closed.
    return false;
  }
}
