import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TalkToFtp } from '../../lib/far/talk-to-ftp.ts';
import type { TalkRules } from '../../lib/far/transfer-jobs.ts';
import type { Site } from '../../lib/ftp/site.ts';
import type { Upload } from '../../lib/transfer/transport.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { type Cut, type Script, type ScriptedCommand, ScriptedServer } from '../support/scripted-server.ts';
import { talkRules } from '../support/talk-rules.ts';

/** How a spec wants its scripted server and the one who talks to it; everything has a default. */
export interface TalkOptions {
  readonly script?: Script;
  readonly cut?: Cut;
  readonly site?: Partial<Site>;
  readonly rules?: Partial<TalkRules>;
}

/** A clock that lets all waits pass at once and remembers them. */
class HurryingClock extends ManualClock {
  override async wait(ms: number): Promise<void> {
    this.waits.push(ms);
  }
}

/** A TalkToFtp and the scripted server it talks to. */
export interface Talk {
  readonly server: ScriptedServer;
  readonly talk: TalkToFtp;
  readonly clock: ManualClock;
  /** A fresh near file. */
  source(content: string | Buffer, path?: string): Upload;
}

/** The final far content before each spec that overwrites it. */
export const OLD = 'the old content';

/**
 * Scripted servers for the specs of the enclosing `describe`, closed after each.
 *
 * @returns starts one; nothing is connected yet
 */
export function talks(): (options?: TalkOptions) => Promise<Talk> {
  let closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.reverse()) await close();
    closing = [];
  });
  return async ({ script = {}, cut, site = {}, rules = {} } = {}) => {
    const server = await ScriptedServer.start(script, cut);
    const near = mkdtempSync(join(tmpdir(), 'filesmirror-near-'));
    const clock = new HurryingClock();
    const talk = new TalkToFtp(
      { site: { ...server.site, ...site }, rules: { ...talkRules, ...rules } },
      { clock, random: () => 1 },
    );
    closing.push(
      async () => rmSync(near, { recursive: true, force: true }),
      () => server.stop(),
      () => talk.disconnect(),
    );
    let count = 0;
    const source = (content: string | Buffer, path = 'file'): Upload => {
      count += 1;
      const place = join(near, `source-${count}`);
      writeFileSync(place, content);
      utimesSync(place, 1_600_000_000, 1_600_000_000);
      return { path, source: place, size: Buffer.byteLength(content), mtimeMs: 1_600_000_000_000 };
    };
    return { server, talk, clock, source };
  };
}

/** A talk to a server with these ways, on which `/file` holds {@link OLD}. */
export async function withOld(start: ReturnType<typeof talks>, script: Script, attempts = 1): Promise<Talk> {
  const started = await start({ script, rules: { attempts, timeoutMs: 500 } });
  started.server.files.set('/file', Buffer.from(OLD));
  return started;
}

/** What the files of the server hold, by path. */
export function contents({ server }: Talk): Record<string, string> {
  return Object.fromEntries([...server.files].map(([path, content]) => [path, content.toString()]));
}

/** Let something happen the first time, and the ordinary thing afterwards. */
export function once(fault: (command: ScriptedCommand) => string | undefined | Promise<string | undefined>) {
  return (command: ScriptedCommand) => (command.before === 0 ? fault(command) : command.ordinary());
}

/** Others remove the temporary file. */
export function removed({ files }: ScriptedCommand): string {
  for (const path of files.keys()) if (path.endsWith('.part')) files.delete(path);
  return '550 no such file';
}
