import { randomInt } from 'node:crypto';
import { chmodSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AccountFile } from '../accounts/account-file.ts';
import type { DataFolder } from '../accounts/data-folder.ts';
import { codeOf } from '../base/coded-error.ts';
import { makeFolder } from '../base/make-folder.ts';
import type { GivenOptions, OptionTable } from '../base/option-table.ts';
import { readProblem } from '../base/read-problem.ts';
import { readSecretFile } from '../base/read-secret-file.ts';
import { replaceFile } from '../base/replace-file.ts';
import { demoAdministrator, demoUser, refuseDemoOn } from './demo-accounts.ts';
import { OperationError } from './operation-error.ts';
import { serverOptions } from './server-options.ts';
import type { ServerParameters } from './server-parameters.ts';
import type { ServerSurroundings } from './server-surroundings.ts';

/** What somebody must be told who made a data folder. */
export interface Initialised {
  readonly administrator: string;
  /** Only when nobody knows it yet. */
  readonly password: string | undefined;
}

/**
 * Make a data folder: settings, an administrator, and the folders for users, logs and what runs.
 *
 * conf.json is written last: without it the folder is none, so that one which was not made to its end is not started.
 *
 * @throws OperationError E_DATA_FOLDER when there is something in the folder already, which is left as it is, or it cannot
 *   be made; E_DEMO for a demo that others could reach; AccountsError
 */
export async function initialise(
  { folder, values, given }: ServerParameters,
  { cwd, platform }: Pick<ServerSurroundings, 'cwd' | 'platform'>,
): Promise<Initialised> {
  const file = values['admin-password-file'];
  const chosen = file === undefined ? undefined : await passwordIn(resolve(cwd, file), platform);
  if (values.demo) refuseDemoOn(values.listen);
  claim(folder.root);
  const random = values.demo || chosen !== undefined ? undefined : randomPassword();
  const administrator = {
    name: demoAdministrator.name,
    password: chosen ?? random ?? demoAdministrator.password,
  };
  await AccountFile.create(folder, administrator);
  for (const made of [folder.docs, folder.log]) await mkdir(made, { mode: 0o700 });
  if (values.demo) await addDemoUser(folder);
  await replaceFile(folder.configFile, configOf(given));
  return { administrator: administrator.name, password: random };
}

/** Make the folder, or take one that is empty. */
function claim(root: string): void {
  try {
    makeFolder(root);
    if (readdirSync(root).length > 0) {
      throw new OperationError('E_DATA_FOLDER', `${root} is there already and not empty; nothing was changed`);
    }
    chmodSync(root, 0o700);
  } catch (cause) {
    if (cause instanceof OperationError) throw cause;
    const message = `The data folder ${root} cannot be made: the system says ${codeOf(cause)}`;
    throw new OperationError('E_DATA_FOLDER', message, { cause });
  }
}

async function addDemoUser(folder: DataFolder): Promise<void> {
  const accounts = await AccountFile.open(folder);
  await accounts.add(demoUser.name, demoUser.password);
  await accounts.close();
}

async function passwordIn(path: string, platform: NodeJS.Platform): Promise<string> {
  const refused = (why: string, cause?: unknown) =>
    new OperationError('E_DATA_FOLDER', `--admin-password-file "${path}": ${why}`, { cause });
  const file = await readSecretFile(path, platform).catch((error: unknown) => {
    throw refused(`cannot be read: ${readProblem(error)}`, error);
  });
  const line = file.text?.split(/\r?\n/, 1)[0];
  if (line === undefined) throw refused('holds more than 64 KiB, which is no password');
  if (line === '') throw refused('gives an empty first line instead of a password');
  return line;
}

// Without letters and digits that look alike: it may be copied by hand. 20 of 32 are 100 bits.
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Four groups of five, which a double click and a telephone can cope with. */
function randomPassword(): string {
  const group = () => Array.from({ length: 5 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}

/** The options of the command line, and address and port in any case: they are what is changed first. */
function configOf(given: GivenOptions): string {
  const table: OptionTable = serverOptions;
  const settings: Record<string, unknown> = { listen: serverOptions.listen.default, port: serverOptions.port.default };
  for (const [name, { texts }] of given) {
    const entry = table[name];
    if (!entry || name === 'data' || entry.commandLineOnly) continue;
    const [text = ''] = texts;
    if (entry.type === 'flag') settings[name] = text === 'true';
    else if (entry.type === 'texts') settings[name] = texts;
    else settings[name] = entry.type === 'integer' || entry.type === 'number' ? Number(text) : text;
  }
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}
