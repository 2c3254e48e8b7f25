import { TransferError } from '../transfer/transfer-error.ts';
import { replyError } from './far-error.ts';
import { done, type Reply } from './far-reply.ts';

/** Sends commands and gets their answers, in order. */
type Ask = (commands: readonly string[]) => Promise<readonly Reply[]>;

/** What {@link setUp} is told. */
export interface SetUpOptions {
  /** The far root as the user named it: absolute, or below the folder after the login. */
  readonly directory: string;
  /** Is the far root entered, to see whether it is there? */
  readonly entersRoot: boolean;
  /** Is the connection secured? Then data connections are to be as well. */
  readonly hasTls: boolean;
}

/** What a connection is like when it is set up. */
export interface SetUp {
  /** What FEAT told (RFC 2389), names in upper case. */
  readonly features: ReadonlyMap<string, string>;
  /** The far root: an absolute path. */
  readonly root: string;
  /** Is the far root there? `false` where that was not asked. */
  readonly isInRoot: boolean;
}

// All that our parser of MLSD can use; what it does not know of them the server leaves out (RFC 3659 section 7.9).
const FACTS = 'OPTS MLST type;size;modify;unique;unix.mode;unix.owner;unix.group;unix.ownername;unix.groupname;';

// Servers may refuse some of it without harm: files are all that they know then, and UTF-8 is what they have.
const SETTINGS = ['FEAT', 'TYPE I', 'STRU F', 'OPTS UTF8 ON', 'PWD'];
const PROTECTION = ['PBSZ 0', 'PROT P'];
const NO_REPLY: Reply = { code: 0, message: 'nothing' };

/**
 * Set a connection up behind the login, in two round trips: binary transfers, names in UTF-8, exact listings, protected data
 * connections.
 *
 * @throws TransferError E_TLS when the server does not protect data connections, E_REFUSED when it cannot be used
 */
export async function setUp(ask: Ask, { directory, entersRoot, hasTls }: SetUpOptions): Promise<SetUp> {
  const replies = await ask([...SETTINGS, ...(hasTls ? PROTECTION : [])]);
  const [feat = NO_REPLY, type = NO_REPLY, , , folder = NO_REPLY, , prot] = replies;
  if (!done(type)) throw replyError('Cannot have binary transfers', type);
  if (prot) assertProtected(prot);
  const features = featuresIn(feat);
  const root = normal(directory.startsWith('/') ? directory : `${folderIn(folder)}/${directory}`);
  const isInRoot = await finish(ask, features.has('MLST'), entersRoot ? root : undefined);
  return { features, root, isInRoot };
}

/** @returns could the root be entered? */
async function finish(ask: Ask, tellsFacts: boolean, root: string | undefined): Promise<boolean> {
  const commands = [...(tellsFacts ? [FACTS] : []), ...(root === undefined ? [] : [`CWD ${root}`])];
  if (commands.length === 0) return false;
  const entered = (await ask(commands)).at(-1) ?? NO_REPLY;
  return root !== undefined && done(entered);
}

/** @throws TransferError E_TLS; what is sent without protection after a refusal (RFC 4217 section 9) is not what was asked for */
function assertProtected(reply: Reply): void {
  if (done(reply)) return;
  if (reply.code < 500) throw replyError('Cannot protect data connections', reply);
  const why = `The server does not protect data connections: it answered PROT P with ${reply.message}`;
  throw new TransferError('E_TLS', why, { reply: reply.code });
}

/**
 * The first and the last line tell nothing; servers may leave out the blank before a feature. What comes in several lines,
 * as `SITE` does, is joined by semicolons, as others tell it in one.
 */
function featuresIn({ code, message }: Reply): ReadonlyMap<string, string> {
  const lines = code < 300 ? message.split('\n').slice(1, -1) : [];
  const features = new Map<string, string>();
  for (const line of lines) {
    const [name = '', value = ''] = line.trim().split(' ');
    const before = features.get(name.toUpperCase());
    features.set(name.toUpperCase(), before === undefined ? value : `${before};${value}`);
  }
  return features;
}

/** The folder after the login: in double quotes, a quote in it doubled (RFC 959 appendix II). */
function folderIn(reply: Reply): string {
  const path = /"((?:[^"]|"")*)"/.exec(reply.message)?.[1]?.replaceAll('""', '"');
  if (done(reply) && path !== undefined) return path;
  throw replyError('Cannot tell the folder after the login', reply);
}

function normal(path: string): string {
  const names = path.split('/').filter((name) => name !== '');
  return `/${names.join('/')}`;
}
