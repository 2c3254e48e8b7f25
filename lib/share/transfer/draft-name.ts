import type { ContentId } from '../model/entry.ts';

const BEGINNING = 'draft-';

/** What a part of a draft is kept under: never the id of a content, whatever a peer says. */
export function draftName(draft: ContentId): string {
  return `${BEGINNING}${draft}`;
}

/** Is a part that of a draft? */
export function isDraftName(name: string): boolean {
  return name.startsWith(BEGINNING);
}
