import { renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { copyOf } from './sources.ts';
import type { Figures, Stage } from './stage.ts';

/** What a scene is played with. */
export interface SceneTools {
  readonly stage: Stage;
  /** The paths of what is sent. */
  readonly sources: readonly string[];
  /** A folder beside the shares, on their file system. */
  readonly outside: string;
  /** How many small changes there are. */
  readonly changes: number;
  /** Is told what was measured. */
  readonly tell: (row: string, figures: Figures) => void;
}

/** Plays it from start to end. @throws Error when something went wrong, or another content has arrived */
export type Scene = (tools: SceneTools) => Promise<void>;

/** Copy something beside a share. @returns moves it into the share, at once and as a whole; the name that it has there */
export function readyToMove(
  source: string,
  outside: string,
  share: string,
): { readonly name: string; readonly move: () => void } {
  const name = basename(source);
  const copy = copyOf(source, join(outside, name));
  return { name, move: () => renameSync(copy, join(share, name)) };
}
