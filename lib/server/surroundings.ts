import type { Visit } from './admission/visit.ts';
import type { CommandContext, SessionState } from './command.ts';
import { commandTable } from './command-table.ts';
import type { ControlConnection } from './control-connection.ts';
import type { DataChannel } from './data-channel.ts';
import { abortSignalOf, type Running } from './running.ts';
import type { SessionInfo } from './session-events.ts';
import type { SessionSettings } from './session-settings.ts';

/** What is the same for all commands of a session. */
export type Surroundings = Omit<
  CommandContext,
  'limits' | 'tls' | 'allowsActive' | 'security' | 'signal' | 'wasAborted'
>;

/** What a session is made of. */
interface SessionParts {
  readonly info: SessionInfo;
  readonly visit: Visit;
  readonly state: SessionState;
  readonly control: ControlConnection;
  readonly data: DataChannel;
  readonly ended: AbortSignal;
  readonly running: () => Running | undefined;
}

/** Made once: to put it together for each command would cost more than a command. */
export function surroundingsOf(
  { accounts, spaces, localDisk, clock, rates, expectations, hashes, events }: SessionSettings,
  { info, visit, state, control, data, ended, running }: SessionParts,
): Surroundings {
  return {
    ...{ accounts, spaces, localDisk, clock, rates, expectations, hashes },
    ...{ commands: commandTable, info, visit, state, data, ended },
    client: {
      address: info.remoteAddress,
      hasLeft: () => control.hasEnded,
      silentMs: () => data.silentMs,
      abort: () => running()?.controller.abort(),
      signal: () => abortSignalOf(running()) ?? ended,
    },
    tell: (code, text) => control.reply({ code, text }),
    tellTlsFailure: (reason) => events.emit('tlsFailed', { session: info, connection: 'data', reason }),
  };
}
