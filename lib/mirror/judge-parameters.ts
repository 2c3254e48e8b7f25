import { resolve } from 'node:path';
import { type Fault, fault } from '../base/fault.ts';
import { explicitSourceFaults, findUser, type KnownUser, type LoginRequest } from '../far/find-login.ts';
import { findTls } from '../far/find-tls.ts';
import type { SiteParts } from '../ftp/site-parts.ts';
import { findPlaces } from './find-places.ts';
import type { MirrorOptions } from './mirror-options.ts';
import { brokenRule, defaultMulti, type Multi, showMulti } from './multi.ts';
import type { FilterParameters, MirrorParameters } from './parameters.ts';
import type { Positionals } from './positionals.ts';
import type { SettledMirrorOptions } from './read-mirror-options.ts';
import type { Surroundings } from './surroundings.ts';
import { trashBelow, trashFaults, trashWarnings } from './trash-place.ts';

/** What is left to do once everything but the password is known. */
export interface Ready {
  readonly request: LoginRequest;
  readonly user: KnownUser;
  readonly parameters: Omit<MirrorParameters, 'site' | 'warnings'>;
}

/** All that is wrong, and what was made of the rest. */
export interface Judgement {
  readonly faults: readonly Fault[];
  readonly warnings: readonly string[];
  /** Missing only when there are faults. */
  readonly ready?: Ready;
}

/** Bring options, positionals, disk and `~/.netrc` together, without asking or running anything. */
export async function judgeParameters(
  options: SettledMirrorOptions,
  positionals: Positionals,
  surroundings: Surroundings,
): Promise<Judgement> {
  const { values } = options;
  const { site, maxDepth, frequencySeconds, localDirectory: localText } = positionals;
  const request = site && loginRequest(site, values, surroundings.cwd);
  const found = request && (await findUser(request, surroundings));
  const user = found?.secret;
  const places = await findPlaces({ localText, address: user?.address, options: values }, surroundings);
  const tls = await findTls(values, site?.protocol, surroundings);
  const faults = [
    ...positionals.faults,
    ...options.faults,
    ...multiFaults(options, positionals),
    ...connectionsFaults(options, positionals),
    ...passiveFaults(values),
    ...(site ? trashFaults(values.trash, site.directory) : []),
    ...places.faults,
    ...tls.faults,
    ...(request ? explicitSourceFaults(request) : []),
    ...(found?.faults ?? []),
  ];
  const warnings = [...places.warnings, ...tls.warnings, ...(found?.warnings ?? [])];
  const { localDirectory, stateDirectory, logFile } = places;
  if (!request || !user || maxDepth === undefined || frequencySeconds === undefined || localDirectory === undefined) {
    return { faults, warnings };
  }
  const trash = trashBelow(values.trash, request.site.directory);
  warnings.push(...trashWarnings(trash, localDirectory));
  const parameters = {
    ...optionParameters(values, logFile),
    localDirectory,
    maxDepth,
    frequencySeconds,
    stateDirectory,
    tls: tls.secret ?? {},
    multi: chooseMulti(options, positionals, surroundings.cores),
    connections: chooseConnections(options, positionals),
    filter: { ...filterParameters(values, positionals), trash },
    progress: values.progress ?? surroundings.stderrIsTerminal,
    given: options.given,
  };
  return { faults, warnings, ready: { request, user, parameters } };
}

function loginRequest(site: SiteParts, options: MirrorOptions, cwd: string): LoginRequest {
  const file = options['password-file'];
  return {
    parameter: 'ftp_website',
    site,
    passwordFile: file === undefined ? undefined : resolve(cwd, file),
    passwordCommand: options['password-command'],
  };
}

// On the command line both are equally near; from elsewhere --multi gives way to the positional parameter.
function multiFaults({ values, sources }: SettledMirrorOptions, { maxProcesses }: Positionals): readonly Fault[] {
  const { multi } = values;
  if (!multi || maxProcesses === undefined || sources.multi !== 'arguments') return [];
  if (multi.kind === 'P' && multi.count === maxProcesses) return [];
  return [
    fault('--multi', `must be P${maxProcesses} or left out, since max_processes is ${maxProcesses}`, showMulti(multi)),
  ];
}

function connectionsFaults({ values }: SettledMirrorOptions, { maxProcesses }: Positionals): readonly Fault[] {
  const { connections } = values;
  const multi = givenMulti(values, maxProcesses);
  const rule = multi && connections !== undefined && brokenRule(multi, connections);
  return rule ? [fault('--connections', rule, `${connections}`)] : [];
}

function passiveFaults({ epsv, pasv }: MirrorOptions): readonly Fault[] {
  return epsv && pasv
    ? [fault('--pasv', 'must be left out where --epsv is given: each means that only it is used')]
    : [];
}

function choosePassive({ epsv, pasv }: MirrorOptions): MirrorParameters['passive'] {
  if (epsv) return 'EPSV';
  return pasv ? 'PASV' : undefined;
}

function chooseLimits(options: MirrorOptions): MirrorParameters['limits'] {
  const { bwlimit: bandwidth, 'max-commands-per-second': commandsPerSecond } = options;
  return {
    ...(bandwidth === undefined ? {} : { bandwidth }),
    ...(commandsPerSecond === undefined ? {} : { commandsPerSecond }),
  };
}

function givenMulti({ multi }: MirrorOptions, maxProcesses: number | undefined): Multi | undefined {
  return maxProcesses === undefined ? multi : { kind: 'P', count: maxProcesses };
}

function chooseConnections(
  { values }: SettledMirrorOptions,
  { maxProcesses }: Positionals,
): MirrorParameters['connections'] {
  const { connections } = values;
  return connections ?? (givenMulti(values, maxProcesses) === undefined ? 'growing' : undefined);
}

function chooseMulti({ values }: SettledMirrorOptions, { maxProcesses }: Positionals, cores: number): Multi {
  const { connections = Number.POSITIVE_INFINITY } = values;
  return givenMulti(values, maxProcesses) ?? defaultMulti(Math.min(cores, connections));
}

function filterParameters(options: MirrorOptions, { extensions }: Positionals): Omit<FilterParameters, 'trash'> {
  return { extensions, exclude: options.exclude, include: options.include, ignoreFile: options['ignore-file'] };
}

function optionParameters(options: MirrorOptions, logFile: string | undefined) {
  return {
    links: options.links,
    once: options.once,
    dryRun: options['dry-run'],
    timeoutSeconds: options.timeout,
    retries: options.retries,
    waitSeconds: options.wait,
    stopTimeoutSeconds: options['stop-timeout'],
    passive: choosePassive(options),
    limits: chooseLimits(options),
    pipeline: options.pipeline,
    resumeAbove: options['resume-above'],
    verify: options.verify,
    relistEveryMs: options['relist-every'],
    deleteExtra: options['delete-extra'],
    maxDelete: options['max-delete'],
    allowEmpty: options['allow-empty'],
    trash: options.trash,
    allowReplaced: options['allow-replaced'],
    log: {
      file: logFile,
      keep: options['log-keep'],
      level: options['log-level'],
      format: options['log-format'],
    },
  };
}
