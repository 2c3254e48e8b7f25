import type { Content, Entry } from '../model/entry.ts';
import type { Counter, ReplicaId, Version } from '../model/version.ts';
import type { Fields } from './fields.ts';

/** The values of an entry in a record: `d` and `x` for a folder and what was deleted, `f` for a file with more behind it. */
export function fieldsOf({ path, content, version, replaced }: Entry): (string | number)[] {
  const fields = [path, textOf(version), replaced ?? ''];
  if (content.type === 'directory') return [...fields, 'd'];
  if (content.type === 'deleted') return [...fields, 'x'];
  const { size, id, mtimeMs, isExecutable, chunks } = content;
  const file = [...fields, 'f', size, id, mtimeMs, Number(isExecutable)];
  return chunks === undefined ? file : [...file, Buffer.from(chunks).toString('base64')];
}

/** Reads entries; the ids of replicas are the same few in all of them, and are held once. */
export class EntryReader {
  readonly #replicas = new Map<string, ReplicaId>();

  /** @throws RangeError */
  read(fields: Fields): Entry {
    const path = fields.text();
    const version = this.#versionOf(fields.text());
    const replaced = fields.text();
    const entry = { path, content: contentOf(fields), version };
    return replaced === '' ? entry : { ...entry, replaced };
  }

  #versionOf(text: string): Version {
    return text === '' ? [] : text.split(',').map((counter) => this.#counterOf(counter));
  }

  #counterOf(text: string): Counter {
    const colon = text.indexOf(':');
    const replica = text.slice(0, Math.max(0, colon));
    const count = Number(text.slice(colon + 1));
    if (replica === '' || !Number.isSafeInteger(count)) throw new RangeError('a version cannot be read');
    return { replica: this.#replica(replica), count };
  }

  #replica(text: string): ReplicaId {
    const known = this.#replicas.get(text);
    if (known !== undefined) return known;
    this.#replicas.set(text, text);
    return text;
  }
}

function contentOf(fields: Fields): Content {
  const type = fields.text();
  if (type === 'd') return { type: 'directory' };
  if (type === 'x') return { type: 'deleted' };
  if (type !== 'f') throw new RangeError('an unknown type of entry');
  const size = fields.count();
  const file = {
    type: 'file',
    size,
    id: fields.text(),
    mtimeMs: fields.integer(),
    isExecutable: fields.count() === 1,
  } as const;
  return fields.hasMore ? { ...file, chunks: fields.bytes() } : file;
}

function textOf(version: Version): string {
  return version.map(({ replica, count }) => `${replica}:${count}`).join(',');
}
