import type { PlainError } from '../base/coded-error.ts';
import { ControlError } from './control-error.ts';

/** What the two sides must agree in: another number means that one of them is of another version. */
export const PROTOCOL = 1;

/** The longest line before the login; a name, a password and little else. */
export const MOST_BYTES_OF_STRANGERS = 8 * 1024;
/** The longest line of the administrator and of an answer: tens of thousands of accounts with their hashes. */
export const MOST_BYTES = 64 * 1024 * 1024;

/** What is asked, one line of JSON. */
export type Request = {
  /** A whole number of the asker's choice; the answer has the same. */
  readonly id: number;
  /** `login`, or one of the calls. */
  readonly call: string;
  readonly arguments: Readonly<Record<string, unknown>>;
};

/** What is answered, one line of JSON; `id` is `null` where the request was none. */
export type Answer =
  | { readonly id: number | null; readonly ok: true; readonly value: unknown }
  | { readonly id: number | null; readonly ok: false; readonly error: PlainError };

/** @throws ControlError E_REQUEST */
export function readRequest(line: string): Request {
  const { id, call, arguments: given } = objectIn(line);
  if (!isId(id)) throw new ControlError('E_REQUEST', 'A request needs an id: a whole number of at least 0');
  if (typeof call !== 'string' || !isObject(given)) {
    throw new ControlError('E_REQUEST', 'A request needs the name of a call, and its arguments as an object');
  }
  return { id, call, arguments: given };
}

/** @throws ControlError E_REQUEST when it is no answer */
export function readAnswer(line: string): Answer {
  const { id, ok, value, error } = objectIn(line);
  if ((id === null || isId(id)) && ok === true) return { id, ok, value };
  if ((id === null || isId(id)) && ok === false && isObject(error)) {
    const { code, message, retry } = error;
    return { id, ok, error: { code: String(code), message: String(message), retry: retry === true } };
  }
  throw new ControlError('E_REQUEST', 'The answer on the control socket cannot be understood');
}

/** One line, with its end. JSON has no line end within a value. */
export function lineOf(message: Request | Answer): string {
  return `${JSON.stringify(message)}\n`;
}

/** Is it a JSON object, and neither a list nor null? */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function objectIn(line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // Newer versions of Node quote a piece of the text in the message, and the text may hold a password.
    throw new ControlError('E_REQUEST', 'A line is not JSON');
  }
  if (!isObject(value)) throw new ControlError('E_REQUEST', 'A line is not a JSON object');
  return value;
}
