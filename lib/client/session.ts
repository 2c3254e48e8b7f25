import type { Clock } from '../base/clock.ts';
import { retry } from '../base/retry.ts';
import { FarShell } from '../far/far-shell.ts';
import type { Errand, TlsRules } from '../far/transfer-jobs.ts';
import type { DetailedEntry } from '../ftp/listing-details.ts';
import { showSite } from '../ftp/show-site.ts';
import type { Site } from '../ftp/site.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { ClientError } from './client-error.ts';
import type { Settings } from './settings.ts';

/** Who logs in where. */
export interface Login {
  readonly site: Site;
  readonly tls: TlsRules;
}

/** What a {@link Session} takes from around it. */
export interface SessionSurroundings {
  readonly settings: Settings;
  readonly clock: Clock;
  /** A number from 0 to 1, as Math.random gives it. */
  readonly random: () => number;
  /** Told what is said on the control connection, but for passwords. */
  readonly trace: (text: string) => void;
}

// As for the mirror: short enough for a hiccup of a line, and soon as long as a server needs to come back.
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

interface Listing {
  readonly at: number;
  readonly entries: readonly DetailedEntry[];
}

/** The site that is open, if there is one. */
export class Session {
  readonly #around: SessionSurroundings;
  #open: { readonly login: Login; readonly far: FarShell } | undefined;
  readonly #listings = new Map<string, Listing>();
  #home = '/';
  #previous = '/';

  constructor(surroundings: SessionSurroundings) {
    this.#around = surroundings;
  }

  /** Who is logged in where. */
  get login(): Login | undefined {
    return this.#open?.login;
  }

  /** The site and the folder on it, without the password; `undefined` where there is none. */
  get place(): string | undefined {
    return this.#open && showSite({ ...this.#open.login.site, directory: this.#open.far.cwd });
  }

  /** The same for the eye: the absolute path as it is, not as an address has it. */
  get prompt(): string | undefined {
    const { login, far } = this.#open ?? {};
    return login && far && showSite({ ...login.site, directory: '' }).replace(/\/$/, far.cwd);
  }

  /** The open site. @throws ClientError E_NO_LOGIN */
  get far(): FarShell {
    if (this.#open) return this.#open.far;
    throw new ClientError('E_NO_LOGIN', 'There is no site: open one first, for example with open ftp://user@host/');
  }

  /**
   * Go to another folder: to where the login began without a name, to the one before with `-`.
   *
   * @returns its absolute path
   */
  async change(wanted: string | undefined, signal: AbortSignal): Promise<string> {
    const before = this.far.cwd;
    const target = wanted === undefined ? this.#home : wanted === '-' ? this.#previous : wanted;
    const folder = await this.do(signal, (far) => far.cd(target));
    this.#previous = before;
    return folder;
  }

  /** Log in; a site that was open is closed. @throws TransferError; then that one stays open */
  async open(login: Login, signal: AbortSignal): Promise<void> {
    const far = this.#shell(login);
    try {
      await interruptible(signal, far, () => far.connect());
    } catch (error) {
      await far.disconnect();
      throw asUnreachable(error);
    }
    await this.close();
    this.#open = { login, far };
    this.#home = far.cwd;
    this.#previous = far.cwd;
  }

  /** Log out. Closing twice is harmless. */
  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    this.#listings.clear();
    await open?.far.disconnect();
  }

  /**
   * Do something on the site, and again when it fails in a way that may pass.
   *
   * @throws ClientError E_INTERRUPTED when the signal broke it off
   */
  async do<Value>(signal: AbortSignal, work: (far: FarShell) => Promise<Value>): Promise<Value> {
    const { settings, clock, random } = this.#around;
    const { far } = this;
    const attempts = settings.values.retries + 1;
    const rules = { attempts, firstDelayMs: FIRST_DELAY_MS, longestDelayMs: LONGEST_DELAY_MS };
    return interruptible(signal, far, () => retry(() => work(far), rules, { clock, random, signal }));
  }

  /** The same for what cannot be done twice. */
  once<Value>(signal: AbortSignal, work: (far: FarShell) => Promise<Value>): Promise<Value> {
    const { far } = this;
    return interruptible(signal, far, () => work(far));
  }

  /** What is in a folder, not older than the setting `list-cache` says: for completion. */
  async cachedEntries(path: string, signal: AbortSignal): Promise<readonly DetailedEntry[]> {
    const { clock, settings } = this.#around;
    const folder = this.far.absolute(path);
    const known = this.#listings.get(folder);
    if (known && clock.now() - known.at < settings.values['list-cache']) return known.entries;
    const { entries } = await this.do(signal, (far) => far.list(folder));
    this.#listings.set(folder, { at: clock.now(), entries });
    return entries;
  }

  /** Something may have changed on the site. */
  forgetListings(): void {
    this.#listings.clear();
  }

  /** The same login and folder with a connection of its own, for a job. */
  copy(settings: Settings): Session {
    const copy = new Session({ ...this.#around, settings });
    if (this.#open) {
      const { login, far } = this.#open;
      copy.#open = { login, far: copy.#shell({ ...login, site: { ...login.site, directory: far.cwd } }) };
    }
    return copy;
  }

  #shell({ site, tls }: Login): FarShell {
    const { timeout, retries, bwlimit } = this.#around.settings.values;
    const rules = {
      ...{ timeoutMs: timeout * 1000, attempts: retries + 1, pairId: '', makesRoot: false },
      limits: bwlimit === undefined ? {} : { bandwidth: bwlimit },
    };
    const errand: Errand = { site, tls, rules };
    return new FarShell(errand, { clock: this.#around.clock, onSaid: this.#around.trace });
  }
}

/** A site that refuses its guests for now (4yz) cannot be reached, whatever it is that it refuses. */
function asUnreachable(error: unknown): unknown {
  if (!(error instanceof TransferError) || error.code !== 'E_BUSY') return error;
  const { message, retry, reply } = error;
  return new TransferError('E_CONNECT', message, { retry, ...(reply === undefined ? {} : { reply }), cause: error });
}

/** A signal ends what is under way at the price of the connection, unless that ends in time by itself. */
async function interruptible<Value>(signal: AbortSignal, far: FarShell, work: () => Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const breakOff = () => {
    timer = setTimeout(() => far.breakOff(), GRACE_MS);
  };
  signal.addEventListener('abort', breakOff);
  try {
    if (signal.aborted) throw signal.reason;
    return await work();
  } catch (error) {
    if (signal.aborted) throw new ClientError('E_INTERRUPTED', 'Interrupted', { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', breakOff);
  }
}

// A transfer that is broken off in the way of the protocol keeps its connection; nobody waits longer for that.
const GRACE_MS = 1000;
