// All specs of npm test: npm run cover. The last line sums up, as Jasmine does.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../documents/pages.ts';
import { runSpecs } from './run-specs.ts';
import { hideSourceMaps } from './source-maps.ts';
import { lineOf } from './total.ts';

const folder = 'dist/spec';
const files = readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.spec.js') && !path.startsWith('long/'));

const showSourceMaps = hideSourceMaps(join(repository, 'dist'));
const began = performance.now();
const total = await runSpecs({ folder, files }, (text) => process.stdout.write(text)).finally(showSourceMaps);
const seconds = Math.round((performance.now() - began) / 1000);
process.stdout.write(
  `\nAll specs, in ${Math.floor(seconds / 60)} minutes and ${seconds % 60} seconds:\n${lineOf(total)}\n`,
);
process.exitCode = total.failures === 0 ? 0 : 1;
