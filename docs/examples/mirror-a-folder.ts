// Mirror a folder to an FTP site with the library.
//
//   FTP_PASSWORD=secret node dist/docs/examples/mirror-a-folder.js ./public 127.0.0.1 2121 steve www
//
// Run it twice: the second time nothing is sent, since the journal knows what is on the site.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  DirectoryManager,
  describeSummary,
  isComplete,
  makeFilter,
  openLogger,
  openTransferPool,
  PairJournal,
  pairIdOf,
  parsePattern,
  type Site,
  systemClock,
  TalkToFtpMulti,
} from 'filesmirror';

const [folder = '.', host = '127.0.0.1', port = '21', user = 'anonymous', directory = ''] = process.argv.slice(2);

// The two sides, and what tells this pair from all others.
const password = process.env['FTP_PASSWORD'] ?? '';
const site: Site = { protocol: 'ftp', host, port: Number(port), user, password, directory };
const localRoot = resolve(folder);
const pair = { site, localRoot };

// Two child processes do the work, each with a connection of its own. A job that fails for a reason that may pass is
// tried three times in all.
const rules = { timeoutMs: 30_000, attempts: 3, pairId: pairIdOf(pair), makesRoot: true };
const transport = new TalkToFtpMulti({ site, rules }, openTransferPool('P', 2));

// The events come from the children. They inform only; what the program waits for is the promise of `cycle`.
transport.events.on('end', ({ kind, path, bytes, tookMs, worker, error }) => {
  console.log(`${error?.code ?? 'done'} : ${kind} ${path}, ${bytes} bytes in ${tookMs} ms by worker ${worker}`);
});

// What is on the site is remembered here, so that a cycle without changes needs no connection.
const journal = PairJournal.open(
  join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local/state'), 'example'),
  pair,
);
const logger = openLogger({ level: 'warn', format: 'text', keepDays: 7, writeLine: (line) => console.error(line) });

const manager = new DirectoryManager({
  localRoot,
  maxDepth: 20,
  links: 'skip',
  filter: () => makeFilter({ extensions: ['.tmp'], patterns: [parsePattern('node_modules/', 'this example')] }),
  // Nothing is removed when more than half of a site of more than 20 entries would go.
  guards: { maxDelete: { unit: 'percent', most: 50, above: 20 }, allowEmpty: false, allowReplaced: false },
  transport,
  journal,
  logger,
  clock: systemClock,
  dryRun: false,
});

try {
  const summary = await manager.cycle(new AbortController().signal);
  console.log(describeSummary(summary));
  // Failures of single files do not throw: they are counted, and the next cycle takes them up.
  process.exitCode = isComplete(summary) ? 0 : 1;
} finally {
  await transport.disconnect();
  journal.close();
  await logger.close();
}
