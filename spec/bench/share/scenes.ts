import { bigFileScene } from './big-file-scene.ts';
import { changeScene } from './change-scene.ts';
import { courseScene } from './course-scene.ts';
import { killScene } from './kill-scene.ts';
import type { SceneName } from './rows.ts';
import type { Scene } from './scene.ts';
import { smallScene } from './small-scene.ts';
import type { Source } from './sources.ts';

/** How a scene is played, and with what. */
export interface ScenePlan {
  readonly play: Scene;
  readonly sources: readonly Source[];
  /** Can one that is told to fetch, and that only one of the peers can, play it? */
  readonly needsDetection: boolean;
}

/** All of them. */
export const scenes: Readonly<Record<SceneName, ScenePlan>> = {
  random: { play: bigFileScene('first/random', true), sources: ['random'], needsDetection: false },
  text: { play: bigFileScene('first/text', false), sources: ['text'], needsDetection: false },
  small: { play: smallScene, sources: ['tree'], needsDetection: false },
  change: { play: changeScene, sources: [], needsDetection: false },
  kill: { play: killScene, sources: ['random'], needsDetection: false },
  course: { play: courseScene, sources: ['ten', 'course', 'fifty'], needsDetection: true },
};
