import type { AdmissionRules } from './admission/admission-rules.ts';
import type { ChangeableOptions } from './ftp-server.ts';
import { defaultLimits } from './limits.ts';
import { mostOpenFiles, withinOpenFiles } from './open-files.ts';
import type { ServerValues } from './server-options.ts';

/** What the options say of the sessions; all of it can be set anew while the server runs. */
export function settingsOf(
  values: ServerValues,
): Omit<ChangeableOptions, 'tls'> & { readonly admission: AdmissionRules } {
  const { 'passive-ports': ports, 'external-address': external } = values;
  return {
    greeting: values.greeting,
    allowsActive: values.active,
    ...(external === undefined ? {} : { externalAddress: external }),
    ...(ports === undefined ? {} : { passivePorts: ports }),
    limits: {
      ...defaultLimits,
      loginMs: values['login-timeout'] * 1000,
      idleMs: values['idle-timeout'] * 1000,
      dataWaitMs: values['data-timeout'] * 1000,
      stallMs: values['stall-timeout'] * 1000,
      uploadBytesPerSecond: values['upload-rate'] ?? Number.POSITIVE_INFINITY,
      downloadBytesPerSecond: values['download-rate'] ?? Number.POSITIVE_INFINITY,
      hashBytes: values['max-hash-size'],
    },
    admission: withinOpenFiles(
      {
        sessions: values['max-sessions'],
        pending: values['max-pending'],
        perAddress: values['max-per-address'],
        perUser: values['max-per-user'] ?? Number.POSITIVE_INFINITY,
        attempts: values['login-attempts'],
        delayMs: values['login-delay'] * 1000,
        addressAfter: orNever(values['ban-after']),
        userAfter: orNever(values['ban-user-after']),
        banMs: values['ban-time'],
      },
      mostOpenFiles(),
    ),
  };
}

function orNever(count: number): number {
  return count === 0 ? Number.POSITIVE_INFINITY : count;
}

/** Options that are looked at only when the server begins. */
const AT_START = [
  'listen',
  'port',
  'tls-implicit-port',
  'max-waiting-logins',
  'verbose',
  'log-level',
  'log-format',
  'log-keep',
  'log-utc',
  'xferlog',
] as const satisfies readonly (keyof ServerValues)[];

/** Those of them that have another value now, and wait for the next start. */
export function waitingForStart(before: ServerValues, now: ServerValues): readonly string[] {
  return AT_START.filter((name) => before[name] !== now[name]);
}
