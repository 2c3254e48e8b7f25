import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programs, type RunningProgram, type RunOptions } from './run-program.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('run-program', () => {
  const folder = temporaryFolder();
  const run = programs();

  function runCode(code: string, options?: RunOptions): RunningProgram {
    const script = join(folder(), 'program.mjs');
    writeFileSync(script, code);
    return run(script, options);
  }

  it('tells status and output', async () => {
    const program = runCode('console.log("to out"); console.error("to err"); process.exitCode = 3');
    expect(await program.ended).toEqual({ status: 3, signal: null, stdout: 'to out\n', stderr: 'to err\n' });
  });

  it('gives arguments, environment, folder and input', async () => {
    const code = `import { text } from 'node:stream/consumers';
      console.log(JSON.stringify([process.argv.slice(2), process.env.SPEC, process.cwd(), await text(process.stdin)]))`;
    const program = runCode(code, { args: ['a', 'b c'], env: { SPEC: 'x' }, cwd: folder(), stdin: 'typed' });
    const { stdout } = await program.ended;
    expect(JSON.parse(stdout)).toEqual([['a', 'b c'], 'x', realpathSync(folder()), 'typed']);
  });

  it('takes a variable away', async () => {
    const program = runCode('console.log(process.env.PATH)', { env: { PATH: undefined } });
    expect((await program.ended).stdout).toBe('undefined\n');
  });

  it('waits for a line that is still to come', async () => {
    const program = runCode('process.stdin.once("data", (text) => console.log("read", String(text).trim()))');
    const line = program.waitForLine(/^read (\d+)$/);
    program.write('12\n');
    expect((await line)[1]).toBe('12');
  });

  it('finds a line that is there already, without its colour', async () => {
    const program = runCode('console.error("\\x1b[31mred\\x1b[0m")');
    await program.ended;
    expect((await program.waitForLine(/^red$/)).length).toBe(1);
  });

  it('refuses when the program ends without the line', async () => {
    const program = runCode('process.stdout.write("half a line")');
    await expectAsync(program.waitForLine(/half/)).toBeRejectedWithError(
      /no line \/half\/: Error: it ended\nhalf a line/,
    );
  });

  it('refuses when the time is over', async () => {
    const program = runCode('process.stdin.resume()');
    await expectAsync(program.waitForLine(/x/, 1)).toBeRejectedWithError(/no line \/x\/: TimeoutError/);
  });

  it('sends signals', async () => {
    const program = runCode('process.on("SIGHUP", () => process.exit(9)); process.stdin.resume(); console.log("up")');
    await program.waitForLine(/^up$/);
    program.signal('SIGHUP');
    expect((await program.ended).status).toBe(9);
  });

  it('ends what still runs', async () => {
    const program = runCode('process.stdin.resume(); console.log("up")');
    await program.waitForLine(/^up$/);
    expect((await program.stop()).signal).toBe('SIGKILL');
    expect((await program.stop()).signal).toBe('SIGKILL');
    expect(() => process.kill(program.pid, 0)).toThrowError(/ESRCH/);
  });
});
