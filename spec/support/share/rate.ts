import { existsSync, renameSync } from 'node:fs';
import { processorTimeOf } from '../processes.ts';
import type { ShareScene } from './share-scene.ts';
import { untilTrue } from './until.ts';

/** In MB/s. */
export interface Rate {
  /** Whatever else goes on at the machine. */
  readonly byClock: number;
  /** As if two processors had done nothing else than what both peers did. */
  readonly byProcessors: number;
}

/**
 * What is asked at least: by the processors ten times as much as others before it reached on the slower of their lines, and by the
 * clock, with anything else at work on the machine, half of that.
 */
export const leastRates: Readonly<Record<'yes' | 'no', Rate>> = {
  no: { byClock: 65, byProcessors: 130 },
  yes: { byClock: 28, byProcessors: 56 },
};

/** Move a file into the share of the first peer, and measure until the second one has it. */
export async function rateOf(
  scene: ShareScene,
  {
    file,
    name,
    bytes,
    withinMs,
  }: { readonly file: string; readonly name: string; readonly bytes: number; readonly withinMs: number },
): Promise<Rate> {
  const used = () => scene.peers.reduce((sum, { program }) => sum + processorTimeOf(program.pid), 0);
  const before = used();
  renameSync(file, scene.peer(0).at(name));
  const begin = performance.now();
  // Nothing has its name before it is whole.
  await untilTrue(
    () => existsSync(scene.peer(1).at(name)),
    withinMs,
    () => `${name} arrives\n${scene.log}`,
  );
  const ms = performance.now() - begin;
  return { byClock: bytes / 1000 / ms, byProcessors: bytes / 1000 / ((used() - before) / 2) };
}
