import { serveJobs } from '../pool/serve-jobs.ts';
import { transferService } from './transfer-service.ts';

serveJobs(transferService);
