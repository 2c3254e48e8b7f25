import type { ContentId } from '../model/entry.ts';

const BEGINNING = 'draft-';

let parts = 0;

/**
 * What a part of a draft is kept under: never the id of a content, whatever a peer says, nor what another one is kept under now. One
 * who tells the same draft twice would else have what is finished written to.
 */
export function freshDraftName(draft: ContentId): string {
  parts += 1;
  return `${BEGINNING}${draft}-${parts}`;
}

/** Is a part that of a draft? */
export function isDraftName(name: string): boolean {
  return name.startsWith(BEGINNING);
}
