/** The hashes that HASH knows, by their IANA names; CRC32 has none there, and is called as other servers call it. */
export const hashNames = ['SHA-256', 'SHA-512', 'SHA-1', 'MD5', 'CRC32'] as const;

/** The name of a hash, as FEAT and OPTS HASH tell it (draft-bryan-ftpext-hash-03 section 3.1). */
export type HashName = (typeof hashNames)[number];

/** The hash that a text names, capitals or not; `undefined` for one that nobody offers here. */
export function parseHashName(text: string): HashName | undefined {
  const wanted = text.trim().toUpperCase();
  return hashNames.find((name) => name === wanted);
}

/** What FEAT says of HASH: all names, with a star behind the one that is used. */
export function formatHashFeature(used: HashName): string {
  return `HASH ${hashNames.map((name) => `${name}${name === used ? '*' : ''};`).join('')}`;
}
