// Apart from the log itself: whoever only reads options, or complains, loads no log4js.

/** How much is logged; each word includes those after it. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** `text` is the line of the Python original; `json` is one object a line, for machines. */
export const logFormats = ['text', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];
