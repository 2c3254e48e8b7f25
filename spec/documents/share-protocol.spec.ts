import { wireLimits } from '../../lib/share/wire/limits.ts';
import type { Message } from '../../lib/share/wire/message.ts';
import { MessageReader } from '../../lib/share/wire/message-reader.ts';
import { byeReasons, codecs, messageTypes } from '../../lib/share/wire/message-types.ts';
import { bytesOf, entriesOf, fileOf, fileOfChunks, HELLO, told } from '../share/wire/peer-bytes.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { tablesOf, textOf } from './tables.ts';

const page = textOf('docs/reference/share-protocol.md');
const tables = tablesOf(page);

/** The first cells of the rows of a table. */
function rowsOf(heading: string, cells: number): readonly (readonly string[])[] {
  return (tables.get(heading) ?? []).map((row) => row.slice(0, cells));
}

const ID = 'ab'.repeat(32);
const hi = Buffer.from('hi\n');
const version = [{ replica: HELLO.replica, count: 300 }];

/** What the page shows, in its order. */
const examples: readonly Message[] = [
  HELLO,
  { kind: 'begin', heard: 300, holds: 2, forgotten: 7 },
  entriesOf(),
  {
    kind: 'entries',
    entries: [
      told({ path: 'a', version }),
      told({ number: 2, path: 'a/hi', version, content: fileOf(hi, { mtimeMs: 1000, isExecutable: true }), bytes: hi }),
      told({ number: 3, path: 'b', version, content: { type: 'deleted' }, replaced: ID }),
      told({ number: 4, path: 'c', version, content: fileOfChunks([65_536, 1], { mtimeMs: -1 }) }),
    ],
    upTo: 4,
    isAll: true,
  },
  { kind: 'settled', upTo: 4 },
  { kind: 'ask', request: 1, id: ID, first: 0, count: 2 },
  { kind: 'bytes', request: 1, first: 0, codec: 'none', size: 3, data: hi },
  { kind: 'gone', request: 1 },
  { kind: 'draft', draft: ID, path: 'c', size: 65_537 },
  { kind: 'draft-chunks', draft: ID, chunks: fileOfChunks([65_536]).chunks ?? Buffer.of() },
  { kind: 'draft-end', draft: ID, id: ID },
  { kind: 'ping', token: 7 },
  { kind: 'pong', token: 7 },
  { kind: 'bye', reason: 'stopping', text: 'bye' },
];

describe('docs/reference/share-protocol.md', () => {
  it('lists the types of messages with their numbers', () => {
    expect(rowsOf('Messages', 2)).toEqual(Object.entries(messageTypes).map(([kind, type]) => [kind, `${type}`]));
  });

  it('has a section for the body of each of them', () => {
    const headings = [...page.matchAll(/^### `(.+)`$/gm)].flatMap(([, names = '']) => names.split('`, `'));
    expect(headings).toEqual(Object.keys(messageTypes));
  });

  it('lists the limits', () => {
    expect(rowsOf('Limits', 2)).toEqual(Object.entries(wireLimits).map(([name, limit]) => [name, `${limit}`]));
  });

  it('lists the packings and the reasons to go, with their numbers', () => {
    expect(rowsOf('Packings', 2)).toEqual(codecs.map((codec, number) => [codec, `${number}`]));
    expect(rowsOf('Reasons to go', 2)).toEqual(byeReasons.map((reason, number) => [reason, `${number}`]));
  });

  it('shows messages as they are sent, at least one of each type', () => {
    expect(rowsOf('Examples', 2)).toEqual(examples.map((message) => [message.kind, bytesOf(message).toString('hex')]));
    expect(new Set(examples.map(({ kind }) => kind)).size).toBe(Object.keys(messageTypes).length);
  });

  it('shows messages that are understood', () => {
    const reader = new MessageReader({ clock: new ManualClock() });
    const heard = rowsOf('Examples', 2).flatMap(([, hex = '']) => reader.push(Buffer.from(hex, 'hex')));
    expect(heard.map(({ kind }) => kind)).toEqual(examples.map(({ kind }) => kind));
  });
});
