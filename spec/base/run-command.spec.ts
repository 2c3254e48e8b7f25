import { runCommand } from '../../lib/base/run-command.ts';

const node = `"${process.execPath}"`;

describe('runCommand', () => {
  it('gives what the command writes', async () => {
    expect(await runCommand(`${node} -p "'gr' + String.fromCharCode(252) + 'n'"`)).toEqual({ output: 'grün\n' });
  });

  it('runs it in a shell', async () => {
    expect((await runCommand('echo one && echo two')).output.split(/\s+/)).toEqual(['one', 'two', '']);
  });

  it('tells the status of one that fails', async () => {
    expect((await runCommand('exit 3')).failure).toBe('it ended with status 3');
  });

  it('tells the status of one that is not there', async () => {
    expect((await runCommand('filesmirror-no-such-command')).failure).toMatch(/^it ended with status \d+$/);
  });

  it('tells the signal that ended it', async () => {
    expect((await runCommand('kill -KILL $$')).failure).toBe('it was ended by SIGKILL');
  });

  it('gives it nothing to read', async () => {
    expect((await runCommand(`${node} -p "require('fs').readFileSync(0).length"`)).output.trim()).toBe('0');
  });

  it('stops listening to one that writes without end', async () => {
    const { failure, output } = await runCommand(
      `${node} -e "setInterval(() => process.stdout.write('x'.repeat(9999)), 0)"`,
    );
    expect([failure, output]).toEqual(['it wrote more than 64 KiB', '']);
  });

  it('tells of a command that cannot be started', async () => {
    expect(await runCommand(`echo ${'x'.repeat(3_000_000)}`)).toEqual({
      failure: 'it could not be started',
      output: '',
    });
  });
});
