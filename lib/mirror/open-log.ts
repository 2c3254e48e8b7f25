import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { CodedError, codeOf } from '../base/coded-error.ts';
import { type Logger, openLogger } from '../base/logger.ts';
import type { LogParameters } from './parameters.ts';

/**
 * Open the mirror's log.
 *
 * @throws CodedError E_LOG_FILE when the file cannot be written: better now than when the first line gets lost
 */
export function openLog({ file, keep, level, format }: LogParameters, writeLine: (line: string) => void): Logger {
  if (file !== undefined) assertWritable(file);
  return openLogger({ level, format, keepDays: keep, writeLine, ...(file === undefined ? {} : { file }) });
}

function assertWritable(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    closeSync(openSync(file, 'a', 0o600));
  } catch (cause) {
    throw new CodedError('E_LOG_FILE', `--log-file "${file}": cannot be written, ${codeOf(cause)}`, { cause });
  }
}
