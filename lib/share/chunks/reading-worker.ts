import { serveJobs } from '../../pool/serve-jobs.ts';
import { readingService } from './reading-service.ts';

serveJobs(readingService);
