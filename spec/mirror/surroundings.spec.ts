import { isAbsolute } from 'node:path';
import { PassThrough } from 'node:stream';
import { systemSurroundings } from '../../lib/mirror/surroundings.ts';

const hasJournal = async () => false;

function terminal(isTTY: boolean): PassThrough & { isTTY: boolean } {
  return Object.assign(new PassThrough(), { isTTY });
}

describe('systemSurroundings', () => {
  it('tells of this process', () => {
    const { environment, platform, home, cwd, cores, columns } = systemSurroundings(hasJournal);
    expect(environment).toBe(process.env);
    expect(platform).toBe(process.platform);
    expect([home, cwd].map(isAbsolute)).toEqual([true, true]);
    expect(cores).toBeGreaterThan(0);
    expect(columns).toBeGreaterThan(0);
  });

  it('asks at a terminal', async () => {
    const [stdin, stderr] = [terminal(true), terminal(true)];
    const surroundings = systemSurroundings(hasJournal, { stdin, stdout: { columns: 99 }, stderr });
    const answer = surroundings.ask?.('Password: ');
    stdin.write('secret\n');
    expect(await answer).toBe('secret');
    expect([surroundings.stderrIsTerminal, surroundings.columns]).toEqual([true, 99]);
  });

  for (const [input, output] of [
    [true, false],
    [false, true],
    [false, false],
  ] as const) {
    it(`asks nobody when input is ${input ? 'a' : 'no'} terminal and output is ${output ? 'one' : 'none'}`, () => {
      const streams = { stdin: terminal(input), stdout: {}, stderr: terminal(output) };
      const surroundings = systemSurroundings(hasJournal, streams);
      expect(surroundings.ask).toBeUndefined();
      expect([surroundings.stderrIsTerminal, surroundings.columns]).toEqual([output, 80]);
    });
  }
});
