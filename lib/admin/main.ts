import { codeOf, messageOf } from '../base/coded-error.ts';
import { exitStatus } from '../base/exit-status.ts';
import { fault } from '../base/fault.ts';
import { packageVersion } from '../base/package-version.ts';
import { readProblem } from '../base/read-problem.ts';
import { standardOutput } from '../base/standard-output.ts';
import { openAdministration } from '../control/open-administration.ts';
import { adminHelp } from './admin-help.ts';
import { Desk } from './desk.ts';
import { exitStatusOf } from './exit-status-of.ts';
import { findLogin } from './find-login.ts';
import { Menu, type MenuSurroundings } from './menu.ts';
import { readOrder } from './read-order.ts';
import { givenIn, type Surroundings, systemSurroundings } from './surroundings.ts';

/**
 * The administrator's tool as a program.
 *
 * @param words the arguments without node and script
 * @returns the exit status; see docs/reference/exit-statuses.md
 */
export async function main(words: readonly string[]): Promise<number> {
  const stdout = standardOutput();
  const lost: unknown[] = [];
  // Whoever reads the result may go away.
  stdout.on('error', (error) => codeOf(error) === 'EPIPE' || lost.push(error));
  process.stderr.on('error', () => undefined);
  const surroundings = systemSurroundings({ stdin: process.stdin, stdout, stderr: process.stderr });
  try {
    const status = await start(words, surroundings);
    // Behind all that was written: what fails is told by then.
    await new Promise((resolve) => stdout.write('', resolve));
    if (lost.length === 0) return status;
    surroundings.tell(`Cannot write the output: ${readProblem(lost[0])}`);
    return status === exitStatus.done ? exitStatus.someFailed : status;
  } catch (error) {
    surroundings.tell(messageOf(error));
    return exitStatusOf(error);
  }
}

async function start(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const { write, tell } = surroundings;
  const { values, command, words: rest, faults } = readOrder(words, givenIn(surroundings.environment));
  if (values.help) {
    write(adminHelp(surroundings.columns, command));
    return exitStatus.done;
  }
  if (values.version) {
    write(packageVersion());
    return exitStatus.done;
  }
  const { ask } = surroundings;
  const nobody =
    command || ask || faults.length > 0 ? [] : [fault('command', 'is missing: the menu needs a terminal, see --help')];
  const found = await findLogin(values, [...faults, ...nobody], surroundings);
  for (const warning of found.warnings) tell(warning);
  if (found.kind === 'faults') {
    for (const { message } of found.faults) tell(message);
    return exitStatus.usage;
  }
  const desk = new Desk(found.login, { ...surroundings, open: (login) => openAdministration(found.folder, login) });
  if (command) return command.run(desk, { values, words: rest });
  if (ask) await showMenu(desk, { ...surroundings, ask });
  return exitStatus.done;
}

async function showMenu(desk: Desk, surroundings: MenuSurroundings): Promise<void> {
  const isLive = await desk.prove();
  surroundings.write(isLive ? 'The server runs.' : 'No server runs: what you do holds from its next start on.');
  await new Menu(desk, surroundings).run();
}
