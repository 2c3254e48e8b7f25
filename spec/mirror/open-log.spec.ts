import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../lib/base/coded-error.ts';
import { openLog } from '../../lib/mirror/open-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('openLog', () => {
  const folder = temporaryFolder();
  const open = (file: string | undefined, writeLine: (line: string) => void = () => undefined) =>
    openLog({ file, keep: 7, level: 'info', format: 'text' }, writeLine);

  it('gives each line away when there is no file', async () => {
    const lines: string[] = [];
    const logger = open(undefined, (line) => lines.push(line));
    logger.info('Valid parameters');
    logger.debug('not told');
    await logger.close();
    expect(lines).toEqual([jasmine.stringMatching(/ - root - INFO - Valid parameters$/)]);
  });

  it('writes them to a file, too, makes its folder, and lets nobody else read it', async () => {
    const file = join(folder(), 'logs', 'a', 'mirror.log');
    const lines: string[] = [];
    const logger = open(file, (line) => lines.push(line));
    logger.info('Valid parameters');
    await logger.close();
    expect(readFileSync(file, 'utf8')).toBe(`${lines.join('\n')}\n`);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('goes on with a file that is there', async () => {
    const file = join(folder(), 'mirror.log');
    writeFileSync(file, 'before\n');
    await open(file).close();
    expect(readFileSync(file, 'utf8')).toBe('before\n');
  });

  const places: Readonly<Record<string, (folder: string) => string>> = {
    'that is a folder': (at) => {
      mkdirSync(join(at, 'log'));
      return join(at, 'log');
    },
    'below a file': (at) => {
      writeFileSync(join(at, 'file'), '');
      return join(at, 'file', 'log');
    },
  };
  for (const [what, make] of Object.entries(places)) {
    it(`refuses a file ${what} before anything is logged`, () => {
      const file = make(folder());
      const isRefusal = (error: unknown) =>
        error instanceof CodedError && error.code === 'E_LOG_FILE' && error.message.includes(`"${file}"`);
      expect(() => open(file)).toThrowMatching(isRefusal);
    });
  }
});
