import type { NumberRange } from './plain-number.ts';

interface EntryBase {
  /** One or more sentences for `--help` and the reference page, without the unit and the default. */
  readonly help: string;
  /** The heading it stands under. */
  readonly group: string;
  /** One letter that may be typed instead of the name: `h` for `-h`. */
  readonly alias?: string;
  /** What stands for the value in help: `FILE`. */
  readonly placeholder?: string;
  /** What a number counts: `seconds`. */
  readonly unit?: string;
  /** The default in words, where the default itself says too little or depends on something. */
  readonly defaultText?: string;
  /** Its value is never shown: not in a fault, not in a log. */
  readonly secret?: boolean;
  /** It makes sense on the command line only, not in a config file or the environment. */
  readonly commandLineOnly?: boolean;
}

/** `--name` and `--no-name`. */
export interface FlagEntry extends EntryBase {
  readonly type: 'flag';
  readonly default?: boolean;
}

/** A number in plain digits; `integer` takes no decimal point. */
export interface NumberEntry extends EntryBase {
  readonly type: 'integer' | 'number';
  readonly range: NumberRange;
  readonly default?: number;
}

/** Any text that is not empty and has no control characters. */
export interface TextEntry extends EntryBase {
  readonly type: 'text';
  readonly default?: string;
}

/** A text that may be given several times; without any it is an empty list. */
export interface TextsEntry extends EntryBase {
  readonly type: 'texts';
}

/** One of some words. */
export interface ChoiceEntry extends EntryBase {
  readonly type: 'choice';
  readonly choices: readonly string[];
  readonly default?: string;
}

/** A notation of its own. */
export interface ParsedEntry extends EntryBase {
  readonly type: 'parsed';
  /** @returns `undefined` for a text that breaks the rule */
  readonly parse: (text: string) => unknown;
  /** What the text must be, in words that go on after the value: `must be ...`. */
  readonly rule: string;
  readonly default?: unknown;
}

/** All that is known of one option. */
export type OptionEntry = FlagEntry | NumberEntry | TextEntry | TextsEntry | ChoiceEntry | ParsedEntry;

/**
 * The options of a program by their names as typed, in the order in which help shows them.
 *
 * Written as `const xOptions = {...} as const satisfies OptionTable`; everything else follows from it.
 */
export type OptionTable = Readonly<Record<string, OptionEntry>>;

type ValueOf<Entry> = Entry extends FlagEntry
  ? boolean
  : Entry extends NumberEntry
    ? number
    : Entry extends TextsEntry
      ? readonly string[]
      : Entry extends ChoiceEntry
        ? Entry['choices'][number]
        : Entry extends ParsedEntry
          ? Exclude<ReturnType<Entry['parse']>, undefined>
          : string;

/** The checked values of a table's options: `undefined` is possible only where there is no default. */
export type ValuesOf<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends { default: unknown } | { type: 'texts' }
    ? ValueOf<Table[Name]>
    : ValueOf<Table[Name]> | undefined;
};

/** Where a value came from. */
export type OptionSource = 'arguments' | 'environment' | 'config' | 'default';

/** What one source says of one option, not checked yet. */
export interface GivenOption {
  /** How the user knows it there: `--retries`, `FILESMIRROR_RETRIES`, `retries in mirror.json`. */
  readonly label: string;
  /** Each time it was given; flags as `true` or `false`. */
  readonly texts: readonly string[];
}

/** What one source says, by option name. */
export type GivenOptions = ReadonlyMap<string, GivenOption>;
