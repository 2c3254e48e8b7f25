import fc from 'fast-check';
import type { Content, Entry } from '../../../lib/share/model/entry.ts';
import type { Version } from '../../../lib/share/model/version.ts';
import type { Entries, Message, ToldEntry } from '../../../lib/share/wire/message.ts';
import { byeReasons, codecs } from '../../../lib/share/wire/message-types.ts';
import { fileOf, fileOfChunks, NOW } from './peer-bytes.ts';

const number = fc.oneof(fc.nat(300), fc.maxSafeNat());
const id = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const replica = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => bits.toString(16).padStart(16, '0'));
const text = fc.string({ unit: 'binary', maxLength: 60 });
const mtimeMs = fc.oneof(
  fc.integer({ min: -8.64e15, max: 8.64e15 }),
  fc.constantFrom(0, 1, -1, NOW, 8.64e15, -8.64e15),
);

const name = fc
  .string({
    unit: fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }), fc.constantFrom('.', '\n', '\\')),
  })
  .filter((name) => !/^\.{0,2}$|[/\0]/.test(name) && Buffer.byteLength(name) <= 255);
const path = fc.array(name, { minLength: 1, maxLength: 6 }).map((names) => names.join('/'));

const version: fc.Arbitrary<Version> = fc
  .uniqueArray(replica, { minLength: 1, maxLength: 64 })
  .chain((replicas) =>
    fc.tuple(
      ...replicas.sort().map((replica) => fc.integer({ min: 1, max: NOW / 1000 }).map((count) => ({ replica, count }))),
    ),
  );

const file: fc.Arbitrary<Pick<ToldEntry, 'bytes'> & { readonly content: Content }> = fc
  .record({
    shape: fc.constantFrom('one', 'inline', 'chunks'),
    bytes: fc.uint8Array({ maxLength: 5_000 }),
    sizes: fc.array(fc.integer({ min: 1, max: 2 ** 20 }), { minLength: 2, maxLength: 90 }),
    more: fc.record({ mtimeMs, isExecutable: fc.boolean() }),
  })
  .map(({ shape, bytes, sizes, more }) => {
    if (shape === 'chunks') return { content: fileOfChunks(sizes, more) };
    return { content: fileOf(bytes, more), ...(shape === 'inline' && { bytes }) };
  });

const content = fc.oneof(
  { weight: 3, arbitrary: file },
  {
    weight: 1,
    arbitrary: fc.constantFrom('directory' as const, 'deleted' as const).map((type) => ({ content: { type } })),
  },
);

const unnumbered = fc
  .record({ path, version, content, replaced: fc.option(id, { nil: undefined }) })
  .map(({ path, version, content: { content, ...bytes }, replaced }) => {
    const entry: Entry = { path, content, version, ...(replaced !== undefined && { replaced }) };
    return { entry, ...bytes };
  });

const entries: fc.Arbitrary<Entries> = fc
  .record({
    all: fc.array(unnumbered, { maxLength: 12 }),
    steps: fc.infiniteStream(fc.integer({ min: 1, max: 10 ** 12 })),
    isAll: fc.boolean(),
  })
  .map(({ all, steps, isAll }) => {
    let number = 0;
    const entries = all.map((entry) => {
      number += steps.next().value;
      return { ...entry, number };
    });
    return { kind: 'entries', entries, upTo: number + 1, isAll };
  });

const chunkAt = fc.integer({ min: 0, max: 50_000 });

const bytes = fc
  .record({
    request: number,
    first: chunkAt,
    codec: fc.constantFrom(...codecs),
    data: fc.uint8Array({ maxLength: 70_000, size: 'max' }),
  })
  .map((message) => ({ kind: 'bytes' as const, ...message, size: message.data.length }));

/** What peers may say after their hello. */
export const messages: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ kind: fc.constant('begin' as const), heard: number, holds: number, forgotten: number }),
  entries,
  fc.record({ kind: fc.constant('settled' as const), upTo: number }),
  fc
    .record({
      kind: fc.constant('ask' as const),
      request: number,
      id,
      first: chunkAt,
      count: chunkAt.map((n) => n + 1),
    })
    .filter(({ first, count }) => first + count <= 100_000),
  bytes,
  fc.record({ kind: fc.constant('gone' as const), request: number }),
  fc.record({ kind: fc.constant('draft' as const), draft: id, path, size: number }),
  fc.record({
    kind: fc.constant('draft-chunks' as const),
    draft: id,
    chunks: fc
      .array(fc.integer({ min: 1, max: 2 ** 20 }), { minLength: 1, maxLength: 90 })
      .map((sizes) => fileOfChunks(sizes).chunks ?? new Uint8Array()),
  }),
  fc.record({ kind: fc.constant('draft-end' as const), draft: id, id }, { requiredKeys: ['kind', 'draft'] }),
  fc.record({ kind: fc.constantFrom('ping' as const, 'pong' as const), token: number }),
  fc.record({ kind: fc.constant('bye' as const), reason: fc.constantFrom(...byeReasons), text }),
);

/** What they may begin with. */
export const hellos: fc.Arbitrary<Message> = fc.record({
  kind: fc.constant('hello' as const),
  protocol: fc.nat(0xffff),
  replica,
  name: text.filter((name) => !/\p{Cc}/u.test(name)),
  port: fc.integer({ min: 1, max: 0xffff }),
  codecs: fc.subarray(codecs.slice(1)),
});
