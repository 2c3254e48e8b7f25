import { type Fault, fault } from './fault.ts';
import { didYouMean, nearest } from './nearest.ts';
import type { OptionEntry, OptionTable } from './option-table.ts';

/** Arguments in an order and form that leave a reader nothing to guess. */
export interface ArrangedArguments {
  /** Known options only, each as `--name=value`; flags as `--name=true` or `--name=false`. */
  readonly options: readonly string[];
  readonly positionals: readonly string[];
  /** False when an unknown option stands before a word that may be its value: the positionals may be shifted by it. */
  readonly certain: boolean;
  readonly faults: readonly Fault[];
}

/**
 * Tell options, their values and positionals apart, by what the table says each option takes.
 *
 * minimist alone guesses where it should know: it takes `-1` for a flag, swallows the word `true` after a flag, cannot
 * tell `--name` from `--name=`, takes no value that begins with a dash, drops `--__proto__` and breaks on `--==`.
 */
export function arrangeArguments(table: OptionTable, words: readonly string[]): ArrangedArguments {
  return new Arranger(table, words).arrange();
}

class Arranger {
  readonly #options: string[] = [];
  readonly #positionals: string[] = [];
  readonly #faults: Fault[] = [];
  #certain = true;
  readonly #table: OptionTable;
  readonly #names: readonly string[];
  readonly #words: readonly string[];
  #at = 0;

  constructor(table: OptionTable, words: readonly string[]) {
    this.#table = table;
    this.#names = Object.keys(table);
    this.#words = words;
  }

  arrange(): ArrangedArguments {
    for (let word = this.#words[this.#at]; word !== undefined; word = this.#words[this.#at]) {
      this.#at += 1;
      if (word === '--') {
        this.#positionals.push(...this.#words.slice(this.#at));
        break;
      }
      if (looksLikeOption(word)) this.#takeOption(word);
      else this.#positionals.push(word);
    }
    return {
      options: this.#options,
      positionals: this.#positionals,
      certain: this.#certain,
      faults: this.#faults,
    };
  }

  #takeOption(word: string): void {
    const equals = word.indexOf('=');
    const typed = equals < 0 ? word : word.slice(0, equals);
    const value = equals < 0 ? undefined : word.slice(equals + 1);
    const positive = this.#find(typed);
    const negative = typed.startsWith('--no-') ? this.#find(`--${typed.slice('--no-'.length)}`) : undefined;
    if (positive) this.#takeValue({ typed, value, ...positive });
    else if (negative?.entry.type === 'flag') this.#negate(typed, value, negative.name);
    else this.#refuse(typed, value);
  }

  #takeValue({ typed, value, name, entry }: Found & { typed: string; value: string | undefined }): void {
    if (value !== undefined) this.#options.push(`--${name}=${value}`);
    else if (entry.type === 'flag') this.#options.push(`--${name}=true`);
    else if (this.#nextIsValue()) this.#options.push(`--${name}=${this.#words[this.#at++]}`);
    else this.#faults.push(fault(typed, `needs a value: ${typed} ${entry.placeholder ?? 'VALUE'}`));
  }

  #negate(typed: string, value: string | undefined, name: string): void {
    if (value === undefined) this.#options.push(`--${name}=false`);
    else this.#faults.push(fault(typed, `takes no value; write --${name} or ${typed}`));
  }

  // The value of an unknown option may be a password, so it is neither shown nor judged as a positional.
  #refuse(typed: string, value: string | undefined): void {
    const word = typed.replace(/^-+/, '');
    const isFlag = (name: string) => this.#table[name]?.type === 'flag';
    const negated = this.#names.filter(isFlag).map((name) => `no-${name}`);
    // A short word is nearer to many a name that begins with `no-` than to what was meant.
    const known = word.startsWith('no-') ? [...negated, ...this.#names] : this.#names;
    this.#faults.push(fault(typed, `unknown option${didYouMean(word, known, '--')}`));
    if (value !== undefined || !this.#nextIsValue()) return;
    const meant = nearest(word, known);
    if (meant === undefined) this.#certain = false;
    else if (!isFlag(meant) && !negated.includes(meant)) this.#at += 1;
  }

  #nextIsValue(): boolean {
    const next = this.#words[this.#at];
    return next !== undefined && !looksLikeOption(next);
  }

  #find(typed: string): Found | undefined {
    const name = typed.startsWith('--')
      ? typed.slice(2)
      : this.#names.find((known) => this.#table[known]?.alias === typed.slice(1));
    if (name === undefined || !Object.hasOwn(this.#table, name)) return undefined;
    const entry = this.#table[name];
    return entry && { name, entry };
  }
}

interface Found {
  readonly name: string;
  readonly entry: OptionEntry;
}

// A dash alone is a word, and so is what begins like a negative number: the rule of its parameter shall judge it.
function looksLikeOption(word: string): boolean {
  return /^-[^\d.]/.test(word);
}
