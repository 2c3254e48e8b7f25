import { didYouMean } from '../base/nearest.ts';
import { type NumberRange, wholeNumber, wholeNumberRule } from '../base/plain-number.ts';
import { showText } from '../base/show-text.ts';
import { ClientError } from './client-error.ts';
import type { Command, CommandCall, CommandOption } from './command.ts';
import type { Word } from './parse-line.ts';

/** How a command is called: `put [-c] [-f] FILE [NAME]`. */
export function signatureOf({ name, options = [], usage }: Pick<Command, 'name' | 'options' | 'usage'>): string {
  const shown = options.map((option) => `[${shortest(option)}]`);
  return [name, ...shown, usage].filter((part) => part !== '').join(' ');
}

/**
 * Tell options and arguments of a command apart, by what its table says of each.
 *
 * @param words without the name of the command
 * @param rest the same as it was typed
 * @throws ClientError E_COMMAND
 */
export function readArguments(command: Command, words: readonly Word[], rest = ''): CommandCall {
  const { least = 0, most = Number.POSITIVE_INFINITY } = command;
  const call = command.raw ? { words, options: new Map<string, string>() } : tellApart(command, words);
  if (call.words.length < least) throw wrong(command, 'there is an argument missing');
  // As a script has it where something was to be filled in. Nobody means the current folder by that.
  if (!command.raw && call.words.some(({ text }) => text === '')) throw wrong(command, 'a name is empty');
  if (call.words.length > most) throw wrong(command, 'there are too many arguments');
  return { ...call, rest };
}

/** An option of a command whose value is a number. */
interface NumberOption {
  readonly command: string;
  readonly name: string;
  readonly range: NumberRange;
}

/** The value of an option; `undefined` where it was not given. @throws ClientError E_COMMAND */
export function numberOption(
  options: CommandCall['options'],
  { command, name, range }: NumberOption,
): number | undefined {
  const text = options.get(name);
  if (text === undefined) return undefined;
  const number = wholeNumber(text, range);
  if (number !== undefined) return number;
  throw new ClientError('E_COMMAND', `${command}: --${name} ${wholeNumberRule(range)}, not "${showText(text)}"`);
}

function tellApart(command: Command, all: readonly Word[]): Omit<CommandCall, 'rest'> {
  const words: Word[] = [];
  const options = new Map<string, string>();
  const take = [...all];
  for (let word = take.shift(); word !== undefined; word = take.shift()) {
    const typed = word.text;
    if (typed === '--') return { words: [...words, ...take], options };
    if (!/^-[^-]|^--./.test(typed)) {
      words.push(word);
      continue;
    }
    for (const { option, value } of readOption(command, typed)) {
      const given = option.placeholder === undefined ? '' : (value ?? take.shift()?.text);
      if (given === undefined) throw wrong(command, `${typed} needs a value`);
      const before = options.get(option.name);
      options.set(option.name, before === undefined ? given : `${before}\n${given}`.trim());
    }
  }
  return { words, options };
}

interface Given {
  readonly option: CommandOption;
  readonly value?: string;
}

/** `-rf` is two options, `-n5` one with its value. */
function readOption(command: Command, typed: string): readonly Given[] {
  const known = command.options ?? [];
  if (typed.startsWith('--')) {
    const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(typed) ?? [];
    const option = known.find((one) => one.name === name);
    if (!option) {
      const names = known.map((one) => one.name);
      throw wrong(command, `it has no option --${name}${didYouMean(name, names, '--')}`);
    }
    if (value !== undefined && option.placeholder === undefined) throw wrong(command, `--${name} takes no value`);
    return [value === undefined ? { option } : { option, value }];
  }
  const given: Given[] = [];
  for (let at = 1; at < typed.length; at += 1) {
    const option = known.find(({ letter }) => letter === typed[at]);
    if (!option) throw wrong(command, `it has no option -${typed[at]}`);
    const rest = typed.slice(at + 1);
    if (option.placeholder !== undefined && rest !== '') return [...given, { option, value: rest }];
    given.push({ option });
  }
  return given;
}

function wrong(command: Command, what: string): ClientError {
  return new ClientError('E_COMMAND', `${command.name}: ${what}; its form is: ${signatureOf(command)}`);
}

function shortest({ name, letter, placeholder }: CommandOption): string {
  const option = letter === undefined ? `--${name}` : `-${letter}`;
  return placeholder === undefined ? option : `${option} ${placeholder}`;
}
