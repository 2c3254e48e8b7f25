import { isIPv6 } from 'node:net';
import type { Account } from '../../accounts/account.ts';
import type { AccountStore } from '../../accounts/account-store.ts';
import { WRONG_LOGIN } from '../admission/visit.ts';
import { type Answer, type Command, type CommandContext, freshState, type Login, loginOf } from '../command.ts';
import { ServerError } from '../server-error.ts';
import { UserFolder } from '../user-folder.ts';
import { resolvePath } from '../virtual-path.ts';

/** Access control commands (RFC 959 section 4.1.1). */
export const accessCommands: readonly Command[] = [
  {
    verb: 'USER',
    argument: 'required',
    isOpen: true,
    help: 'USER <name>',
    source: 'RFC 959 section 4.1.1',
    replies: [331, 501, 534],
    run: user,
  },
  {
    verb: 'PASS',
    argument: 'optional',
    isOpen: true,
    help: 'PASS <password>',
    source: 'RFC 959 section 4.1.1',
    replies: [230, 503, 530],
    run: pass,
  },
  {
    verb: 'CWD',
    argument: 'required',
    help: 'CWD <folder>',
    source: 'RFC 959 section 4.1.1',
    replies: [250, 550, 553],
    run: changeFolder,
  },
  {
    verb: 'XCWD',
    argument: 'required',
    help: 'XCWD <folder>',
    source: 'RFC 775',
    replies: [250, 550, 553],
    run: changeFolder,
  },
  {
    verb: 'CDUP',
    argument: 'none',
    help: 'CDUP',
    source: 'RFC 959 section 4.1.1',
    replies: [250, 550],
    run: (context) => changeFolder(context, '..'),
  },
  {
    verb: 'XCUP',
    argument: 'none',
    help: 'XCUP',
    source: 'RFC 775',
    replies: [250, 550],
    run: (context) => changeFolder(context, '..'),
  },
  {
    verb: 'QUIT',
    argument: 'none',
    isOpen: true,
    help: 'QUIT',
    source: 'RFC 959 section 4.1.1',
    replies: [221],
    run: () => ({ code: 221, text: 'Goodbye', closes: true }),
  },
  {
    verb: 'ACCT',
    argument: 'required',
    isOpen: true,
    help: 'ACCT <account>',
    source: 'RFC 959 section 4.1.1',
    replies: [202],
    run: () => ({ code: 202, text: 'Name and password are enough here' }),
  },
  {
    verb: 'REIN',
    argument: 'none',
    isOpen: true,
    help: 'REIN',
    source: 'RFC 959 section 4.1.1',
    replies: [220, 533],
    run: beginAgain,
  },
  {
    verb: 'HOST',
    argument: 'required',
    isOpen: true,
    help: 'HOST <name of this server>',
    source: 'RFC 7151 section 3',
    replies: [220, 501, 503],
    feature: 'HOST',
    run: host,
  },
];

/**
 * The same answer for every name: it must not tell which ones exist. A second USER logs out, and leaves the transfer
 * parameters as they are (RFC 959 section 4.1.1): what was to be sent as it is must not become a text.
 */
function user({ state, data, visit, tls, security }: CommandContext, name: string): Answer {
  if (tls?.requireTls && security.context === undefined) throw new ServerError('E_POLICY', 'Send AUTH TLS first');
  data.close();
  visit.logOut();
  const { facts, type, hash } = state;
  Object.assign(state, freshState(facts), { type, hash, user: name });
  return { code: 331, text: 'Password, please' };
}

/**
 * As after the greeting; the wrong passwords are not forgotten, or nobody would ever have too many of them.
 *
 * TLS would have to end with it (RFC 4217 section 11), which there is no way to: see decision 0047.
 */
function beginAgain({ state, data, visit, security }: CommandContext): Answer {
  if (security.context !== undefined) throw new ServerError('E_CLEAR', 'REIN would end TLS, connect anew');
  data.close();
  visit.logOut();
  Object.assign(state, freshState());
  return { code: 220, text: 'Begin again with USER' };
}

/** All names of this server are one to us. */
function host({ state }: CommandContext, argument: string): Answer {
  if (state.user !== undefined || state.login !== undefined)
    throw new ServerError('E_SEQUENCE', 'HOST comes before USER');
  const name = argument.trim();
  const isName = /^[a-z0-9._-]{1,255}$/i.test(name) || (/^\[.*\]$/.test(name) && isIPv6(name.slice(1, -1)));
  if (!isName) throw new ServerError('E_ARGUMENT', 'HOST takes a name, or an IPv6 address in brackets');
  return { code: 220, text: 'You are welcome' };
}

async function pass(context: CommandContext, password: string): Promise<Answer> {
  const { state, visit, ended } = context;
  const { user: name } = state;
  if (name === undefined) throw new ServerError('E_SEQUENCE', 'Send USER first');
  state.user = undefined;
  const outcome = await visit.logIn(name, password, ended);
  if ('refusal' in outcome) return outcome.refusal;
  try {
    // Who was removed or disabled while the password was checked had no session yet that could be ended: asked before the
    // home is made, which would be found by whoever gets the name, and behind it, since that takes its time.
    mustBePresent(outcome.account, context.accounts);
    const login = await enterHome(outcome.account, context);
    mustBePresent(outcome.account, context.accounts);
    state.login = login;
  } catch (error) {
    visit.logOut();
    throw error;
  }
  return { code: 230, text: 'Logged in' };
}

/** @throws ServerError E_LOGIN, with the words for a wrong password */
function mustBePresent(account: Account, accounts: AccountStore): void {
  if (presentOf(account, accounts) === undefined) throw new ServerError('E_LOGIN', WRONG_LOGIN);
}

/** An account as it is now; `undefined` when it is gone, also where there is another one of that name by now. */
function presentOf({ name, createdMs }: Account, accounts: AccountStore): Account | undefined {
  const now = accounts.find(name);
  return now?.createdMs === createdMs ? now : undefined;
}

async function enterHome(account: Account, { accounts, spaces, client, localDisk }: CommandContext): Promise<Login> {
  const quotaBytes = () => {
    const now = presentOf(account, accounts);
    if (now === undefined) throw new ServerError('E_PERMISSION', 'This account is not there any more');
    return now.quotaBytes;
  };
  try {
    const folder = await UserFolder.open(account, { spaces, quotaBytes, client, localDisk });
    return {
      name: account.name,
      folder,
      // As it is now: what the administrator takes away holds for sessions under way.
      get permissions() {
        return presentOf(account, accounts)?.permissions ?? [];
      },
    };
  } catch (cause) {
    throw new ServerError('E_HOME', 'The folder of this account cannot be used', { cause });
  }
}

async function changeFolder(context: CommandContext, argument: string): Promise<Answer> {
  const path = resolvePath(context.state.cwd, argument);
  await loginOf(context).folder.enter(path);
  context.state.cwd = path;
  return { code: 250, text: 'Folder changed' };
}
