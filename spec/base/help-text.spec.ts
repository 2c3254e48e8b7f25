import { helpText } from '../../lib/base/help-text.ts';
import { optionPage } from '../../lib/base/option-page.ts';
import { sampleOptions } from '../support/sample-options.ts';

const frame = {
  usage: 'sample <what> [--options]',
  summary: 'Does nothing.',
  positionals: [{ name: 'what', help: 'What is not done' }],
  closing: ['The end.'],
};

describe('helpText', () => {
  it('has usage, positionals, groups in order and a closing', () => {
    expect(helpText(sampleOptions, frame)).toBe(`Usage: sample <what> [--options]

Does nothing.

  what                    What is not done

First:
      --depth N           How deep (from 1 to 9 levels; default: 3 levels)
      --wait VALUE        How long (from 0 to 60)
  -o, --once              Only one time
      --[no-]bar          A bar
  -h, --help              This text

Second:
      --color red|green   Which color (default: red)
  -n, --name NAME         What it is called
      --skip PATTERN      What is left out (may be repeated)
      --share VALUE       How much (default: half)
      --token VALUE       What nobody may see

The end.
`);
  });

  for (const [columns, width] of [
    [60, 60],
    [10, 50],
    [500, 100],
  ] as const) {
    it(`is at most ${width} wide on a terminal of ${columns}`, () => {
      const long = { ...frame, closing: [Array.from({ length: 60 }, () => 'word').join(' ')] };
      const lines = helpText(sampleOptions, long, columns).split('\n');
      const widest = Math.max(...lines.map((line) => line.length));
      expect(widest).toBeGreaterThan(width - 6);
      expect(widest).toBeLessThanOrEqual(width);
    });
  }

  it('gives a long term a line of its own', () => {
    const table = { 'a-very-long-name': { type: 'text', group: 'G', placeholder: 'SOMETHING', help: 'Help' } } as const;
    expect(helpText(table, frame)).toContain(`      --a-very-long-name SOMETHING\n${' '.repeat(26)}Help\n`);
  });
});

describe('optionPage', () => {
  it('has a table for each group', () => {
    expect(optionPage(sampleOptions, 'SAMPLE_')).toBe(`### First

| option | meaning | default | environment |
| --- | --- | --- | --- |
| \`--depth N\` | How deep. From 1 to 9 levels | 3 levels | \`SAMPLE_DEPTH\` |
| \`--wait VALUE\` | How long. From 0 to 60 | none | \`SAMPLE_WAIT\` |
| \`-o\`, \`--once\` | Only one time | off | \`SAMPLE_ONCE\` |
| \`--[no-]bar\` | A bar | off | \`SAMPLE_BAR\` |
| \`-h\`, \`--help\` | This text | off | command line only |

### Second

| option | meaning | default | environment |
| --- | --- | --- | --- |
| \`--color red\\|green\` | Which color | red | \`SAMPLE_COLOR\` |
| \`-n\`, \`--name NAME\` | What it is called | none | \`SAMPLE_NAME\` |
| \`--skip PATTERN\` | What is left out. May be repeated | none | \`SAMPLE_SKIP\` |
| \`--share VALUE\` | How much | half | \`SAMPLE_SHARE\` |
| \`--token VALUE\` | What nobody may see. Never shown in logs | none | \`SAMPLE_TOKEN\` |`);
  });
});
