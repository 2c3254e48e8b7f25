import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DetailedEntry } from '../../ftp/listing-details.ts';
import type { Command, CommandCall } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { listingLines, orderOf } from '../listing-lines.ts';
import { localError } from '../local-folder.ts';
import { sorted } from '../names.ts';
import { shownName } from '../output.ts';

const family = 'This machine';

/** Commands for this machine. */
export const localCommands: readonly Command[] = [
  {
    name: 'lcd',
    family,
    usage: '[FOLDER]',
    help: 'Go to another local folder; without a name to your own',
    ...{ most: 1, completes: ['local'], needsLogin: false },
    run: async ({ local, output }, { words }) => {
      local.change(words[0]?.text ?? '~');
      output.show({ facts: { folder: local.path }, lines: [shownName(local.path)] });
    },
  },
  {
    name: 'lpwd',
    family,
    usage: '',
    help: 'Show the local folder',
    ...{ most: 0, needsLogin: false },
    run: async ({ local, output }) => {
      output.show({ facts: { folder: local.path }, lines: [shownName(local.path)] });
    },
  },
  {
    name: 'lls',
    family,
    usage: '[FOLDER]',
    help: 'Show names, sizes and times of what is in a local folder',
    options: [
      { name: 'names', letter: '1', help: 'Names only, one a line' },
      { name: 'human', letter: 'h', help: 'Sizes with units' },
    ],
    ...{ most: 1, completes: ['local'], needsLogin: false },
    run: list,
  },
];

async function list({ local, output }: CommandContext, { words, options }: CommandCall): Promise<void> {
  const folder = local.resolve(words[0]?.text ?? '.');
  const entries = sorted(entriesIn(folder).filter(({ name }) => !name.startsWith('.')));
  output.show({ facts: { of: folder, entries }, lines: listingLines(entries, orderOf(options)) });
}

function entriesIn(folder: string): readonly DetailedEntry[] {
  try {
    return readdirSync(folder).flatMap((name) => {
      const stats = statSync(join(folder, name), { throwIfNoEntry: false });
      if (!stats) return [];
      const kind = stats.isDirectory() ? 'directory' : stats.isFile() ? 'file' : 'other';
      return [{ name, kind, size: kind === 'file' ? stats.size : 0, mtimeMs: stats.mtimeMs } as const];
    });
  } catch (error) {
    throw localError(`Cannot list ${shownName(folder)}`, error);
  }
}
