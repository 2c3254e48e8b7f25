import { ProcessPool } from '../../../lib/pool/process-pool.ts';
import type { TrialJobs, TrialNews } from './trial-jobs.ts';

/* A program with two child processes, each with a job that ends only when the port in its argument lets it go. */
const port = Number(process.argv[2]);

const pool = new ProcessPool<TrialJobs, TrialNews>({
  entry: new URL('./trial-worker.js', import.meta.url),
  kind: 'process',
  size: 2,
  environment: {},
});
const held = [0, 1].map((worker) => pool.run(worker, 'hold', port, () => undefined));
console.log('started');
console.log((await Promise.all(held)).join(' '));
await pool.close();
