/** What a user may do: `read` lists and downloads, `write` changes what is there. */
export type Permission = 'read' | 'write';

/** Somebody who may log in. */
export interface Account {
  readonly name: string;
  /** Absolute path of the folder that is the user's root. */
  readonly home: string;
  readonly permissions: readonly Permission[];
}
