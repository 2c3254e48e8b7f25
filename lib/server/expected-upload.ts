import { type CommandContext, loginOf } from './command.ts';
import type { FileWriter } from './quota/file-writer.ts';
import { ServerError } from './server-error.ts';

/** What an upload has to become, if anything was said of it. */
export interface ExpectedUpload {
  /** The file is open and the first bytes are to be written. */
  begun(): void;
  /** All has arrived. @throws ServerError E_CHANGED when it is not what was promised, E_ABORTED, also when more was */
  ended(): Promise<void>;
}

const NOTHING_SAID: ExpectedUpload = { begun: () => undefined, ended: () => Promise.resolve() };

/**
 * Hold an upload against what SITE EXPECT said: now, or before it broke off.
 *
 * @param start of the bytes that come
 * @throws ServerError E_CHANGED when the part that is there belongs to another content; E_UNSUPPORTED when nobody could
 *   tell whether a promise was kept
 */
export function expectedUpload(context: CommandContext, path: string, file: FileWriter, start: number): ExpectedUpload {
  const { state, expectations } = context;
  const said = state.expected?.path === path ? state.expected : undefined;
  if (state.type === 'A' || state.rangeEnd !== undefined) {
    if (said === undefined) return NOTHING_SAID;
    // Refused itself, and forgotten: there would be no other way to take it back.
    state.expected = undefined;
    throw new ServerError('E_UNSUPPORTED', 'A promise needs TYPE I, and no range: it is forgotten');
  }
  const name = { user: loginOf(context).name, path };
  const expected = start > 0 && file.key !== undefined ? expectations.goingOn(name, file.key, said) : said;
  if (expected === undefined) return { ...NOTHING_SAID, begun: () => expectations.forget(name) };
  return {
    begun: () => {
      // For one upload only; from now on it is kept with the file.
      if (said !== undefined) state.expected = undefined;
      expectations.begin(name, file.key ?? '', expected);
    },
    ended: async () => {
      // The end of a stream is also what is seen of a client that died. The promise stays, for whoever goes on.
      if (file.size < expected.size) {
        throw new ServerError(
          'E_ABORTED',
          `Only ${file.size} of the ${expected.size} bytes that were promised have come`,
        );
      }
      const isKept = file.size === expected.size && (await md5At(context, path)) === expected.md5;
      expectations.forget(name);
      if (!isKept) throw new ServerError('E_CHANGED', 'The file is not what was promised');
    },
  };
}

async function md5At(context: CommandContext, path: string): Promise<string> {
  const file = await loginOf(context).folder.openToRead(path);
  try {
    return (await context.hashes.of(file, 'MD5', { start: 0, end: undefined }, context.signal)).digest;
  } finally {
    await file.close();
  }
}
