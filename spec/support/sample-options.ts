import type { OptionTable } from '../../lib/base/option-table.ts';

/** A small option table with one entry of each type. */
export const sampleOptions = {
  depth: {
    type: 'integer',
    range: [1, 9],
    group: 'First',
    default: 3,
    unit: 'levels',
    placeholder: 'N',
    help: 'How deep',
  },
  wait: { type: 'number', range: [0, 60], group: 'First', help: 'How long' },
  color: { type: 'choice', choices: ['red', 'green'], group: 'Second', default: 'red', help: 'Which color' },
  name: { type: 'text', group: 'Second', alias: 'n', placeholder: 'NAME', help: 'What it is called' },
  skip: { type: 'texts', group: 'Second', placeholder: 'PATTERN', help: 'What is left out' },
  share: {
    type: 'parsed',
    parse: (text: string) => (text.endsWith('%') ? { percent: Number(text.slice(0, -1)) } : undefined),
    rule: 'must be a percentage',
    group: 'Second',
    default: { percent: 50 },
    defaultText: 'half',
    help: 'How much',
  },
  token: { type: 'text', secret: true, group: 'Second', help: 'What nobody may see' },
  once: { type: 'flag', group: 'First', alias: 'o', default: false, help: 'Only one time' },
  bar: { type: 'flag', group: 'First', help: 'A bar' },
  help: { type: 'flag', commandLineOnly: true, group: 'First', alias: 'h', default: false, help: 'This text' },
} as const satisfies OptionTable;
