import { readConfig } from '../../lib/base/config-options.ts';
import { sampleOptions } from '../support/sample-options.ts';

function read(text: string) {
  const { given, faults } = readConfig(sampleOptions, text, 'sample.json');
  return {
    given: Object.fromEntries([...given].map(([name, { texts }]) => [name, texts])),
    faults: faults.map(({ message }) => message),
  };
}

describe('readConfig', () => {
  const good: readonly (readonly [what: string, settings: unknown, given: object])[] = [
    ['reads numbers', { depth: 4, wait: 0.5 }, { depth: ['4'], wait: ['0.5'] }],
    ['reads numbers in quotes', { depth: '4' }, { depth: ['4'] }],
    ['reads flags', { once: true, bar: false }, { once: ['true'], bar: ['false'] }],
    ['reads texts', { name: 'x', color: 'green' }, { name: ['x'], color: ['green'] }],
    ['reads lists', { skip: ['a', 'b'] }, { skip: ['a', 'b'] }],
    ['reads a single text for a list', { skip: 'a' }, { skip: ['a'] }],
    ['reads a notation as text or number', { share: 5 }, { share: ['5'] }],
    ['leaves ranges to the check', { depth: -1e30 }, { depth: ['-1e+30'] }],
    ['reads an empty object', {}, {}],
  ];
  for (const [what, settings, given] of good) {
    it(what, () => {
      expect(read(JSON.stringify(settings))).toEqual({ given: jasmine.objectContaining(given), faults: [] });
    });
  }

  it('passes over a byte order mark', () => {
    expect(read('\uFEFF{"depth":4}').given).toEqual({ depth: ['4'] });
  });

  it('names option and file', () => {
    const { given } = readConfig(sampleOptions, '{"depth":4}', 'sample.json');
    expect(given.get('depth')?.label).toBe('depth in sample.json');
  });

  const bad: readonly (readonly [what: string, text: string, fault: string])[] = [
    [
      'refuses an unknown name with the nearest',
      '{"dept":4}',
      'dept in sample.json: unknown option, did you mean depth?',
    ],
    ['does not propose what it would refuse', '{"hepl":true}', 'hepl in sample.json: unknown option'],
    ['refuses dashes before a name', '{"--depth":4}', '--depth in sample.json: unknown option, did you mean depth?'],
    ['refuses __proto__', '{"__proto__":4}', '__proto__ in sample.json: unknown option'],
    [
      'refuses what belongs on the command line',
      '{"help":true}',
      'help in sample.json: can be given only on the command line',
    ],
    ['refuses a text as a flag', '{"once":"true"}', 'once in sample.json: must be true or false, without quotes'],
    ['refuses a number as a text', '{"name":4}', 'name in sample.json: must be a text in quotes'],
    ['refuses a list as a single value', '{"depth":[4]}', 'depth in sample.json: must be a number or a text in quotes'],
    ['refuses null', '{"depth":null}', 'depth in sample.json: must be a number or a text in quotes'],
    [
      'refuses a list of other things',
      '{"skip":["a",1]}',
      'skip in sample.json: must be a text in quotes or a list of such',
    ],
    ['refuses a list as a whole', '["depth"]', 'sample.json: must be a JSON object of option names and values'],
    ['refuses null as a whole', 'null', 'sample.json: must be a JSON object of option names and values'],
    ['refuses an empty file', '', 'sample.json: must be JSON: it ends too early or breaks off'],
  ];
  for (const [what, text, fault] of bad) {
    it(what, () => {
      expect(read(text)).toEqual({ given: {}, faults: [fault] });
    });
  }

  it('says where broken JSON breaks and shows nothing of it', () => {
    const { faults } = read('{"token": "hunter2" "name"}');
    expect(faults.length).toBe(1);
    expect(faults[0]).toMatch(/^sample\.json: must be JSON: it breaks at position \d+/);
    expect(faults[0]).not.toContain('hunter2');
  });
});
