import type { MirrorParameters } from '../../lib/mirror/parameters.ts';

/** Parameters of a mirror that runs once with a single connection; the far side is not there unless a spec names one. */
export function plainParameters(folder: string, changes: Partial<MirrorParameters> = {}): MirrorParameters {
  return {
    site: { protocol: 'ftp', host: '127.0.0.1', port: 1, user: 'steve', password: 'secret', directory: 'test' },
    localDirectory: `${folder}/near`,
    maxDepth: 9,
    frequencySeconds: 10,
    multi: { kind: '1', count: 1 },
    connections: undefined,
    filter: { extensions: [], exclude: [], include: [], ignoreFile: '.mirrorignore', trash: undefined },
    links: 'skip',
    once: true,
    dryRun: false,
    timeoutSeconds: 5,
    retries: 0,
    waitSeconds: undefined,
    stopTimeoutSeconds: 30,
    passive: undefined,
    pipeline: true,
    resumeAbove: 8 * 1024 * 1024,
    verify: 'size',
    relistEveryMs: Number.POSITIVE_INFINITY,
    limits: {},
    deleteExtra: false,
    tls: {},
    stateDirectory: `${folder}/state`,
    maxDelete: { unit: 'percent', most: 50, above: 20 },
    allowEmpty: false,
    trash: undefined,
    allowReplaced: false,
    log: { file: undefined, keep: 7, level: 'info', format: 'text' },
    progress: false,
    warnings: [],
    given: [],
    ...changes,
  };
}
