import type { Limits, PassiveCommand, TlsRules } from '../far/transfer-jobs.ts';
import type { Site } from '../ftp/site.ts';
import type { DeleteLimit } from '../sync/guards.ts';
import type { MirrorOptions } from './mirror-options.ts';
import type { Multi } from './multi.ts';

/** What is left out of the mirror, as the user said it. */
export interface FilterParameters {
  /** Each with its dot. */
  readonly extensions: readonly string[];
  readonly exclude: readonly string[];
  readonly include: readonly string[];
  /** Name of the file with patterns in the local folder; it need not exist and is not mirrored. */
  readonly ignoreFile: string;
  /** Path of the trash below the far root, where there is one: it stays out whatever the patterns say. */
  readonly trash: string | undefined;
}

/** What is logged, and where. */
export interface LogParameters {
  /** Absolute. */
  readonly file: string | undefined;
  /** Days. */
  readonly keep: number;
  readonly level: MirrorOptions['log-level'];
  readonly format: MirrorOptions['log-format'];
}

/** Everything the mirror is told, checked; all paths are absolute. */
export interface MirrorParameters {
  readonly site: Site;
  /** Links resolved. It may be missing where the pair has a journal: a guard's stop, not a wrong parameter. */
  readonly localDirectory: string;
  /** An entry directly in the local folder has depth 1. */
  readonly maxDepth: number;
  /** From the end of a cycle to the start of the next. */
  readonly frequencySeconds: number;
  readonly multi: Multi;
  /** All together; without it each worker has one, and `growing` means as many as get more done. */
  readonly connections: number | 'growing' | undefined;
  readonly filter: FilterParameters;
  readonly links: MirrorOptions['links'];
  readonly once: boolean;
  readonly dryRun: boolean;
  /** For one answer of the server. */
  readonly timeoutSeconds: number;
  /** Tries after the first. */
  readonly retries: number;
  /** How long a server that is away is waited for; without it 300 with `once`, and else without limit. */
  readonly waitSeconds: number | undefined;
  /** How long what has begun may take to end after a stop was asked for. */
  readonly stopTimeoutSeconds: number;
  /** The only way to ask for data connections; without it both are tried. */
  readonly passive: PassiveCommand | undefined;
  /** Are commands sent ahead of the answers to those before? */
  readonly pipeline: boolean;
  /** Files of at least so many bytes go on where a try before broke off. */
  readonly resumeAbove: number;
  readonly verify: MirrorOptions['verify'];
  /** Infinite when the site is never listed again by itself. */
  readonly relistEveryMs: number;
  /** Of all connections together. */
  readonly limits: Pick<Limits, 'bandwidth' | 'commandsPerSecond'>;
  /** Remove what others have on the site, too. */
  readonly deleteExtra: boolean;
  readonly tls: TlsRules;
  /** Folder of the journals; need not exist yet. */
  readonly stateDirectory: string;
  readonly maxDelete: DeleteLimit;
  readonly allowEmpty: boolean;
  /** The folder on the site that removed files are moved to: below the far root, or absolute. */
  readonly trash: string | undefined;
  readonly allowReplaced: boolean;
  readonly log: LogParameters;
  readonly progress: boolean;
  /** What is allowed but not wise, one line each. */
  readonly warnings: readonly string[];
  /** The options that were given and where, one text each, fit for a log. */
  readonly given: readonly string[];
}
