import { exitStatus } from '../../base/exit-status.ts';
import { wholeNumber } from '../../base/plain-number.ts';
import { ClientError } from '../client-error.ts';
import type { Command, CommandCall } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import type { Job } from '../job-list.ts';
import { shownName } from '../output.ts';
import type { Word } from '../parse-line.ts';
import { progressText } from '../transfer-show.ts';

const family = 'Jobs';

/** Commands for what is done beside what is typed. */
export const jobCommands: readonly Command[] = [
  {
    name: 'queue',
    family,
    usage: 'COMMAND',
    help: 'Do a command when those queued before are done, on a connection of its own; COMMAND & begins one at once instead',
    ...{ least: 1, completes: ['command'], needsLogin: true, raw: 'statement' as const },
    run: async ({ begin, output }, { rest }) => {
      const { number, source } = begin(rest, 'behind');
      output.show({ facts: { job: number, source }, lines: [`[${number}] queued: ${shownName(source)}`] });
    },
  },
  {
    name: 'jobs',
    family,
    usage: '',
    help: 'Show what is done beside what you type, how far its transfer is, and what became of it',
    ...{ most: 0, needsLogin: false },
    run: async ({ jobs, output }) => {
      output.show({ facts: { jobs: jobs.all }, lines: jobs.all.flatMap(linesOf) });
    },
  },
  {
    name: 'wait',
    family,
    usage: '[N]',
    help: 'Wait until a job has ended, or all of them',
    ...{ most: 1, needsLogin: false },
    run: waitFor,
  },
  {
    name: 'kill',
    family,
    usage: 'N|all',
    help: 'End a job, or all of them; what has arrived of its file stays',
    ...{ least: 1, most: 1, needsLogin: false },
    run: async ({ jobs }, { words }) => {
      if (words[0]?.text === 'all') jobs.killAll();
      else jobs.kill(numberOf(words[0]));
    },
  },
];

async function waitFor({ jobs, signal, isJob }: CommandContext, { words }: CommandCall): Promise<void> {
  // It would wait for itself, or for those that are queued behind it.
  if (isJob) throw new ClientError('E_COMMAND', 'wait: a job cannot wait for jobs; queue does one after the other');
  const status = await jobs.wait(words.length === 0 ? undefined : numberOf(words[0]), signal);
  if (signal.aborted) throw new ClientError('E_INTERRUPTED', 'Interrupted; the jobs go on');
  if (status !== exitStatus.done) throw new ClientError('E_JOB_FAILED', 'A job has failed: jobs shows which');
}

function numberOf(word: Word | undefined): number {
  const number = wholeNumber(word?.text ?? '', [1, Number.MAX_SAFE_INTEGER]);
  if (number !== undefined) return number;
  throw new ClientError('E_COMMAND', `A job is known by its number, not by "${word?.text ?? ''}": jobs shows them`);
}

function linesOf({ number, state, source, progress }: Job): readonly string[] {
  const line = `[${number}] ${state.padEnd(7)}  ${shownName(source)}`;
  return progress === undefined ? [line] : [line, `    ${progressText(progress)}`];
}
