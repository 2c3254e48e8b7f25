import { type SettledOptions, settleOptions } from '../base/command-line.ts';
import { didYouMean } from '../base/nearest.ts';
import type { OptionEntry, ValuesOf } from '../base/option-table.ts';
import { defaultTextOf } from '../base/option-text.ts';
import { showText } from '../base/show-text.ts';
import { ClientError } from './client-error.ts';
import { clientOptions } from './client-options.ts';

/** The values of the client's options. */
export type ClientOptions = ValuesOf<typeof clientOptions>;

/** What the client is told, on the command line at first and by `set` later on. */
export class Settings {
  #values: ClientOptions;
  readonly #texts: Map<string, string>;

  /** @param texts those that were given, as they were typed */
  constructor(values: ClientOptions, texts: ReadonlyMap<string, string> = new Map()) {
    this.#values = values;
    this.#texts = new Map(texts);
  }

  get values(): ClientOptions {
    return this.#values;
  }

  /** The names that `set` knows. */
  static get names(): readonly string[] {
    return Object.entries(clientOptions).flatMap(([name, entry]) => ('commandLineOnly' in entry ? [] : [name]));
  }

  /** @throws ClientError E_COMMAND; the setting stays what it was */
  set(name: string, text: string): void {
    this.#assertKnown(name);
    const given = new Map([[name, { label: `set ${name}`, texts: [asFlag(text)] }]]);
    const { values, faults } = settleOptions(clientOptions, { arguments: given }) as SettledOptions<
      typeof clientOptions
    >;
    const [fault] = faults;
    if (fault) throw new ClientError('E_COMMAND', fault.message);
    this.#values = { ...this.#values, [name]: values[name as keyof ClientOptions] };
    this.#texts.set(name, text);
  }

  /** The value of a setting as it would be typed. @throws ClientError E_COMMAND */
  show(name: string): string {
    this.#assertKnown(name);
    const value = this.#values[name as keyof ClientOptions];
    if (typeof value === 'boolean') return value ? 'on' : 'off';
    const entry: OptionEntry = clientOptions[name as keyof ClientOptions];
    return this.#texts.get(name) ?? defaultTextOf(entry) ?? 'none';
  }

  #assertKnown(name: string): void {
    if (Settings.names.includes(name)) return;
    throw new ClientError(
      'E_COMMAND',
      `set: there is no setting "${showText(name)}"${didYouMean(name, Settings.names)}`,
    );
  }

  /** The same settings for somebody else. */
  copy(): Settings {
    return new Settings(this.#values, this.#texts);
  }
}

/** People type on and off, the option table reads true and false. */
function asFlag(text: string): string {
  const words: Readonly<Record<string, string>> = { on: 'true', yes: 'true', off: 'false', no: 'false' };
  return words[text] ?? text;
}
