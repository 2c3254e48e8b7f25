import { messageOf } from '../base/coded-error.ts';
import { adminHelp } from './admin-help.ts';
import { type AdminOptionName, adminOptions } from './admin-options.ts';
import { commandTable, findCommand } from './command-table.ts';
import type { Desk } from './desk.ts';
import { readOrder } from './read-order.ts';
import { splitWords } from './split-words.ts';
import type { Ask } from './surroundings.ts';

/** What a menu stands in. */
export interface MenuSurroundings {
  readonly write: (line: string) => void;
  readonly ask: Ask;
  readonly columns: number;
}

interface Entry {
  readonly label: string;
  readonly words: string;
  /** Options that are asked for, too. */
  readonly asks?: readonly AdminOptionName[];
}

// What is done most; everything else is typed.
const ENTRIES: readonly Entry[] = [
  { label: 'Show all users', words: 'user list' },
  { label: 'Register a user', words: 'user add', asks: ['quota', 'read-only'] },
  { label: 'Show all about a user', words: 'user show' },
  { label: 'Change the quota of a user', words: 'user quota' },
  { label: 'Change the password of a user', words: 'user passwd' },
  { label: 'Disable a user', words: 'user disable' },
  { label: 'Enable a user', words: 'user enable' },
  { label: 'Remove a user', words: 'user del', asks: ['purge'] },
  { label: 'Show who is on', words: 'who' },
  { label: 'Send a user away', words: 'kick' },
  { label: 'Show the log', words: 'log' },
  { label: 'Change the password of the administrator', words: 'admin passwd' },
];

const KNOWN: readonly string[] = [...commandTable.map(({ words }) => words), 'help', 'menu', 'exit'];

const LEAVE: readonly string[] = ['0', 'exit', 'quit', 'bye'];

/** Somebody sits at a terminal: shows what can be done, and does one thing after the other until told to leave. */
export class Menu {
  readonly #desk: Desk;
  readonly #surroundings: MenuSurroundings;

  constructor(desk: Desk, surroundings: MenuSurroundings) {
    this.#desk = desk;
    this.#surroundings = surroundings;
  }

  /** Fulfilled when the administrator leaves. */
  async run(): Promise<void> {
    this.#showEntries();
    for (;;) {
      const line = await this.#surroundings.ask('miniftp-admin> ', KNOWN);
      const words = line === undefined ? ['exit'] : splitWords(line);
      if (words?.length === 1 && LEAVE.includes(words[0] ?? '')) return;
      await this.#answer(words);
    }
  }

  async #answer(words: readonly string[] | undefined): Promise<void> {
    const { write, columns } = this.#surroundings;
    if (words === undefined) return write('A quote is not closed');
    const [first] = words;
    if (first === undefined) return;
    const entry = /^\d+$/.test(first) && words.length === 1 ? ENTRIES[Number(first) - 1] : undefined;
    if (first === 'menu') return this.#showEntries();
    if (first === 'help') {
      const found = findCommand(words.slice(1));
      return write(adminHelp(columns, 'command' in found ? found.command : undefined));
    }
    const order = entry ? await this.#orderOf(entry) : words;
    if (order) await this.#do(order);
  }

  #showEntries(): void {
    const { write } = this.#surroundings;
    for (const [at, { label }] of ENTRIES.entries()) write(`${String(at + 1).padStart(3)}  ${label}`);
    write('  0  Leave; the server goes on');
    write('Type a number, or a command: help shows all of them, menu shows this again.');
  }

  async #do(words: readonly string[]): Promise<void> {
    const { write } = this.#surroundings;
    const { command, values, words: rest, faults } = readOrder(words);
    for (const { message } of faults) write(message);
    if (!command || faults.length > 0) return;
    try {
      await command.run(this.#desk, { values, words: rest });
    } catch (error) {
      write(messageOf(error));
    }
  }

  /** @returns the words that would have been typed; `undefined` when an answer was refused */
  async #orderOf({ words, asks = [] }: Entry): Promise<readonly string[] | undefined> {
    const command = commandTable.find((known) => known.words === words);
    const positionals: string[] = [];
    for (const { name, help } of command?.positionals ?? []) {
      const answer = (await this.#surroundings.ask(`${name} (${help}): `))?.trim();
      if (!answer) return undefined;
      positionals.push(answer);
    }
    const options: string[] = [];
    for (const name of asks) options.push(...(await this.#optionOf(name)));
    return [...words.split(' '), ...options, '--', ...positionals];
  }

  async #optionOf(name: AdminOptionName): Promise<readonly string[]> {
    const { help, type } = adminOptions[name];
    const question = type === 'flag' ? `${help}? [y/N] ` : `${help} (nothing: as it is without): `;
    const answer = (await this.#surroundings.ask(question))?.trim() ?? '';
    if (type === 'flag') return /^y(es)?$/i.test(answer) ? [`--${name}`] : [];
    return answer === '' ? [] : [`--${name}=${answer}`];
  }
}
