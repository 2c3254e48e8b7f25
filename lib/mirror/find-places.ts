import { isAbsolute, relative, resolve, sep } from 'node:path';
import { type Fault, fault } from '../base/fault.ts';
import { readProblem } from '../base/read-problem.ts';
import { showText } from '../base/show-text.ts';
import { stateDirectory } from '../base/state-directory.ts';
import type { SiteAddress } from '../ftp/site-parts.ts';
import { findLocalDirectory, missingFolder } from './local-directory.ts';
import type { MirrorOptions } from './mirror-options.ts';
import { realPath } from './real-path.ts';
import type { Surroundings } from './surroundings.ts';

/** The local paths of the mirror, absolute and with links resolved. */
export interface Places {
  /** Missing when it has a fault. */
  readonly localDirectory?: string;
  readonly stateDirectory: string;
  readonly logFile: string | undefined;
  readonly warnings: readonly string[];
  readonly faults: readonly Fault[];
}

/** What the places depend on. */
export interface PlacesRequest {
  /** As the user wrote it; missing when it has a fault already. */
  readonly localText: string | undefined;
  /** The far side, where it is known. */
  readonly address: SiteAddress | undefined;
  readonly options: Pick<MirrorOptions, 'state-dir' | 'log-file' | 'password-file' | 'tls-key'>;
}

/** Find the local folder and the files the options name, and see that none of them lies where it would be mirrored. */
export async function findPlaces(request: PlacesRequest, surroundings: Surroundings): Promise<Places> {
  const { options, localText } = request;
  const faults: Fault[] = [];
  const find = async (name: string, given: string | undefined) => realPathOf(name, given, surroundings.cwd, faults);
  const stateText = options['state-dir'] ?? stateDirectory(surroundings);
  const state = (await find('--state-dir', stateText)) ?? stateText;
  const logFile = await find('--log-file', options['log-file']);
  const passwordFile = await find('--password-file', options['password-file']);
  const tlsKey = await find('--tls-key', options['tls-key']);
  const base = { stateDirectory: state, logFile };
  if (localText === undefined) return { ...base, warnings: [], faults };

  const local = await findLocalDirectory(localText, surroundings.cwd);
  if ('fault' in local) return { ...base, warnings: [], faults: [...faults, local.fault] };
  const pair = request.address && { site: request.address, localDirectory: local.path, stateDirectory: state };
  if (local.missing && !(pair && (await surroundings.hasJournal(pair)))) faults.push(missingFolder(localText));
  if (isInside(state, local.path)) {
    faults.push(fault('--state-dir', 'must not lie in local_directory: the journals would be mirrored', state));
  }
  const files = { '--log-file': logFile, '--password-file': passwordFile, '--tls-key': tlsKey };
  const warnings = insideWarnings(files, local.path);
  return { ...base, localDirectory: local.path, warnings, faults };
}

async function realPathOf(
  name: string,
  given: string | undefined,
  cwd: string,
  faults: Fault[],
): Promise<string | undefined> {
  if (given === undefined) return undefined;
  try {
    return await realPath(resolve(cwd, given));
  } catch (error) {
    faults.push(fault(name, readProblem(error), given));
    return undefined;
  }
}

function insideWarnings(files: Readonly<Record<string, string | undefined>>, folder: string): readonly string[] {
  return Object.entries(files).flatMap(([name, file]) =>
    file !== undefined && isInside(file, folder)
      ? [`The file of ${name} lies in local_directory and is mirrored unless it is excluded: ${showText(file)}`]
      : [],
  );
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
