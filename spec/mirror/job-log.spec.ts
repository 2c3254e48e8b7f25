import { EventEmitter } from 'node:events';
import type { LogFacts, Logger } from '../../lib/base/logger.ts';
import { type JobLogFolders, logJobs } from '../../lib/mirror/job-log.ts';
import type { JobEnd, JobKind, JobStart, TransferEvents } from '../../lib/transfer/progress.ts';
import { recordingLogger } from '../support/recording-logger.ts';

interface Logged {
  readonly level: string;
  readonly message: string;
  readonly facts: LogFacts | undefined;
}

const START: JobStart = { job: 7, kind: 'upload', path: 'd/f', worker: '4711', attempt: 1, at: 5 };
const END: JobEnd = { ...START, bytes: 1536, tookMs: 12 };
const error = { code: 'E_REFUSED', message: 'the server said so', retry: false } as const;

describe('logJobs', () => {
  let events: EventEmitter<TransferEvents>;
  let logged: Logged[];
  let logger: Logger;

  beforeEach(() => {
    events = new EventEmitter();
    logged = [];
    const at = (level: string) => (message: string, facts?: LogFacts) => logged.push({ level, message, facts });
    logger = { ...recordingLogger(), debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  });

  function listen(folders: Partial<JobLogFolders> = {}): void {
    logJobs(events, logger, { far: 'far', near: '/near', ...folders });
  }

  const lines = () => logged.map(({ level, message }) => `${level} ${message}`);

  const table: Readonly<Record<JobKind, readonly [start: string, end: string, failed: string]>> = {
    mkdir: [
      'info Folder creation started : far/d/f',
      'info Folder created : far/d/f, 12 ms, worker 4711',
      'warn Folder not created : far/d/f, 12 ms, worker 4711, E_REFUSED',
    ],
    rmdir: [
      'info Folder removal started : far/d/f',
      'info Folder removed : far/d/f, 12 ms, worker 4711',
      'warn Folder not removed : far/d/f, 12 ms, worker 4711, E_REFUSED',
    ],
    upload: [
      'info File upload started : srv far/d/f file /near/d/f',
      'info File created / updated : srv far/d/f file /near/d/f, 12 ms, 1.5 KiB, worker 4711',
      'warn File not created / updated : srv far/d/f file /near/d/f, 12 ms, 1.5 KiB, worker 4711, E_REFUSED',
    ],
    download: [
      'info File download started : srv far/d/f file /near/d/f',
      'info File fetched : srv far/d/f file /near/d/f, 12 ms, 1.5 KiB, worker 4711',
      'warn File not fetched : srv far/d/f file /near/d/f, 12 ms, 1.5 KiB, worker 4711, E_REFUSED',
    ],
    remove: [
      'info File removal started : far/d/f',
      'info File removed : far/d/f, 12 ms, worker 4711',
      'warn File not removed : far/d/f, 12 ms, worker 4711, E_REFUSED',
    ],
  };
  it('says what the site cannot do', () => {
    listen();
    events.emit('note', 'in-place');
    events.emit('note', 'no-hash');
    events.emit('note', 'no-size');
    expect(lines()).toEqual([
      jasmine.stringMatching(/^warn Files are written in place : /),
      jasmine.stringMatching(/^warn Hashes are not compared : /),
      jasmine.stringMatching(/^warn Sizes are not compared : /),
    ]);
    expect(logged.map(({ facts }) => facts)).toEqual([
      { event: 'note', note: 'in-place' },
      { event: 'note', note: 'no-hash' },
      { event: 'note', note: 'no-size' },
    ]);
  });

  it('says from where on an upload was gone on with', () => {
    listen();
    events.emit('end', { ...END, resumedAt: 2048 });
    expect(lines()).toEqual([
      'info File created / updated : srv far/d/f file /near/d/f, 12 ms, 1.5 KiB, resumed at 2.0 KiB, worker 4711',
    ]);
    expect(logged[0]?.facts).toEqual(jasmine.objectContaining({ bytes: 1536, resumedAt: 2048 }));
  });

  for (const kind of Object.keys(table) as JobKind[]) {
    it(`logs start, end and failure of ${kind}, each in a line`, () => {
      listen();
      events.emit('start', { ...START, kind });
      events.emit('end', { ...END, kind });
      events.emit('end', { ...END, kind, error });
      expect(lines()).toEqual([...table[kind]]);
    });
  }

  it('says which attempt it was when it was not the first', () => {
    listen();
    events.emit('end', { ...END, kind: 'remove', attempt: 3 });
    events.emit('end', { ...END, kind: 'remove', attempt: 2, error });
    expect(lines()).toEqual([
      'info File removed : far/d/f, 12 ms, worker 4711, attempt 3',
      'warn File not removed : far/d/f, 12 ms, worker 4711, attempt 2, E_REFUSED',
    ]);
  });

  it('says nothing of bytes that are on their way', () => {
    listen();
    events.emit('progress', { job: 7, bytes: 1 });
    expect(lines()).toEqual([]);
  });

  const fars: Readonly<Record<string, string>> = { '': 'd/f', '/': '/d/f', a: 'a/d/f', 'a/': 'a/d/f', '/a': '/a/d/f' };
  for (const [far, shown] of Object.entries(fars)) {
    it(`writes the path below the far folder '${far}' as ${shown}`, () => {
      listen({ far });
      events.emit('start', { ...START, kind: 'remove' });
      expect(lines()).toEqual([`info File removal started : ${shown}`]);
    });
  }

  it('gives the facts of each line for a log in JSON', () => {
    listen();
    events.emit('start', START);
    events.emit('end', END);
    events.emit('end', { ...END, error });
    const facts = { job: 7, kind: 'upload', path: 'd/f', worker: '4711', attempt: 1 };
    expect(logged.map((line) => line.facts)).toEqual([
      { event: 'start', ...facts },
      { event: 'end', ...facts, bytes: 1536, tookMs: 12 },
      { event: 'end', ...facts, bytes: 1536, tookMs: 12, error: 'E_REFUSED' },
    ]);
  });
});
