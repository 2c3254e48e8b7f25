/** What a CodedError becomes on its way to another process: plain JSON values, no class and no stack. */
export type PlainError = {
  readonly code: string;
  readonly message: string;
  readonly retry: boolean;
};

/** What may be said of a CodedError besides its code and message. */
export interface CodedErrorOptions {
  /** May the same request succeed later, unchanged? Default: no. */
  readonly retry?: boolean;
  /** What caused it, kept for the log and never shown as the message. */
  readonly cause?: unknown;
}

/**
 * An error that callers tell apart by a stable word instead of by its text.
 *
 * The message says what was being done, to what, and what to do next; it ends without a full stop and never holds a
 * password. Every code stands in docs/reference/errors.md.
 */
export class CodedError<Code extends string = string> extends Error {
  override readonly name: string = 'CodedError';
  readonly code: Code;
  readonly retry: boolean;

  constructor(code: Code, message: string, options: CodedErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retry = options.retry ?? false;
  }
}

/** The code of anything thrown: ours, Node's (`ENOENT`), or `undefined` where there is none. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * The message of anything thrown, without a stack; never empty for an error.
 *
 * A host of several addresses that all refuse makes Node throw an AggregateError without a message.
 */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const gathered = error instanceof AggregateError ? error.errors.map(messageOf).join(', ') : '';
  return error.message || gathered || codeOf(error) || error.name;
}
