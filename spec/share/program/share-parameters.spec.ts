import { readShareParameters } from '../../../lib/share/share-parameters.ts';

const surroundings = { environment: {}, cwd: '/home/anna', columns: 80 };

describe('readShareParameters', () => {
  it('takes the addresses of the peers, with their ports or the usual one', () => {
    expect(parametersOf('--ip', '127.0.0.3, 127.0.0.4:21701,::1,[::2]:21702').peers).toEqual([
      { address: '127.0.0.3', port: 21_700 },
      { address: '127.0.0.4', port: 21_701 },
      { address: '::1', port: 21_700 },
      { address: '::2', port: 21_702 },
    ]);
  });

  it('takes an address that is given twice as one: a copy there would count as two', () => {
    const given = '127.0.0.3,127.0.0.3:21700,127.0.0.3:21701,fd00::7,[fd00:0::7]:21700';
    expect(parametersOf('--ip', given).peers).toEqual([
      { address: '127.0.0.3', port: 21_700 },
      { address: '127.0.0.3', port: 21_701 },
      { address: 'fd00::7', port: 21_700 },
    ]);
  });

  it('knows an address by one form, in which its device is kept, and dials with its zone', () => {
    const at = { address: 'fd00::7', port: 21_700 };
    expect(parametersOf('--ip', 'FD00::7,[FE80:0::1%eth0]:21701').peers).toEqual([
      at,
      { address: 'fe80::1%eth0', port: 21_701 },
    ]);
    expect(parametersOf('trust', 'FD00:0::7').order).toEqual({ trust: at });
  });

  it('shares the folder share beside the state', () => {
    const { shareFolder, stateFolder } = parametersOf('--ip', '127.0.0.3');
    expect([shareFolder, stateFolder]).toEqual(['/home/anna/share', '/home/anna/.left']);
  });

  it('keeps the state beside the folder that is named', () => {
    expect(parametersOf('--ip', '127.0.0.3', '--share', '/data/all').stateFolder).toBe('/data/.left');
    expect(parametersOf('--ip', '127.0.0.3', '--share', '/data/all', '--state', 's').stateFolder).toBe('/home/anna/s');
  });

  it('needs no addresses to look at the trash', () => {
    expect(parametersOf('trash').command).toBe('trash');
  });

  it('encrypts unless it is told not to', () => {
    expect(parametersOf('--ip', '127.0.0.3').values.encryption).toBe('yes');
    expect(parametersOf('--ip', '127.0.0.3', '--encryption', 'no').values.encryption).toBe('no');
  });

  const faults: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no addresses', [], /^--ip: must be given/],
    ['a name for an address', ['--ip', 'host'], /^--ip "host": must be IP addresses/],
    ['an address that is none', ['--ip', '127.0.0.300'], /^--ip "127.0.0.300": must be IP addresses/],
    ['a port that is none', ['--ip', '127.0.0.3:99999'], /^--ip "127.0.0.3:99999": must be IP addresses/],
    ['nothing between two commas', ['--ip', '127.0.0.3,,127.0.0.4'], /^--ip .*: must be IP addresses/],
    [
      'a port out of the range',
      ['--ip', '127.0.0.3', '--port', '80'],
      /^--port "80": must be a whole number from 20000 to 30000/,
    ],
    ['a word that is no command', ['stats'], /^command "stats": must be run, status.*did you mean status\?$/],
    ['words behind a command that takes none', ['status', 'more'], /^command "more": takes nothing behind status/],
    ['yes and no', ['--ip', '127.0.0.3', '--encryption', 'maybe'], /^--encryption "maybe": must be one of yes, no/],
  ];
  for (const [title, words, expected] of faults) {
    it(`says what is wrong with ${title}`, () => {
      const result = readShareParameters(words, surroundings);
      expect(result.kind === 'faults' ? result.faults.map(({ message }) => message).join('\n') : result.kind).toMatch(
        expected,
      );
    });
  }
});

function parametersOf(...words: readonly string[]) {
  const result = readShareParameters(words, surroundings);
  if (result.kind !== 'parameters') throw new Error(JSON.stringify(result));
  return result.parameters;
}
