import { readFile } from 'node:fs/promises';
import { readProblem } from '../../base/read-problem.ts';
import { isObject } from '../messages.ts';

/** What conf.json says. */
export type Settings = Readonly<Record<string, unknown>>;

/** @returns what is wrong with the file, when it is a text */
export async function readSettings(file: string): Promise<Settings | string> {
  try {
    const settings: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isObject(settings) ? settings : `${file} must be a JSON object`;
  } catch (error) {
    return error instanceof SyntaxError ? `${file} is no JSON` : `${file} cannot be read: ${readProblem(error)}`;
  }
}
