import type { SessionView } from '../control/live-server.ts';
import { type Command, mayBeAborted } from './command.ts';
import type { SessionInfo } from './session-events.ts';
import { webVerbs } from './web-verbs.ts';

/** The command that a session is working on. */
export interface Running {
  readonly command: Command;
  readonly controller: AbortController;
  /** Its argument, fit to be told. */
  readonly shown: string;
  /** When it began, milliseconds since 1970 (UTC). */
  readonly since: number;
}

/** Aborted by ABOR and by the end of the session; `undefined` for what only the latter ends. */
export function abortSignalOf(running: Running | undefined): AbortSignal | undefined {
  return running !== undefined && mayBeAborted(running.command) ? running.controller.signal : undefined;
}

/** An argument as it may be told: secrets are not. */
export function shownArgument(verb: string, argument: string): string {
  return verb === 'PASS' || verb === 'ACCT' ? '****' : argument;
}

/**
 * A command line that is no command, as it may be told: a password may be in it, behind a blank or a letter too few.
 *
 * @param verb in upper case
 */
export function shownUnknown(verb: string, argument: string): { readonly verb: string; readonly argument: string } {
  return {
    verb: /^[A-Z]{3,4}$/.test(verb) || webVerbs.has(verb) ? verb : '?',
    argument: argument === '' ? '' : '****',
  };
}

/** What is to be seen of a session; times in milliseconds since 1970 (UTC). */
interface Seen {
  readonly info: SessionInfo;
  readonly user: string | undefined;
  readonly isTls: boolean;
  readonly running: Running | undefined;
  readonly movedBytes: number;
  readonly began: number;
  readonly activeAt: number;
  readonly now: number;
}

/** A session as whoever runs the server may see it. */
export function viewOf({ info, user, isTls, running, movedBytes, began, activeAt, now }: Seen): SessionView {
  const bytes = running?.command.usesData ? movedBytes : 0;
  const seconds = running === undefined ? 0 : (now - running.since) / 1000;
  return {
    id: info.id,
    user: user ?? null,
    address: info.remoteAddress,
    port: info.remotePort,
    isTls,
    sinceMs: began,
    idleMs: running === undefined ? now - activeAt : 0,
    command: running === undefined ? null : `${running.command.verb} ${running.shown}`.trim(),
    bytes,
    bytesPerSecond: seconds > 0 ? Math.round(bytes / seconds) : 0,
  };
}
