import { readPositionals } from '../../lib/mirror/positionals.ts';

const four = ['host,user,pass,dir', 'folder', '3', '10'];
const wholeRule = 'in plain digits without a leading zero';
const depthRule = `must be a whole number of at least 1, ${wholeRule}`;
const frequencyRule = `must be a number from 1 to 2147483, ${wholeRule} (seconds)`;
const processesRule = `must be a whole number from 1 to 64, ${wholeRule}; an excluded_extension begins with a dot`;
const extensionRule = 'must begin with a dot and hold no slash, * or ?; for a pattern use --exclude';

function faultsOf(words: readonly string[]): readonly string[] {
  return readPositionals(words).faults.map(({ message }) => message);
}

describe('readPositionals', () => {
  it('reads the four that must be there', () => {
    expect(readPositionals(four)).toEqual({
      site: { protocol: 'ftp', host: 'host', port: 21, user: 'user', password: 'pass', directory: 'dir' },
      localDirectory: 'folder',
      maxDepth: 3,
      frequencySeconds: 10,
      extensions: [],
      faults: [],
    });
  });

  it('names each one that is missing', () => {
    expect(faultsOf([])).toEqual([
      'ftp_website: missing: host,user,password,directory[,port] or a URL',
      'local_directory: missing: the folder to mirror',
      `max_depth: missing: ${depthRule}`,
      `refresh_frequency: missing: ${frequencyRule}`,
    ]);
  });

  it('names only what is missing', () => {
    expect(faultsOf(four.slice(0, 3))).toEqual([`refresh_frequency: missing: ${frequencyRule}`]);
  });

  it('tells the faults of all at once', () => {
    expect(faultsOf(['host', '', '-1', '-1', '-1', 'txt'])).toEqual([
      'ftp_website: must be host,user,password,directory[,port] or a URL such as ftp://user@host/dir',
      'local_directory "": must be the path of a folder',
      `max_depth "-1": ${depthRule}`,
      `refresh_frequency "-1": ${frequencyRule}`,
      `max_processes "-1": ${processesRule}`,
      `excluded_extension "txt": ${extensionRule}`,
    ]);
  });

  for (const text of ['0', '-1', '007', '1e3', '0x10', ' 4 ', '1.5', 'two', '', '٣', '99999999999999999999']) {
    it(`refuses ${JSON.stringify(text)} as max_depth`, () => {
      const [site = '', folder = '', , frequency = ''] = four;
      expect(faultsOf([site, folder, text, frequency])).toEqual([`max_depth "${text}": ${depthRule}`]);
    });
  }

  for (const text of ['0', '0.5', '-1', '007', '1e3', '0x10', ' 4 ', '1,5', '2147484', '']) {
    it(`refuses ${JSON.stringify(text)} as refresh_frequency`, () => {
      expect(faultsOf([...four.slice(0, 3), text])).toEqual([`refresh_frequency "${text}": ${frequencyRule}`]);
    });
  }

  for (const [text, seconds] of [
    ['1', 1],
    ['1.5', 1.5],
    ['2147483', 2_147_483],
  ] as const) {
    it(`reads ${text} as refresh_frequency`, () => {
      expect(readPositionals([...four.slice(0, 3), text]).frequencySeconds).toBe(seconds);
    });
  }

  it('takes a first number for max_processes', () => {
    const { maxProcesses, extensions } = readPositionals([...four, '4', '.txt', '.tar.gz']);
    expect([maxProcesses, extensions]).toEqual([4, ['.txt', '.tar.gz']]);
  });

  it('takes a first dot for an extension', () => {
    const { maxProcesses, extensions } = readPositionals([...four, '.7z', '.txt', '.7z']);
    expect([maxProcesses, extensions]).toEqual([undefined, ['.7z', '.txt']]);
  });

  for (const text of ['0', '65', '-1', '+4', '04', '4x', '1e3', '0x10', ' 4 ', '2.5']) {
    it(`takes ${JSON.stringify(text)} for a wrong max_processes, not for an extension`, () => {
      expect(faultsOf([...four, text])).toEqual([`max_processes "${text}": ${processesRule}`]);
    });
  }

  for (const text of ['txt', '.', '', '*.txt', '.t*', '.a/b', '.a\\b', ' .txt', 'four']) {
    it(`refuses ${JSON.stringify(text)} as an extension`, () => {
      const shown = text.replaceAll('\\', '\\\\');
      expect(faultsOf([...four, text])).toEqual([`excluded_extension "${shown}": ${extensionRule}`]);
    });
  }

  it('refuses a number behind max_processes', () => {
    expect(faultsOf([...four, '4', '5'])).toEqual([`excluded_extension "5": ${extensionRule}`]);
  });

  it('refuses NUL in the local folder', () => {
    expect(faultsOf([...four.slice(0, 1), 'a\0b', ...four.slice(2)])).toEqual([
      'local_directory "a\\u{0}b": must be the path of a folder',
    ]);
  });

  it('does not judge, or show, the pieces of a site that lost its quotes', () => {
    for (const words of [
      ['host,', 'user,', 'hunter2,', 'dir', 'folder', '3', '10'],
      ['host', ',user,hunter2,dir', 'folder', '3', '10'],
    ]) {
      const { faults } = readPositionals(words);
      expect(faults.map(({ parameter }) => parameter)).toEqual(['ftp_website']);
      expect(JSON.stringify(faults)).not.toContain('hunter2');
    }
  });
});
