/** One login of a .netrc file. */
export interface NetrcEntry {
  /** `undefined` for the `default` entry. */
  readonly machine: string | undefined;
  readonly login: string | undefined;
  readonly password: string | undefined;
}

/** Whom to find a login for. */
export interface NetrcQuery {
  readonly host: string;
  /** Where it is known, only an entry for this user or for no special one fits. */
  readonly user: string | undefined;
}

type Draft = { -readonly [Key in keyof NetrcEntry]: NetrcEntry[Key] };

// A quoted text with backslash escapes, as curl has them, or a run without blanks.
const WORD = /\s*(?:"((?:[^"\\]|\\[\s\S])*)"|(\S+))/y;
const COMMENTS = /(?:\s*#[^\n]*)*/y;
const END_OF_MACRO = /\n[ \t\r]*(?:\n|$)/g;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Read a .netrc file: `machine`, `default`, `login` and `password` count; `account` and `macdef` are passed over.
 *
 * There is no standard; this takes what ftp, curl and Python's netrc have in common. Words it does not know are passed
 * over as well, since every program adds its own.
 */
export function parseNetrc(text: string): readonly NetrcEntry[] {
  const entries: Draft[] = [];
  const words = new Words(text);
  for (let word = words.keyword(); word !== undefined; word = words.keyword()) {
    const last = entries.at(-1);
    if (word === 'machine') entries.push({ machine: words.value(), login: undefined, password: undefined });
    else if (word === 'default') entries.push({ machine: undefined, login: undefined, password: undefined });
    else if (word === 'macdef') words.skipMacro();
    else if (word === 'account') words.value();
    else if (word === 'login' && last) last.login = words.value();
    else if (word === 'password' && last) last.password = words.value();
  }
  return entries;
}

/** The first entry that fits; a default one only where no entry for the machine does. */
export function findEntry(entries: readonly NetrcEntry[], { host, user }: NetrcQuery): NetrcEntry | undefined {
  const fitting = entries.filter(({ login }) => user === undefined || login === undefined || login === user);
  const named = fitting.find(({ machine }) => machine?.toLowerCase() === host.toLowerCase());
  return named ?? fitting.find(({ machine }) => machine === undefined);
}

class Words {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next word, comments left out. */
  keyword(): string | undefined {
    COMMENTS.lastIndex = this.#at;
    COMMENTS.exec(this.#text);
    this.#at = COMMENTS.lastIndex;
    return this.value();
  }

  /** The next word whatever it begins with: a password may begin with `#`. */
  value(): string | undefined {
    WORD.lastIndex = this.#at;
    const match = WORD.exec(this.#text);
    this.#at = match ? WORD.lastIndex : this.#text.length;
    return match?.[1]?.replaceAll(/\\([\s\S])/g, (_, letter: string) => ESCAPES[letter] ?? letter) ?? match?.[2];
  }

  /** A macro ends with an empty line; its body may hold any words. */
  skipMacro(): void {
    END_OF_MACRO.lastIndex = this.#at;
    this.#at = END_OF_MACRO.exec(this.#text) ? END_OF_MACRO.lastIndex : this.#text.length;
  }
}
