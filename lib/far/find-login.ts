import { type Fault, fault } from '../base/fault.ts';
import type { NetrcEntry } from '../base/netrc.ts';
import {
  entryOfNetrc,
  type Found,
  nothing,
  passwordOfCommand,
  passwordOfFile,
  refused,
  type SecretSurroundings,
} from '../base/password-sources.ts';
import { showSite } from '../ftp/show-site.ts';
import type { SiteAddress, SiteParts } from '../ftp/site-parts.ts';

/** What is asked for a login besides the user's request. */
export interface LoginSurroundings extends SecretSurroundings {
  readonly environment: { readonly FTP_PASSWORD?: string | undefined };
  /**
   * Ask for a secret; missing where nobody can be asked.
   *
   * @returns `undefined` when the answer was refused
   */
  readonly ask?: (question: string) => Promise<string | undefined>;
}

/** Where a password may come from, as far as the user said it. */
export interface LoginRequest {
  /** How the user knows the parameter that the site was given by. */
  readonly parameter: string;
  readonly site: SiteParts;
  /** Absolute. */
  readonly passwordFile: string | undefined;
  readonly passwordCommand: string | undefined;
  /** What may be done where there is none; all ways there are unless told. */
  readonly ways?: string;
  /** What is to be said of one that stands in the site; unless told, that it stands in the command line. */
  readonly warning?: string;
}

/** The one to log in as, and what is already known of the password. */
export interface KnownUser {
  readonly address: SiteAddress;
  readonly entry: NetrcEntry | undefined;
}

// RFC 1635: guests call themselves so and are let in with any password, by custom a mail address.
const GUESTS: readonly string[] = ['anonymous', 'ftp'];
const GUEST_PASSWORD = 'anonymous@';

const ALL_WAYS = 'use --password-file, --password-command, FTP_PASSWORD, ~/.netrc or a terminal';

// A line end in a name or password would be a second FTP command (RFC 959 section 5.3.1).
const CONTROL = /\p{Cc}/u;
const NO_CONTROL = 'must not hold control characters';

/**
 * Find out who logs in: the user of the site, else that of the machine's entry in `~/.netrc`, else `anonymous`.
 *
 * Nothing is asked and nothing run.
 */
export async function findUser(
  { site, passwordFile, passwordCommand }: LoginRequest,
  surroundings: LoginSurroundings,
): Promise<Found<KnownUser> & { readonly secret: KnownUser }> {
  const { password, user, ...place } = site;
  const explicit = [password, passwordFile, passwordCommand].some((source) => source !== undefined);
  const needed = user === undefined || !(explicit || surroundings.environment.FTP_PASSWORD);
  const netrc = needed ? await entryOfNetrc({ host: site.host, user }, surroundings) : nothing();
  const entry = netrc.secret;
  const address = { ...place, user: user ?? entry?.login ?? 'anonymous' };
  const faults = CONTROL.test(address.user) ? [fault('the login in ~/.netrc', NO_CONTROL)] : netrc.faults;
  return { ...netrc, faults, secret: { address, entry } };
}

/**
 * Find the password: in the site, `--password-file`, `--password-command`, `FTP_PASSWORD`, `~/.netrc`, or by asking.
 *
 * Runs the command or asks only when its turn comes; a guest needs none. Two of the first three at once are a fault, since
 * one of them is surely not what was meant.
 */
export async function findPassword(
  request: LoginRequest,
  { address, entry }: KnownUser,
  surroundings: LoginSurroundings,
): Promise<Found<string>> {
  const found = await fromSources(request, { address, entry }, surroundings);
  if (found.secret === undefined || !CONTROL.test(found.secret)) return found;
  return refused(fault('password', NO_CONTROL));
}

/** What is wrong with the ways the user named, known before any of them is tried. */
export function explicitSourceFaults({
  parameter,
  site,
  passwordFile,
  passwordCommand,
}: LoginRequest): readonly Fault[] {
  const named = Object.entries({
    [parameter]: site.password,
    '--password-file': passwordFile,
    '--password-command': passwordCommand,
  }).filter(([, source]) => source !== undefined);
  if (named.length < 2) return [];
  return [fault('password', `given by ${named.map(([name]) => name).join(' and ')}: choose one way`)];
}

async function fromSources(
  { parameter, site, passwordFile, passwordCommand, ways, warning = inArguments(parameter) }: LoginRequest,
  { address, entry }: KnownUser,
  surroundings: LoginSurroundings,
): Promise<Found<string>> {
  if (site.password !== undefined) return { secret: site.password, warnings: [warning], faults: [] };
  if (passwordFile !== undefined) return passwordOfFile(passwordFile, surroundings);
  if (passwordCommand !== undefined) return passwordOfCommand(passwordCommand, surroundings);
  const inEnvironment = surroundings.environment.FTP_PASSWORD;
  if (inEnvironment) return secret(inEnvironment);
  if (entry?.password !== undefined) return secret(entry.password);
  if (GUESTS.includes(address.user.toLowerCase())) return secret(GUEST_PASSWORD);
  return ask(address, ways ?? ALL_WAYS, surroundings);
}

async function ask(address: SiteAddress, ways: string, surroundings: LoginSurroundings): Promise<Found<string>> {
  const answer = await surroundings.ask?.(`Password for ${showSite(address)}: `);
  if (answer !== undefined) return secret(answer);
  return refused(fault('password', `no password for ${showSite(address)}: ${ways}`));
}

function inArguments(parameter: string): string {
  return `The password stands in the command line, where every user of this machine can read it: leave it out of ${parameter} and use --password-file, --password-command, FTP_PASSWORD or ~/.netrc`;
}

function secret(text: string): Found<string> {
  return { secret: text, warnings: [], faults: [] };
}
