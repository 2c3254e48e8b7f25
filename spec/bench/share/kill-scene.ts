import { statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { arrivalOf, mustBeEqual } from './arrivals.ts';
import { readyToMove, type SceneTools } from './scene.ts';
import { until } from './until.ts';
import { backAtRate, type WireLook, wireBytes } from './wire.ts';

const LOOK_MS = 10;
const MIB = 1024 ** 2;
const PATIENCE_MS = 120_000;
// The sender has to have noticed that nobody is there any more.
const GONE_MS = 500;
// What comes before the first of the contents does not tell how quickly those come.
const FIRST_PART = 0.05;

/** The receiver of a large file is killed when half of it is there, and started again. */
export async function killScene({ stage, sources: [source = ''], outside, tell }: SceneTools): Promise<void> {
  const [here, there] = stage.peers;
  const { size } = statSync(source);
  await stage.startBoth();
  const { name, move } = readyToMove(source, outside, here.share);
  await stage.rest();
  const before = wireBytes();
  const sent = () => wireBytes() - before;
  move();
  const hasArrived = arrivalOf(name, here.share, there.share);
  // Who is told to fetch is killed while it does so.
  stage.fetch().catch(() => undefined);
  await until(() => sent() > size * FIRST_PART, 'nothing was sent', PATIENCE_MS);
  const [fromBytes, fromMs] = [sent(), performance.now()];
  await until(() => sent() > size / 2, 'half of it was not sent', PATIENCE_MS);
  await stage.end(there, 'SIGKILL');
  const rate = (sent() - fromBytes) / (performance.now() - fromMs);
  if (hasArrived()) throw new Error('all of it had arrived before the receiver was killed');
  await pause(GONE_MS);

  const looks: WireLook[] = [];
  const start = performance.now();
  const look = setInterval(() => looks.push({ atMs: performance.now() - start, bytes: wireBytes() }), LOOK_MS);
  const figures = await stage
    .during(() => {
      stage.start(there);
      return stage.arrive(hasArrived);
    })
    .finally(() => clearInterval(look));
  mustBeEqual([name], here.share, there.share);
  tell('kill/back', { seconds: backAtRate(looks, rate) / 1000 });
  // On the wire: what was sent more than once, and all headers.
  tell('kill/rest', { ...figures, wireMiB: (sent() - size) / MIB });
}
