import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from '../documents/pages.ts';

const run = promisify(execFile);

describe('What share loads', () => {
  it('has no log in it until there is something to log: that alone is a fifth of a start', async () => {
    expect(await packagesAfter('main.js')).not.toContain('log4js');
    expect(await packagesAfter('run-command.js')).not.toContain('log4js');
  });

  it('has a log in it to share a folder', async () => {
    expect(await packagesAfter('run-share.js')).toContain('log4js');
  });
});

/** The packages that are loaded with a file of share. */
async function packagesAfter(file: string): Promise<readonly string[]> {
  const script = `
    import { createRequire } from 'node:module';
    await import(process.argv[1]);
    console.log(JSON.stringify(Object.keys(createRequire(process.argv[1]).cache)));`;
  const words = ['--input-type=module', '--eval', script, join(repository, 'dist/lib/share', file)];
  const { stdout } = await run(process.execPath, words);
  const files = JSON.parse(stdout) as readonly string[];
  return [...new Set(files.map((path) => /.*node_modules\/([^/]+)/.exec(path)?.[1] ?? ''))];
}
