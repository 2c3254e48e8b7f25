import { type ByteRange, parseRang, splitRange } from '../../ftp/byte-range.ts';
import { formatHashFeature, type HashName } from '../../ftp/hash-names.ts';
import { type Answer, type Command, type CommandContext, loginOf, type SessionState } from '../command.ts';
import type { FileHash } from '../file-hashes.ts';
import { ServerError } from '../server-error.ts';
import { resolvePath } from '../virtual-path.ts';

const WHOLE: ByteRange = { start: 0, end: undefined };

/** What a command that reads a whole file is like. */
const ofFile = { argument: 'required', permission: 'read', isAbortable: true } as const;
const FAILURES = [450, 550, 553, 554, 556];

/** Commands that tell the hash of a file, and RANG, which says of which part. */
export const hashingCommands: readonly Command[] = [
  {
    verb: 'HASH',
    ...ofFile,
    help: 'HASH <file>',
    source: 'draft-bryan-ftpext-hash-03 section 3',
    replies: [213, ...FAILURES],
    feature: ({ state }) => formatHashFeature(state.hash),
    run: hashOfRange,
  },
  {
    verb: 'RANG',
    argument: 'required',
    help: 'RANG <first byte> <last byte>',
    source: 'draft-bryan-ftp-range-08 section 3',
    replies: [350, 501, 504],
    feature: 'RANG STREAM',
    run: range,
  },
  {
    verb: 'MD5',
    ...ofFile,
    help: 'MD5 <file>',
    source: 'draft-twine-ftpmd5-00',
    replies: [251, ...FAILURES],
    feature: 'MD5',
    run: async (context, argument) => {
      const { digest } = await hashOf(context, 'MD5', argument, WHOLE);
      return { code: 251, text: `${argument} ${digest.toUpperCase()}` };
    },
  },
  partHash('XCRC', 'CRC32'),
  partHash('XMD5', 'MD5'),
  partHash('XSHA', 'SHA-1'),
  partHash('XSHA1', 'SHA-1'),
  partHash('XSHA256', 'SHA-256'),
  partHash('XSHA512', 'SHA-512'),
];

/** One of the commands that were never written down: a path, and where the bytes begin and end. */
function partHash(verb: string, name: HashName): Command {
  return {
    verb,
    ...ofFile,
    help: `${verb} <file> [[<start>] <end>]`,
    source: 'as GlobalSCAPE and ProFTPD do',
    replies: [250, ...FAILURES],
    feature: verb,
    run: (context, argument) => hashOfPart(context, name, argument),
  };
}

async function hashOfRange(context: CommandContext, argument: string): Promise<Answer> {
  const { state } = context;
  const { digest, start, end } = await hashOf(context, state.hash, argument, takeRange(state));
  // The end is included, and never before the start: of no bytes at all it is the start (section 3).
  return { code: 213, text: `${state.hash} ${start}-${Math.max(start, end - 1)} ${digest} ${argument}` };
}

/** Once only, as with a transfer. A REST is for the transfer behind it, which it must still be there for. */
function takeRange(state: SessionState): ByteRange {
  const { restart: start, rangeEnd: end } = state;
  if (end === undefined) return WHOLE;
  Object.assign(state, { restart: 0, rangeEnd: undefined });
  return { start, end };
}

async function hashOfPart(context: CommandContext, name: HashName, argument: string): Promise<Answer> {
  const part = await partIn(context, argument);
  const { digest, end } = await hashOf(context, name, part.path, part);
  // The reply does not tell what was hashed: it must be all that was asked for.
  if (part.end !== undefined && end < part.end) throw new ServerError('E_OFFSET', `The file has ${end} bytes only`);
  return { code: 250, text: digest.toUpperCase() };
}

/** A name that ends in numbers, or has quotes, is meant as it is when there is such a file. */
async function partIn(context: CommandContext, argument: string): Promise<ByteRange & { readonly path: string }> {
  const part = splitRange(argument);
  if (part === undefined) return { path: argument, ...WHOLE };
  const { folder } = loginOf(context);
  const isName = await folder.entry(resolvePath(context.state.cwd, argument)).then(
    () => true,
    () => false,
  );
  return isName ? { path: argument, ...WHOLE } : part;
}

async function hashOf(context: CommandContext, name: HashName, path: string, part: ByteRange): Promise<FileHash> {
  const { state, hashes, signal } = context;
  if (part.end !== undefined && part.end < part.start)
    throw new ServerError('E_ARGUMENT', 'The end is before the start');
  const file = await loginOf(context).folder.openToRead(resolvePath(state.cwd, path));
  try {
    return await hashes.of(file, name, part, signal);
  } finally {
    await file.close();
  }
}

function range({ state }: CommandContext, argument: string): Answer {
  // What cannot be read, or used, resets it (section 3).
  Object.assign(state, { restart: 0, rangeEnd: undefined });
  const wanted = parseRang(argument);
  if (wanted === undefined) throw new ServerError('E_ARGUMENT', 'RANG takes a first and a last byte');
  const { start, end } = wanted;
  // A place in a text has no number, as with REST.
  if (state.type === 'A' && end !== undefined) throw new ServerError('E_UNSUPPORTED', 'RANG needs TYPE I');
  Object.assign(state, { restart: start, rangeEnd: end });
  return { code: 350, text: end === undefined ? 'The whole file again' : `The next transfer ends at ${end - 1}` };
}
