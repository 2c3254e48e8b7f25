import { serveJobs } from '../../../lib/pool/serve-jobs.ts';
import { trialService } from './trial-jobs.ts';

serveJobs(trialService);
