import { codeOf } from '../base/coded-error.ts';
import { exitStatus } from '../base/exit-status.ts';
import { readProblem } from '../base/read-problem.ts';
import { writeOutput } from '../base/write-output.ts';
import { printable } from '../files/printable.ts';
import { DeskError } from './desk/desk-error.ts';
import { findDesk } from './desk/find-desk.ts';
import { conflictLines, keptLines, trashLines } from './desk/in-words.ts';
import type { ShareDesk } from './desk/share-desk.ts';
import { statusLines } from './desk/status-lines.ts';
import { type PeerAddress, showAddress } from './link/peer-address.ts';
import type { ShareCommand } from './share-help.ts';
import type { ShareParameters } from './share-parameters.ts';

/** What came out of a command: for people, for machines, and the exit status. */
interface Outcome {
  readonly lines: readonly string[];
  readonly value: unknown;
  readonly status?: number;
}

type DeskCommand = Exclude<ShareCommand, 'run'>;

/**
 * Ask about the share, or have something done to it, whether it runs or not.
 *
 * @returns the exit status
 * @throws CodedError
 */
export async function runCommand(command: DeskCommand, parameters: ShareParameters): Promise<number> {
  const desk = await findDesk(parameters);
  // It keeps the share from being started, and whoever reads the answer may take an hour for it.
  const { lines, value, status = exitStatus.done } = await obey(command, parameters, desk).finally(() => desk.close());
  const text = parameters.values.json ? JSON.stringify(value) : lines.join('\n');
  await answer(`${text}\n`);
  return status;
}

/** @throws DeskError E_OUTPUT */
async function answer(text: string): Promise<void> {
  const problem = await writeOutput(text);
  // Whoever goes away, as head does, has seen enough.
  if (problem === undefined || codeOf(problem) === 'EPIPE') return;
  throw new DeskError('E_OUTPUT', `Cannot write the output: ${readProblem(problem)}`, { cause: problem });
}

async function obey(command: DeskCommand, { order }: ShareParameters, desk: ShareDesk): Promise<Outcome> {
  switch (command) {
    case 'status':
      return showStatus(desk);
    case 'conflicts':
      return order.keep === undefined ? showConflicts(desk) : keep(desk, order.keep);
    case 'trash':
      return order.restore === undefined ? showTrash(desk) : restore(desk, order.restore);
    case 'trust':
      return order.trust === undefined ? { lines: [], value: null } : trust(desk, order.trust);
  }
}

/** With the status of what cannot be reached where it does not run, for scripts. */
async function showStatus(desk: ShareDesk): Promise<Outcome> {
  const status = await desk.status();
  return {
    lines: statusLines(status),
    value: status,
    status: status.isRunning ? exitStatus.done : exitStatus.unreachable,
  };
}

async function showConflicts(desk: ShareDesk): Promise<Outcome> {
  const conflicts = await desk.conflicts();
  return { lines: conflictLines(conflicts), value: conflicts };
}

async function keep(desk: ShareDesk, names: readonly string[]): Promise<Outcome> {
  const kept = await desk.keep(names);
  return { lines: keptLines(kept), value: kept };
}

async function showTrash(desk: ShareDesk): Promise<Outcome> {
  const trash = await desk.trash();
  return { lines: trashLines(trash), value: trash };
}

async function restore(desk: ShareDesk, name: string): Promise<Outcome> {
  const path = await desk.restore(name);
  return { lines: [`Restored : ${printable(path)}`], value: { restored: path } };
}

async function trust(desk: ShareDesk, at: PeerAddress): Promise<Outcome> {
  const { wasKnown, others } = await desk.trust(at);
  const shown = showAddress(at);
  // It may be mistyped: nobody is to believe that the device he means is trusted now.
  const unchanged = others.length === 0 ? 'nothing was changed' : `there are ${others.map(printable).join(', ')}`;
  const line = wasKnown
    ? `Forgotten : the device that is met next at ${shown} is trusted`
    : `Nothing is known of ${shown} : ${unchanged}`;
  return { lines: [line], value: { address: shown, wasKnown, others } };
}
