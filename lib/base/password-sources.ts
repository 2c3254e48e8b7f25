import { join } from 'node:path';
import { codeOf } from './coded-error.ts';
import { type Fault, fault } from './fault.ts';
import { findEntry, type NetrcEntry, type NetrcQuery, parseNetrc } from './netrc.ts';
import { readProblem } from './read-problem.ts';
import { readSecretFile } from './read-secret-file.ts';
import type { CommandResult } from './run-command.ts';
import { showText } from './show-text.ts';

/** What the sources lie in. */
export interface SecretSurroundings {
  /** The user's own folder, absolute. */
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** Run a command in a shell. */
  readonly runCommand: (command: string) => Promise<CommandResult>;
}

/** What a source of secrets gave: nothing at all where it has none and need not have one. */
export interface Found<Secret> {
  readonly secret?: Secret;
  readonly warnings: readonly string[];
  readonly faults: readonly Fault[];
}

/** The first line of the file of `--password-file`. A file that others can read is used with a warning. */
export async function passwordOfFile(
  path: string,
  { platform }: Pick<SecretSurroundings, 'platform'>,
): Promise<Found<string>> {
  try {
    const { text, othersCanRead } = await readSecretFile(path, platform);
    const found = firstLine('--password-file', text);
    return othersCanRead ? { ...found, warnings: [openToOthers(path)] } : found;
  } catch (error) {
    return refused(fault('--password-file', `cannot be read: ${readProblem(error)}`, path));
  }
}

/** The first line of what the command of `--password-command` writes. */
export async function passwordOfCommand(
  command: string,
  { runCommand }: Pick<SecretSurroundings, 'runCommand'>,
): Promise<Found<string>> {
  const { failure, output } = await runCommand(command);
  if (failure !== undefined) return refused(fault('--password-command', `the command failed: ${failure}`));
  return firstLine('--password-command', output);
}

/** The entry of `~/.netrc` that fits. There need not be such a file. */
export async function entryOfNetrc(
  query: NetrcQuery,
  { home, platform }: Pick<SecretSurroundings, 'home' | 'platform'>,
): Promise<Found<NetrcEntry>> {
  const path = join(home, '.netrc');
  try {
    const { text, othersCanRead } = await readSecretFile(path, platform);
    if (text === undefined) return refused(fault(path, 'is larger than 64 KiB'));
    const entry = findEntry(parseNetrc(text), query);
    if (!entry) return nothing();
    const warnings = othersCanRead && entry.password !== undefined ? [openToOthers(path)] : [];
    return { secret: entry, warnings, faults: [] };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return nothing();
    return refused(fault(path, `cannot be read: ${readProblem(error)}`));
  }
}

/** A source that has nothing to give. */
export function nothing(): Found<never> {
  return { warnings: [], faults: [] };
}

/** A source that must not be used. */
export function refused(...faults: readonly Fault[]): Found<never> {
  return { warnings: [], faults };
}

function firstLine(label: string, text: string | undefined): Found<string> {
  const line = text?.split(/\r?\n/, 1)[0];
  if (line === undefined) return refused(fault(label, 'holds more than 64 KiB, which is no password'));
  if (line === '') return refused(fault(label, 'gives an empty first line instead of a password'));
  return { secret: line, warnings: [], faults: [] };
}

/** A warning, not a refusal: secrets mounted into a container are often open to all, and cannot be changed there. */
export function openToOthers(path: string, what = 'the password'): string {
  return `Other users of this machine can read ${showText(path)}: take the right from them with chmod go= or keep ${what} elsewhere`;
}
