// Makes docs/report/report.pdf: npm run report. It needs weasyprint, as Debian has it (apt-get install weasyprint).

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { read, repository } from '../../spec/documents/pages.ts';
import { fillReport } from './fill-report.ts';

const folder = join(repository, 'docs/report');
const file = (path: string) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : undefined);
const html = fillReport(read('docs/report/report.html'), { benchmarks: read('docs/benchmarks.md'), file });
// The same sources make the same file, to the last byte.
const env = { ...process.env, SOURCE_DATE_EPOCH: '0' };
const { error, status } = spawnSync('weasyprint', ['-', join(folder, 'report.pdf')], {
  input: html,
  env,
  stdio: ['pipe', 'inherit', 'inherit'],
});
if (error) process.stderr.write('weasyprint is not here: apt-get install weasyprint\n');
process.exitCode = error ? 1 : (status ?? 1);
