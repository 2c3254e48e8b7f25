import { encryptionDiffers, objectionTo } from '../../lib/share/link/objection.ts';
import type { Content, FileContent } from '../../lib/share/model/entry.ts';
import type { Applied } from '../../lib/share/replica/events.ts';
import { ShareLog } from '../../lib/share/share-log.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { committedFiles } from './pages.ts';
import { textOf } from './tables.ts';

const page = textOf('docs/reference/share-log-lines.md');
const sources = committedFiles()
  // What that class tells is taken from what it does.
  .filter((path) => /^lib\/share\/.*\.ts$/.test(path) && path !== 'lib/share/share-log.ts')
  .map(textOf);

/** In the code what is put in, on the page words in capitals. */
const DIFFERENT = /\$\{[^}]*\}|\b(?:HOW LONG|[A-Z]{2,}|N|P)\b/g;

/** `warn Not tidied up`, or the whole line where it has no beginning of that kind. */
function shown(level: string, text: string): string {
  return `${level} ${(text.split(' : ')[0] ?? '').replace(DIFFERENT, '…')}`;
}

/** What goes to a logger, or to whoever hands it to one, as it stands in the code. */
function written(): readonly string[] {
  const calls = [
    /logger\.(debug|info|warn|error)\(\s*([`'])((?:(?!\2).)+)\2/gs,
    /notices\.tell\('(info|warn|error)', ([`'])((?:(?!\2).)+)\2/gs,
    /notices\.tellRarely\([^,]+, '(info|warn|error)', ([`'])((?:(?!\2).)+)\2/gs,
    /level: '(info|warn|error)',\s*text: ([`'])((?:(?!\2).)+)\2/gs,
  ];
  return sources.flatMap((source) =>
    calls.flatMap((call) => [...source.matchAll(call)].map(([, level = '', , text = '']) => shown(level, text))),
  );
}

/** Why two peers do not talk to each other. */
function objections(): readonly string[] {
  const own = { kind: 'hello', protocol: 1, replica: 'a', name: 'NAME', port: 1, codecs: [] } as const;
  const older = objectionTo({ ...own, protocol: 2 }, own)?.text ?? '';
  const texts = [encryptionDiffers('ADDRESS', true), encryptionDiffers('ADDRESS', false), older.replaceAll(/\d/g, 'N')];
  return texts.map((text) => shown('error', text));
}

/** What is told of files, whatever happens to them. */
function toldOfFiles(): readonly string[] {
  const logger = recordingLogger();
  let now = 0;
  const log = new ShareLog(logger, () => now);
  const file: FileContent = { type: 'file', size: 1, id: '1', mtimeMs: 0, isExecutable: false };
  const other = { ...file, id: '2' };
  const contents: readonly Content[] = [
    file,
    { ...file, mtimeMs: 1 },
    other,
    { type: 'directory' },
    { type: 'deleted' },
  ];
  const done: Applied = { result: 'done', stamp: '' };
  for (const content of contents) {
    const entry = { path: 'P', content, version: [] };
    log.found({ entry, number: 1, stamp: '' }, undefined);
    log.found({ entry, number: 1, stamp: '' }, file);
    const change = { path: 'P', from: { content: file, stamp: '' }, to: content, entry };
    log.applied(change, done);
    log.applied({ ...change, saveAs: 'COPY' }, done);
    log.applied(change, { result: 'failed', reason: 'WHY' });
    now += 60_000;
    log.failed('P', 'WHY');
  }
  log.leftOut({ path: 'P', reason: 'special' });
  log.misheard('ADDRESS', new Error('WHY'));
  log.renewed(undefined);
  log.retold(undefined);
  log.underWay({ path: 'P', size: 2, here: 1, rate: 1 });
  // A line about a folder says so behind the same beginning.
  return logger.lines.map((line) => shown(line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)));
}

describe('docs/reference/share-log-lines.md', () => {
  const rows = [...page.matchAll(/^\| `([^`]+)` +\| ([a-z]+) +\|/gm)].map(([, line = '', level = '']) => ({
    line,
    level,
  }));
  const onPage = new Set(rows.map(({ line, level }) => shown(level, line)));
  const logged = new Set([...written(), ...objections(), ...toldOfFiles()]);

  it('has every line that share logs, at its level', () => {
    expect(logged.size).toBeGreaterThan(30);
    expect([...logged].filter((line) => !onPage.has(line))).toEqual([]);
  });

  it('has no line that share does not log', () => {
    // Some are put together from texts of several places.
    const partsOf = (line: string) => line.split(DIFFERENT).flatMap((text) => text.split(/[;:,.] ?/));
    const isPutTogether = (line: string) =>
      line.length > 60 && partsOf(line).every((text) => sources.some((source) => source.includes(text)));
    const unknown = rows.filter(({ line, level }) => !logged.has(shown(level, line)) && !isPutTogether(line));
    expect(unknown.map(({ line }) => line)).toEqual([]);
  });

  it('has a line once', () => {
    const lines = rows.map(({ line, level }) => `${level} ${line}`);
    expect(lines).toEqual([...new Set(lines)]);
  });
});
