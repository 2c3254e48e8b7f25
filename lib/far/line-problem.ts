import { codeOf, messageOf } from '../base/coded-error.ts';

const NO_WAY = 'no way leads there: look at the address, and whether the network is there';

// By the codes of the system and of the resolver. They stand behind the words: whoever looks further, looks for them.
const PROBLEMS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there: look at host and port, and whether the server runs',
  ENOTFOUND: 'there is no host of that name: look at its spelling',
  EAI_AGAIN: 'its name cannot be looked up now: look whether the network is there',
  EHOSTUNREACH: NO_WAY,
  ENETUNREACH: NO_WAY,
  EHOSTDOWN: NO_WAY,
  EADDRNOTAVAIL: 'this machine has no address, or no port left, to go there from',
  ETIMEDOUT: 'nobody answered: look at host and port, and whether a firewall is in between',
  ECONNRESET: 'the other end broke the connection',
  EPIPE: 'the other end broke the connection',
};

// Some failures are known only by what the library says of them.
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^Timeout\b/, 'no answer in time (--timeout)'],
  [/^Server (?:sent FIN|closed connection)/, 'the other end closed the connection'],
  [/^Socket closed due to transmission error/, 'the connection broke'],
];

/**
 * What a failure of a connection means and what helps, in words behind `Cannot connect to ...:`.
 *
 * @returns the system's or the library's own words for what is not known
 */
export function lineProblem(error: unknown): string {
  const code = codeOf(error) ?? '';
  const known = PROBLEMS[code];
  if (known !== undefined) return `${known} (${code})`;
  const message = messageOf(error).replace(/^Client is closed because /, '');
  return WORDS.find(([pattern]) => pattern.test(message))?.[1] ?? message;
}
