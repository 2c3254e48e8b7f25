import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { codeOf } from '../../../lib/base/coded-error.ts';
import { FileLock } from '../../../lib/base/file-lock.ts';
import { seededRandom } from '../seeded-random.ts';

/**
 * Takes a lock again and again, together with others. Arguments: the file, how often it shall have it, and a seed.
 *
 * Now and then it leaves the lock as a process that was killed would. Ends with status 1 when it was in while another was.
 */
const [, , file = '', times = '', seed = ''] = process.argv;
const random = seededRandom(Number(seed));
const inside = `${file}-inside`;

console.log('ready');
process.stdin.once('data', () => {
  for (let left = Number(times); left > 0; ) if (isHad()) left -= 1;
  console.log('had it', times);
  process.exit();
});

function isHad(): boolean {
  try {
    const lock = FileLock.take(file);
    // Fails when somebody is in.
    closeSync(openSync(inside, 'wx'));
    readFileSync(inside);
    rmSync(inside);
    if (random.chance(0.6)) die();
    else lock.release();
    return true;
  } catch (error) {
    if (codeOf(error) === 'E_LOCKED') return false;
    throw error;
  }
}

/** The same lock as before, held by the process that had this number before. */
function die(): void {
  const left = `${file}-${process.pid}`;
  writeFileSync(left, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), began: '0' }));
  renameSync(left, file);
}
