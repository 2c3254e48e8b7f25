import { type Environment, readEnvironment, variableOf } from '../../lib/base/environment-options.ts';
import { sampleOptions } from '../support/sample-options.ts';

describe('readEnvironment', () => {
  const cases: readonly (readonly [
    what: string,
    environment: Environment,
    given: object,
    faults: readonly string[],
  ])[] = [
    ['reads a variable', { SAMPLE_DEPTH: '4' }, { depth: ['4'] }, []],
    ['passes over other variables', { DEPTH: '4', SAMPLER: 'x', PATH: '/bin' }, {}, []],
    ['passes over an empty one', { SAMPLE_DEPTH: '', SAMPLE_NONSENSE: '' }, {}, []],
    ['reads a list line by line', { SAMPLE_SKIP: 'a,b\nc\r\n\nd\n' }, { skip: ['a,b', 'c', 'd'] }, []],
    ['reads flags', { SAMPLE_ONCE: 'true', SAMPLE_BAR: '0' }, { once: ['true'], bar: ['0'] }, []],
    [
      'refuses an unknown one with the nearest',
      { SAMPLE_DEPT: '4' },
      {},
      ['SAMPLE_DEPT: stands for no option, did you mean SAMPLE_DEPTH?'],
    ],
    ['refuses small letters', { SAMPLE_depth: '4' }, {}, ['SAMPLE_depth: stands for no option']],
    [
      'refuses what belongs on the command line',
      { SAMPLE_HELP: '1' },
      {},
      ['SAMPLE_HELP: --help can be given only on the command line'],
    ],
  ];
  for (const [what, environment, given, faults] of cases) {
    it(what, () => {
      const read = readEnvironment(sampleOptions, environment, 'SAMPLE_');
      expect(Object.fromEntries([...read.given].map(([name, { texts }]) => [name, texts]))).toEqual(
        jasmine.objectContaining(given),
      );
      expect(read.given.size).toBe(Object.keys(given).length);
      expect(read.faults.map(({ message }) => message)).toEqual([...faults]);
    });
  }

  it('calls an option by its variable', () => {
    const { given } = readEnvironment(sampleOptions, { SAMPLE_DEPTH: '4' }, 'SAMPLE_');
    expect(given.get('depth')?.label).toBe('SAMPLE_DEPTH');
  });
});

describe('variableOf', () => {
  it('is in capitals with underscores', () => {
    expect(variableOf('max-delete', 'FILESMIRROR_')).toBe('FILESMIRROR_MAX_DELETE');
  });
});
