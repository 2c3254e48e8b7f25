/**
 * Milliseconds after which a running share says that it has no answer yet: a disk that hangs must not keep a terminal for ever. To
 * go through a million files takes a second or two.
 */
export const ANSWER_WITHIN_MS = 60_000;
