import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getParameters } from '../../lib/mirror/get-parameters.ts';
import type { MirrorParameters } from '../../lib/mirror/parameters.ts';
import type { Pair, Surroundings } from '../../lib/mirror/surroundings.ts';
import { plainSurroundings } from '../support/surroundings.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const positionals = ['host,steve,,dir', 'local', '3', '10'];

describe('getParameters', () => {
  const folder = temporaryFolder();

  beforeEach(() => {
    mkdirSync(join(folder(), 'local'));
  });

  async function ask(words: readonly string[], changes: Partial<Surroundings> = {}) {
    const { environment = {}, ...others } = changes;
    const needed = { FTP_PASSWORD: 'secret', XDG_STATE_HOME: join(folder(), 'state') };
    return getParameters(words, plainSurroundings(folder(), { environment: { ...needed, ...environment }, ...others }));
  }

  async function parametersOf(...given: Parameters<typeof ask>): Promise<MirrorParameters> {
    const result = await ask(...given);
    if (result.kind !== 'parameters') throw new Error(JSON.stringify(result));
    return result.parameters;
  }

  async function faultsOf(...given: Parameters<typeof ask>): Promise<readonly string[]> {
    const result = await ask(...given);
    return result.kind === 'faults' ? result.faults.map(({ message }) => message) : [result.kind];
  }

  it('gives everything its default', async () => {
    expect(await parametersOf(positionals)).toEqual({
      site: { protocol: 'ftp', host: 'host', port: 21, user: 'steve', password: 'secret', directory: 'dir' },
      localDirectory: join(realpathSync(folder()), 'local'),
      maxDepth: 3,
      frequencySeconds: 10,
      multi: { kind: 'P', count: 2, grows: true },
      connections: 'growing',
      filter: { extensions: [], exclude: [], include: [], ignoreFile: '.mirrorignore', trash: undefined },
      links: 'skip',
      once: false,
      dryRun: false,
      timeoutSeconds: 30,
      retries: 3,
      waitSeconds: undefined,
      stopTimeoutSeconds: 30,
      relistEveryMs: 86_400_000,
      deleteExtra: false,
      passive: undefined,
      pipeline: true,
      resumeAbove: 8 * 1024 * 1024,
      verify: 'size',
      limits: {},
      tls: { maxVersion: 'TLSv1.3' },
      stateDirectory: join(realpathSync(folder()), 'state', 'filesmirror'),
      maxDelete: { unit: 'percent', most: 50, above: 20, isDefault: true },
      allowEmpty: false,
      trash: undefined,
      allowReplaced: false,
      log: { file: undefined, keep: 7, level: 'info', format: 'text' },
      progress: false,
      warnings: [],
      given: [],
    });
  });

  it('gives every option its place', async () => {
    const words = `--exclude a --exclude b --include c --ignore-file .ignore --links follow --once --dry-run --timeout 1.5
      --retries 0 --relist-every 12h --delete-extra --resume-above 512k --verify hash --state-dir s --max-delete 5 --allow-empty --allow-replaced --trash .trash//a/
      --log-file l.log --log-keep 1 --log-level debug --log-format json --progress --bwlimit 2M --max-commands-per-second 1.5 --multi T3 --connections 6 --pasv --no-pipeline --wait 5 --stop-timeout 0 .txt`;
    expect(await parametersOf([...positionals, ...words.split(/\s+/)])).toEqual(
      jasmine.objectContaining({
        multi: { kind: 'T', count: 3 },
        connections: 6,
        filter: { extensions: ['.txt'], exclude: ['a', 'b'], include: ['c'], ignoreFile: '.ignore', trash: '.trash/a' },
        links: 'follow',
        once: true,
        dryRun: true,
        timeoutSeconds: 1.5,
        retries: 0,
        waitSeconds: 5,
        stopTimeoutSeconds: 0,
        relistEveryMs: 43_200_000,
        pipeline: false,
        deleteExtra: true,
        passive: 'PASV',
        limits: { bandwidth: [{ minute: 0, bytesPerSecond: 2 ** 21 }], commandsPerSecond: 1.5 },
        resumeAbove: 512 * 1024,
        verify: 'hash',
        stateDirectory: join(realpathSync(folder()), 's'),
        maxDelete: { unit: 'entries', most: 5 },
        allowEmpty: true,
        trash: '.trash/a',
        allowReplaced: true,
        log: { file: join(realpathSync(folder()), 'l.log'), keep: 1, level: 'debug', format: 'json' },
        progress: true,
      }),
    );
  });

  it('reads the example of the original', async () => {
    const { site, multi, filter, warnings } = await parametersOf(
      ['192.168.43.122, steve, steve, test', 'local', '3', '10', '6', '.txt', '.log'],
      { environment: { FTP_PASSWORD: '' } },
    );
    expect(site).toEqual(jasmine.objectContaining({ host: '192.168.43.122', user: 'steve', password: 'steve' }));
    expect([multi, filter.extensions]).toEqual([{ kind: 'P', count: 6 }, ['.txt', '.log']]);
    expect(warnings.length).toBe(1);
  });

  it('shows help before anything else', async () => {
    const result = await ask(['--nonsense', '-h']);
    expect(result).toEqual({ kind: 'help', text: jasmine.stringContaining('--max-delete N|N%') });
  });

  it('asks for the version before anything else', async () => {
    expect(await ask(['--nonsense', '--version'])).toEqual({ kind: 'version' });
  });

  it('asks for data connections in one way only where the user says so, and refuses to be told both', async () => {
    expect((await parametersOf([...positionals, '--epsv'])).passive).toBe('EPSV');
    expect(await faultsOf([...positionals, '--epsv', '--pasv'])).toEqual([
      '--pasv: must be left out where --epsv is given: each means that only it is used',
    ]);
  });

  it('tells all faults at once, none of them with a secret', async () => {
    const words = ['host,steve,hunter2,dir,0', 'nowhere', '-1', '0', '99', 'txt', '--onec', '--retries', '--links=x'];
    expect(await faultsOf([...words, '--password-command=hunter2', '--config', 'c.json'])).toEqual([
      'ftp_website: the port must be a whole number from 1 to 65535, in plain digits',
      jasmine.stringMatching(/^max_depth "-1": must be/),
      jasmine.stringMatching(/^refresh_frequency "0": must be/),
      jasmine.stringMatching(/^max_processes "99": must be/),
      jasmine.stringMatching(/^excluded_extension "txt": must/),
      '--onec: unknown option, did you mean --once?',
      '--retries: needs a value: --retries N',
      '--config "c.json": cannot be read: there is no such file or folder',
      '--links "x": must be one of skip, follow',
      'local_directory "nowhere": there is no such folder',
    ]);
  });

  it('tells each pattern that cannot be understood, with the option it was given by and the reason', async () => {
    writeFileSync(join(folder(), 'c.json'), '{"include": "a//b"}');
    const environment = { FILESMIRROR_EXCLUDE: 'good\n[b-a]' };
    const words = [...positionals, '--retries=x', '--exclude', '*.[md', '--exclude', 'good', '--include', './a'];
    expect(await faultsOf([...words, '--config=c.json'], { environment })).toEqual([
      jasmine.stringMatching(/^--retries "x": must be/),
      '--exclude "*.[md": cannot be understood: a [ has no closing ]',
      `--include "./a": cannot be understood: '.' matches nothing, paths begin below the root`,
      'FILESMIRROR_EXCLUDE "[b-a]": cannot be understood: the range b-a is the wrong way round',
      'include in c.json "a//b": cannot be understood: a name is missing',
    ]);
  });

  it('tells an empty pattern once', async () => {
    expect(await faultsOf([...positionals, '--exclude='])).toEqual([
      '--exclude "": must not be empty or hold control characters',
    ]);
  });

  it('shows no character in a pattern that could disturb a terminal', async () => {
    expect(await faultsOf([...positionals, '--exclude', '[z-\u202e]', '--exclude', '[\u202e-a]'])).toEqual([
      '--exclude "[\\u{202e}-a]": cannot be understood: the range \\u{202e}-a is the wrong way round',
    ]);
  });

  it('does not judge, or show, words that an option nobody knows has shifted', async () => {
    expect(await faultsOf(['--pw', 'hunter2', ...positionals])).toEqual(['--pw: unknown option']);
  });

  it('tells a missing password only when all else is well', async () => {
    const environment = { FTP_PASSWORD: '' };
    expect(await faultsOf(positionals, { environment })).toEqual([
      jasmine.stringMatching(/^password: no password for/),
    ]);
    expect(await faultsOf([...positionals, 'x'], { environment })).toEqual([
      jasmine.stringMatching(/^excluded_extension/),
    ]);
  });

  it('neither asks nor runs a command while there are faults', async () => {
    const runCommand = jasmine.createSpy('runCommand');
    await ask([...positionals, 'x', '--password-command', 'c'], { runCommand });
    expect(runCommand).not.toHaveBeenCalled();
  });

  it('refuses two named ways to the password', async () => {
    expect(await faultsOf([...positionals, '--password-command', 'c', '--password-file', 'f'])).toEqual([
      'password: given by --password-file and --password-command: choose one way',
    ]);
  });

  it('finds a password file from the working folder', async () => {
    writeFileSync(join(folder(), 'pw'), 'from file\n', { mode: 0o600 });
    expect((await parametersOf([...positionals, '--password-file', 'pw'])).site.password).toBe('from file');
  });

  it('tells of a ~/.netrc that cannot be read', async () => {
    mkdirSync(join(folder(), '.netrc'));
    expect(await faultsOf(positionals, { environment: { FTP_PASSWORD: '' } })).toEqual([
      jasmine.stringMatching(/\.netrc: cannot be read/),
    ]);
  });

  describe('on --connections', () => {
    for (const [words, multi, connections] of [
      [[], { kind: 'P', count: 2, grows: true }, 'growing'],
      [['--multi', 'P2'], { kind: 'P', count: 2 }, undefined],
      [['3'], { kind: 'P', count: 3 }, undefined],
      [['--connections', '12'], { kind: 'P', count: 2, grows: true }, 12],
      [['--connections', '1'], { kind: 'P', count: 1, grows: true }, 1],
      [['4', '--connections', '9'], { kind: 'P', count: 4 }, 9],
      [['--multi', 'T2', '--connections', '2'], { kind: 'T', count: 2 }, 2],
      [['--multi', 'A8', '--connections', '8'], { kind: 'A', count: 8 }, 8],
      [['--multi', '1', '--connections', '1'], { kind: '1', count: 1 }, 1],
    ] as const) {
      it(`takes ${words.join(' ') || 'nothing'}`, async () => {
        const parameters = await parametersOf([...positionals, ...words]);
        expect([parameters.multi, parameters.connections]).toEqual([multi, connections]);
      });
    }

    for (const [words, rule] of [
      [['--multi', 'A8', '--connections', '4'], '"4": must be 8 or left out, since --multi is A8'],
      [['--multi', '1', '--connections', '2'], '"2": must be 1 or left out, since --multi is 1'],
      [
        ['--multi', 'P4', '--connections', '3'],
        '"3": must be at least 4, one connection for each worker of --multi P4',
      ],
      [['4', '--connections', '3'], '"3": must be at least 4, one connection for each worker of --multi P4'],
      [['--connections', '65'], '"65": must be a whole number from 1 to 64, in plain digits without a leading zero'],
    ] as const) {
      it(`refuses ${words.join(' ')}`, async () => {
        expect(await faultsOf([...positionals, ...words])).toEqual([`--connections ${rule}`]);
      });
    }
  });

  describe('on max_processes and --multi', () => {
    it('takes both when they say the same', async () => {
      expect((await parametersOf([...positionals, '4', '--multi', 'P4'])).multi).toEqual({ kind: 'P', count: 4 });
    });

    for (const multi of ['P5', 'T4', 'A4', '1']) {
      it(`refuses 4 together with ${multi}`, async () => {
        expect(await faultsOf([...positionals, '4', '--multi', multi])).toEqual([
          `--multi "${multi}": must be P4 or left out, since max_processes is 4`,
        ]);
      });
    }

    it('hears max_processes before the environment', async () => {
      const environment = { FILESMIRROR_MULTI: 'T2' };
      expect((await parametersOf([...positionals, '4'], { environment })).multi).toEqual({ kind: 'P', count: 4 });
    });
  });

  describe('on sources of options', () => {
    beforeEach(() => {
      writeFileSync(join(folder(), 'c.json'), '{"retries": 1, "timeout": 11, "log-keep": 2, "exclude": ["a", "b"]}');
    });

    it('hears the command line before the environment and that before the config file', async () => {
      const environment = { FILESMIRROR_RETRIES: '2', FILESMIRROR_TIMEOUT: '12' };
      const words = [...positionals, '--config=c.json', '--retries=3', '--password-command=hunter2'];
      const { retries, timeoutSeconds, log, filter, given } = await parametersOf(words, {
        environment,
        runCommand: async () => ({ output: 'p' }),
      });
      expect([retries, timeoutSeconds, log.keep, filter.exclude]).toEqual([3, 12, 2, ['a', 'b']]);
      expect([...given].sort()).toEqual([
        '--config "c.json"',
        '--password-command ***',
        '--retries "3"',
        'FILESMIRROR_RETRIES "2"',
        'FILESMIRROR_TIMEOUT "12"',
        'exclude in c.json "a" "b"',
        'log-keep in c.json "2"',
        'retries in c.json "1"',
        'timeout in c.json "11"',
      ]);
    });

    it('tells the faults of all sources', async () => {
      writeFileSync(join(folder(), 'c.json'), '{"retrie": 1}');
      const environment = { FILESMIRROR_MAX_DELET: '1' };
      expect(await faultsOf([...positionals, '--config', 'c.json', '--links', 'x'], { environment })).toEqual([
        'FILESMIRROR_MAX_DELET: stands for no option, did you mean FILESMIRROR_MAX_DELETE?',
        'retrie in c.json: unknown option, did you mean retries?',
        '--links "x": must be one of skip, follow',
      ]);
    });

    it('refuses two config files', async () => {
      expect(await faultsOf([...positionals, '--config', 'c.json', '--config', 'd.json'])).toEqual([
        '--config: may be given only once, not 2 times',
      ]);
    });
  });

  describe('on the local folder', () => {
    it('leaves it to the guard that one is missing though the pair has a journal', async () => {
      const hasJournal = jasmine.createSpy<(pair: Pair) => Promise<boolean>>('hasJournal').and.resolveTo(true);
      const words = ['host,steve,,dir', 'gone', '3', '10'];
      const { localDirectory } = await parametersOf(words, { hasJournal });
      const path = join(realpathSync(folder()), 'gone');
      expect(localDirectory).toBe(path);
      expect(hasJournal.calls.allArgs()).toEqual([
        [
          {
            site: { protocol: 'ftp', host: 'host', port: 21, user: 'steve', directory: 'dir' },
            localDirectory: path,
            stateDirectory: join(realpathSync(folder()), 'state', 'filesmirror'),
          },
        ],
      ]);
    });

    it('refuses one that is missing without a journal', async () => {
      expect(await faultsOf(['host,steve,,dir', 'gone', '3', '10'])).toEqual([
        'local_directory "gone": there is no such folder',
      ]);
    });

    it('refuses a file', async () => {
      writeFileSync(join(folder(), 'file'), '');
      expect(await faultsOf(['host,steve,,dir', 'file', '3', '10'])).toEqual([
        'local_directory "file": is not a folder',
      ]);
    });

    for (const state of ['local', 'local/sub/state', 'link/state']) {
      it(`refuses journals in it: ${state}`, async () => {
        symlinkSync('local', join(folder(), 'link'));
        expect(await faultsOf([...positionals, '--state-dir', state])).toEqual([
          jasmine.stringMatching(/^--state-dir ".*": must not lie in local_directory/),
        ]);
      });
    }

    it('refuses the usual place of the journals in it', async () => {
      symlinkSync('local', join(folder(), 'home'));
      const changes = { environment: { XDG_STATE_HOME: '' }, home: join(folder(), 'home') };
      expect(await faultsOf(positionals, changes)).toEqual([
        jasmine.stringMatching(/^--state-dir ".*local.*": must not lie in local_directory/),
      ]);
    });

    for (const state of ['local2', 'local/../..state', '.']) {
      it(`allows journals elsewhere: ${state}`, async () => {
        const { stateDirectory } = await parametersOf([...positionals, '--state-dir', state]);
        expect(stateDirectory).toBe(join(realpathSync(folder()), state));
      });
    }

    it('warns of a log and a password that would be mirrored', async () => {
      writeFileSync(join(folder(), 'local', 'pw'), 'p', { mode: 0o600 });
      const files = ['--log-file', 'local/..log', '--password-file', 'local/pw'];
      expect((await parametersOf([...positionals, ...files])).warnings).toEqual([
        jasmine.stringMatching(/^The file of --log-file lies in local_directory/),
        jasmine.stringMatching(/^The file of --password-file lies in local_directory/),
      ]);
    });

    it('tells of a path that leads nowhere', async () => {
      symlinkSync('circle', join(folder(), 'circle'));
      expect(await faultsOf([...positionals, '--log-file', 'circle/log'])).toEqual([
        '--log-file "circle/log": its links lead in a circle',
      ]);
    });
  });

  it('shows progress on a terminal unless it shall not', async () => {
    const shown = await parametersOf(positionals, { stderrIsTerminal: true });
    const hidden = await parametersOf([...positionals, '--no-progress'], { stderrIsTerminal: true });
    expect([shown.progress, hidden.progress]).toEqual([true, false]);
  });
});
