/** The folder in the trash for what is removed from a moment on: `TRASH/2026-11-21T15-04-05Z`. */
export function trashFolder(trash: string, now: number): string {
  // Without colons, which are no part of a name on Windows.
  return `${trash}/${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
}
