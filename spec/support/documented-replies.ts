import type { EventEmitter } from 'node:events';
import { repliesOf } from '../../lib/server/command.ts';
import { commandTable, notOffered } from '../../lib/server/command-table.ts';
import type { FtpServerEvents } from '../../lib/server/session-events.ts';

// The greeting, a line that is too long, one that is not UTF-8, a verb that nobody knows, the end of the session.
const WITHOUT_COMMAND: ReadonlySet<number> = new Set([220, 421, 500, 501]);

/** Watch what a server answers. @returns a list that grows by each reply the table of commands does not tell */
export function undocumentedReplies(events: EventEmitter<FtpServerEvents>): readonly string[] {
  const found: string[] = [];
  const current = new Map<number, string>();
  events.on('requestReceived', ({ session, verb, argument }) => {
    // That one is answered while another command is under way, whose reply comes later.
    if (verb !== 'STAT' || argument !== '') current.set(session.id, verb);
  });
  events.on('replySent', ({ session, code }) => {
    const verb = current.get(session.id) ?? '';
    if (code !== 211 && !isDocumented(verb, code)) found.push(`${verb} ${code}`);
  });
  events.on('sessionClosed', ({ session }) => current.delete(session.id));
  return found;
}

function isDocumented(verb: string, code: number): boolean {
  const command = commandTable.get(verb);
  if (WITHOUT_COMMAND.has(code)) return true;
  return command === undefined ? notOffered.has(verb) && code === 502 : repliesOf(command).includes(code);
}
