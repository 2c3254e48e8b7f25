import { ClientError } from '../client-error.ts';
import type { Command, CommandCall } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { shownName } from '../output.ts';
import { Settings } from '../settings.ts';

const family = 'Session';

/** Commands for the login and for the client itself. */
export const sessionCommands: readonly Command[] = [
  {
    name: 'open',
    aliases: ['connect'],
    family,
    usage: 'ADDRESS|BOOKMARK',
    help: 'Log in to a site: ftp://user@host:port/folder, ftpes:// (explicit TLS), ftps:// (implicit TLS), a host, or a bookmark; the password is asked for',
    ...{ least: 1, most: 1, completes: ['bookmark'], needsLogin: false, secrets: 'address' as const },
    run: open,
  },
  {
    name: 'user',
    family,
    usage: 'NAME',
    help: 'Log in to the same site as somebody else; the password is asked for',
    ...{ least: 1, most: 1, needsLogin: true, secrets: 'all' as const },
    run: openAs,
  },
  {
    name: 'close',
    aliases: ['disconnect'],
    family,
    usage: '',
    help: 'Log out, and stay in the client',
    ...{ most: 0, needsLogin: true },
    run: async ({ session, output }) => {
      const place = session.place ?? '';
      await session.close();
      output.show({ facts: { closed: place }, lines: [`Closed ${shownName(place)}`] });
    },
  },
  {
    name: 'bookmark',
    aliases: ['bookmarks'],
    family,
    usage: '[NAME [ADDRESS]]',
    help: 'Show the bookmarks, or remember the site and folder, or an address, under a name; never with a password',
    options: [{ name: 'delete', letter: 'd', help: 'Forget that one' }],
    ...{ most: 2, completes: ['bookmark'], needsLogin: false, secrets: 'address' as const },
    run: bookmark,
  },
  {
    name: 'set',
    family,
    usage: '[SETTING [VALUE]]',
    help: 'Show the settings, or change one, such as set verify off; they are the options of the command line',
    ...{ most: 2, completes: ['setting', 'none'], needsLogin: false },
    run: set,
  },
  {
    name: 'debug',
    family,
    usage: '[on|off]',
    help: 'Show what is said on the control connection, but for passwords',
    ...{ most: 1, needsLogin: false },
    run: async ({ trace, output }, { words }) => {
      const wanted = words[0]?.text ?? (trace.isOn ? 'off' : 'on');
      if (wanted !== 'on' && wanted !== 'off') throw new ClientError('E_COMMAND', 'debug is on or off');
      trace.isOn = wanted === 'on';
      output.show({ facts: { debug: trace.isOn }, lines: [`debug ${wanted}`] });
    },
  },
  {
    name: 'quote',
    family,
    usage: 'COMMAND ...',
    help: 'Send a command of FTP as it is, and show the answer',
    ...{ least: 1, needsLogin: true, raw: 'words' as const, secrets: 'all' as const },
    run: (context, call) => quote(context, call, ''),
  },
  {
    name: 'site',
    family,
    usage: 'COMMAND ...',
    help: 'Send a command of the site, such as site help: the same as quote SITE',
    ...{ least: 1, needsLogin: true, raw: 'words' as const, secrets: 'all' as const },
    run: (context, call) => quote(context, call, 'SITE '),
  },
];

async function open(context: CommandContext, { words }: CommandCall): Promise<void> {
  const named = words[0]?.text ?? '';
  await logIn(context, context.bookmarks.all().get(named) ?? named);
}

async function openAs(context: CommandContext, { words }: CommandCall): Promise<void> {
  const { login } = context.session;
  if (!login) throw new ClientError('E_NO_LOGIN', 'There is no site: open one first');
  const { protocol, host, port } = login.site;
  const name = host.includes(':') ? `[${host}]` : host;
  await logIn(context, `${protocol}://${encodeURIComponent(words[0]?.text ?? '')}@${name}:${port}/`);
}

async function logIn({ session, logins, output, signal }: CommandContext, address: string): Promise<void> {
  const { login, warnings } = await logins.find(address);
  for (const warning of warnings) output.note(warning);
  await session.open(login, signal);
  const place = session.place ?? '';
  // The prompt tells it; where nobody types, the output is for what was asked for.
  output.show({ facts: { site: place }, lines: [] });
}

async function bookmark(context: CommandContext, { words, options }: CommandCall): Promise<void> {
  const { bookmarks, output, session, logins } = context;
  const name = words[0]?.text;
  if (name === undefined) {
    const all = [...bookmarks.all()];
    const lines = all.map(([known, address]) => `${shownName(known)}  ${shownName(address)}`);
    output.show({ facts: { bookmarks: Object.fromEntries(all) }, lines });
    return;
  }
  if (options.has('delete')) {
    if (!bookmarks.remove(name)) throw new ClientError('E_COMMAND', 'There is no such bookmark: bookmark shows them');
    output.show({ facts: { name }, lines: [`Forgot ${shownName(name)}`] });
    return;
  }
  if (/\s|:\/\//.test(name))
    throw new ClientError('E_COMMAND', 'The name of a bookmark has no blank and is no address');
  const given = words[1]?.text;
  const address = given === undefined ? session.place : logins.withoutPassword(given);
  if (address === undefined)
    throw new ClientError('E_NO_LOGIN', 'There is no site to remember: open one, or name an address');
  bookmarks.add(name, address);
  output.show({ facts: { name, address }, lines: [`${shownName(name)}  ${shownName(address)}`] });
}

async function set({ settings, output }: CommandContext, { words }: CommandCall): Promise<void> {
  const [name, value] = words.map(({ text }) => text);
  if (name !== undefined && value !== undefined) settings.set(name, value);
  const shown = name === undefined ? Settings.names : [name];
  const facts = Object.fromEntries(shown.map((one) => [one, settings.show(one)]));
  const lines = Object.entries(facts).map(([one, text]) => `${one.padEnd(12)} ${text}`);
  output.show({ facts: { settings: facts }, lines });
}

async function quote(
  { session, signal, output }: CommandContext,
  { words }: CommandCall,
  prefix: string,
): Promise<void> {
  const command = prefix + words.map(({ text }) => text).join(' ');
  const { code, lines } = await session.once(signal, (far) => far.quote(command));
  session.forgetListings();
  if (code >= 400) throw new ClientError('E_ANSWER', lines.join('\n'));
  output.show({ facts: { code, lines }, lines: lines.map(shownName) });
}
