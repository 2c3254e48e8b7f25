import { repliesOf } from '../../lib/server/command.ts';
import { commandTable, notOffered } from '../../lib/server/command-table.ts';
import { conformancePage } from '../../lib/server/conformance-page.ts';
import { webVerbs } from '../../lib/server/web-verbs.ts';
import { textOf } from '../documents/tables.ts';

const page = textOf('docs/reference/ftp-conformance.md');
const MARK = 'made from lib/server/command-table.ts';
const commands = [...commandTable.values()];

// The formatter fills the columns of a table with blanks and dashes; what it says stays the same.
function unpadded(text: string): string {
  return text.replaceAll(/ +\|/g, ' |').replaceAll(/-{3,}/g, '---').trim();
}

describe('docs/reference/ftp-conformance.md', () => {
  it('holds the table that the command table makes', () => {
    const [, made = ''] = page.split(`<!-- ${MARK}: begin -->`);
    const [held = ''] = made.split(`<!-- ${MARK}: end -->`);
    expect(unpadded(held)).toBe(unpadded(conformancePage(commands, notOffered)));
  });
});

describe('The table of commands', () => {
  for (const command of commands) {
    it(`says of ${command.verb} where it is written down and what it is answered with`, () => {
      expect(command.source).toMatch(/^(RFC [0-9]+|draft-[a-z0-9-]+-[0-9]{2}|as |nowhere )/);
      expect(command.help.split(/[ |]/, 1)).toEqual([command.verb]);
      expect(command.replies.length).toBeGreaterThan(0);
      const isReply = (code: number) => Number.isInteger(code) && code >= 100 && code < 600;
      expect(repliesOf(command).filter((code) => !isReply(code))).toEqual([]);
      // CCC is known, and always refused.
      expect(repliesOf(command).some((code) => code < 400)).toBe(command.verb !== 'CCC');
    });
  }

  it('has no command that is said not to be offered, or to be of another protocol', () => {
    const others = [...notOffered, ...webVerbs];
    expect(others.filter((verb) => commandTable.has(verb))).toEqual([]);
  });
});
