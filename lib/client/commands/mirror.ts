import { basename, posix } from 'node:path';
import type { NumberRange } from '../../base/plain-number.ts';
import { describeOutcome, isComplete } from '../../sync/cycle-summary.ts';
import { ClientError } from '../client-error.ts';
import type { Command, CommandCall } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { mirrorFolders } from '../mirror-folders.ts';
import { shownName } from '../output.ts';
import { numberOption } from '../read-arguments.ts';

// More connections than this gain nothing, and most servers refuse them.
const MOST_PARALLEL = 16;
const USUAL_PARALLEL = 2;
// Deeper than any tree that people make.
const DEEPEST = 1000;

/** Commands that make one folder equal to another. */
export const mirrorCommands: readonly Command[] = [
  {
    name: 'mirror',
    family: 'Keeping folders equal',
    usage: '[FROM [TO]]',
    help: 'Make a local folder equal to one on the site, or the other way round with -R; without names the two current folders, with one the folder of that name',
    options: [
      { name: 'reverse', letter: 'R', help: 'From here to the site: FROM is local, TO is on the site' },
      { name: 'delete', letter: 'e', help: 'Remove at the target what the source does not have' },
      { name: 'dry-run', letter: 'n', help: 'Only tell what would be done' },
      {
        name: 'exclude',
        letter: 'x',
        placeholder: 'PATTERN',
        help: 'Leave out what fits a pattern as in .gitignore, on both sides; may be repeated',
      },
      { name: 'parallel', letter: 'P', placeholder: 'N', help: 'Connections, 1 to 16; 2 unless told' },
      { name: 'depth', letter: 'd', placeholder: 'N', help: 'No deeper than so many levels' },
      {
        name: 'max-delete',
        placeholder: 'N',
        help: 'Remove no more than so many entries; half of them unless told, where there are more than 20',
      },
      { name: 'allow-empty', help: 'Remove all of the target also when the source is empty' },
    ],
    ...{ most: 2, completes: ['remote-folder', 'local'], needsLogin: true },
    run: mirror,
  },
];

async function mirror(context: CommandContext, { words, options }: CommandCall): Promise<void> {
  const [from = '', to] = words.map(({ text }) => text);
  const isPush = options.has('reverse');
  const dryRun = options.has('dry-run');
  const number = (name: string, range: NumberRange) => numberOption(options, { command: 'mirror', name, range });
  const summary = await mirrorFolders(
    {
      ...(isPush ? pushed(from, to, context) : pulled(from, to, context)),
      direction: isPush ? 'push' : 'pull',
      deletes: options.has('delete'),
      dryRun,
      excluded: (options.get('exclude') ?? '').split('\n').filter((pattern) => pattern !== ''),
      connections: number('parallel', [1, MOST_PARALLEL]) ?? USUAL_PARALLEL,
      maxDepth: number('depth', [1, DEEPEST]) ?? DEEPEST,
      mostDeleted: number('max-delete', [0, Number.POSITIVE_INFINITY]),
      allowEmpty: options.has('allow-empty'),
    },
    context,
  );
  context.session.forgetListings();
  const told = describeOutcome(summary, isPush ? 'sent' : 'fetched');
  context.output.show({
    facts: { ...summary, dryRun },
    lines: [dryRun ? `Dry run, nothing was changed : ${told}` : told.replace(/^./, (letter) => letter.toUpperCase())],
  });
  if (!isComplete(summary)) throw new ClientError('E_NOT_ALL', 'Some entries could not be mirrored: see above');
}

interface Places {
  /** Absolute paths. */
  readonly near: string;
  readonly far: string;
}

function pulled(from: string, to: string | undefined, { session, local }: CommandContext): Places {
  return { far: session.far.absolute(from), near: local.resolve(to ?? sameName(from, posix.basename(from))) };
}

function pushed(from: string, to: string | undefined, { session, local }: CommandContext): Places {
  return { near: local.resolve(from), far: session.far.absolute(to ?? sameName(from, basename(from))) };
}

/**
 * The name of a folder, which the other one is to have as well; `''` for the current folders, where nothing was named.
 *
 * `/` and `..` have none. Whatever was taken in its place, such as the current folder, would be filled with, and with -e emptied
 * of, what nobody had in mind.
 *
 * @param from as it was typed, and `name` the last part of it
 */
function sameName(from: string, name: string): string {
  if (from === '' || !['', '.', '..', '~'].includes(name)) return name;
  throw new ClientError(
    'E_COMMAND',
    `mirror: ${shownName(from)} has no name of its own: say where to, as in mirror ${shownName(from)} FOLDER`,
  );
}
