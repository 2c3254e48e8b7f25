import type { FarShell } from '../far/far-shell.ts';

/** What a whole file will be. */
export interface Promised {
  /** Absolute far path. */
  readonly path: string;
  /** Hexadecimal. */
  readonly md5: string;
  readonly size: number;
}

/** Does the server keep what it is promised of an upload? */
export function isExpecting(features: ReadonlyMap<string, string>): boolean {
  return (features.get('SITE') ?? '').toUpperCase().split(';').includes('EXPECT');
}

/** Tell the server what a file will be when all of it is there, so that no other one is put together with a part of it. */
export async function promise(far: FarShell, { path, md5, size }: Promised): Promise<void> {
  await far.quote(`SITE EXPECT MD5 ${md5} ${size} ${path}`);
}
