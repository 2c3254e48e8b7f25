import type { Clock } from '../base/clock.ts';
import type { BanView, LiveServer, ServerStats, SessionView } from '../control/live-server.ts';
import { Activity } from './activity.ts';
import type { FtpServer } from './ftp-server.ts';
import type { Owner } from './quota/spaces.ts';

/** What {@link RunningServer} speaks for. */
export interface RunningServerOptions {
  readonly server: FtpServer;
  /** Whose files are counted, by the name of the user; also of one who may not log in. */
  readonly ownerOf: (user: string) => Owner;
  readonly clock: Pick<Clock, 'now'>;
  /** @returns what is wrong, one line each; then nothing was changed */
  readonly reload: () => Promise<readonly string[]>;
}

/** A server that runs, for its administrator. */
export class RunningServer implements LiveServer {
  readonly #options: RunningServerOptions;
  readonly #activity: Activity;
  readonly #sinceMs: number;

  constructor(options: RunningServerOptions) {
    this.#options = options;
    this.#activity = new Activity(options.server.events);
    this.#sinceMs = options.clock.now();
  }

  sessions(): readonly SessionView[] {
    return this.#options.server.sessions();
  }

  kick(which: { readonly id: number } | { readonly user: string }, reason: string): number {
    return this.#options.server.kick(({ id, user }) => ('id' in which ? id === which.id : user === which.user), reason);
  }

  bans(): readonly BanView[] {
    return this.#options.server.bans();
  }

  unban(kind: BanView['kind'], name: string): boolean {
    return this.#options.server.unban(kind, name);
  }

  reload(): Promise<readonly string[]> {
    return this.#options.reload();
  }

  usedBytes(user: string): Promise<number> {
    return this.#options.server.spaces.usedBytes(this.#options.ownerOf(user));
  }

  recount(user: string): Promise<number> {
    return this.#options.server.spaces.recount(this.#options.ownerOf(user));
  }

  stats(): ServerStats {
    return { sinceMs: this.#sinceMs, sessions: this.sessions().length, ...this.#activity.counts };
  }
}
