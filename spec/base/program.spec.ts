import { PassThrough } from 'node:stream';
import { CodedError } from '../../lib/base/coded-error.ts';
import { readCommandLine } from '../../lib/base/command-line.ts';
import { fault } from '../../lib/base/fault.ts';
import { generalOptions, readGeneral } from '../../lib/base/general-options.ts';
import { packageVersion } from '../../lib/base/package-version.ts';
import { type ParameterResult, type Program, runProgram } from '../../lib/base/program.ts';

interface Run {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

const textOf = (stream: PassThrough) => String(stream.read() ?? '');

async function run(program: Partial<Program<string>>): Promise<Run> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const whole: Program<string> = {
    name: 'program',
    read: () => ({ kind: 'parameters', parameters: 'told' }),
    obey: async () => 0,
    exitStatusOf: () => 70,
    ...program,
  };
  const status = await runProgram(whole, { stdout, stderr });
  return { status, out: textOf(stdout), err: textOf(stderr) };
}

const reading = (result: ParameterResult<string>) => ({ read: () => result });

describe('The frame of a program', () => {
  it('does what it is told, and ends with the status of that', async () => {
    const seen: string[] = [];
    const obey = async (parameters: string) => {
      seen.push(parameters);
      return 4;
    };

    expect(await run({ obey })).toEqual({ status: 4, out: '', err: '' });
    expect(seen).toEqual(['told']);
  });

  it('shows the help and the version on standard output', async () => {
    expect(await run(reading({ kind: 'help', text: 'How to' }))).toEqual({ status: 0, out: 'How to\n', err: '' });
    const out = `${packageVersion()}\n`;
    expect(await run(reading({ kind: 'version' }))).toEqual({ status: 0, out, err: '' });
  });

  it('tells all faults, a line for each, and that it was called wrongly', async () => {
    const faults = [fault('--port', 'must be a number', 'x'), fault('--share', 'must be given')];
    const err = 'program: --port "x": must be a number\nprogram: --share: must be given\n';
    expect(await run(reading({ kind: 'faults', faults }))).toEqual({ status: 2, out: '', err });
  });

  it('tells what stopped it in one line, whatever stands in it, with the status that says why', async () => {
    const obey = async () => {
      throw new CodedError('E_LOCKED', 'a name\nof two lines');
    };
    const exitStatusOf = (error: unknown) => (error instanceof CodedError && error.code === 'E_LOCKED' ? 5 : 70);
    const err = 'program: a name\\u000aof two lines\n';
    expect(await run({ obey, exitStatusOf })).toEqual({ status: 5, out: '', err });
  });

  it('tells what stops it before it knows what to do', async () => {
    const read = () => {
      throw new Error('the working folder is gone');
    };
    expect(await run({ read })).toEqual({ status: 70, out: '', err: 'program: the working folder is gone\n' });
  });

  it('goes on when nobody reads its output any more', async () => {
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    const obey = async () => {
      stdout.destroy(new Error('EPIPE'));
      stderr.destroy(new Error('EPIPE'));
      await new Promise((resolve) => stderr.once('close', resolve));
      return 0;
    };
    const program: Program<string> = { name: 'program', obey, exitStatusOf: () => 70, ...reading(TOLD) };
    expect(await runProgram(program, { stdout, stderr })).toBe(0);
  });
});

const TOLD: ParameterResult<string> = { kind: 'parameters', parameters: 'told' };

describe('The general options', () => {
  const ask = (...words: readonly string[]) => readGeneral(readCommandLine(generalOptions, words), () => 'How to');

  it('ask for the help before the version, and for both before faults', () => {
    expect(ask('--version', '--help', '--nonsense')).toEqual({ kind: 'help', text: 'How to' });
    expect(ask('-V', '--nonsense')).toEqual({ kind: 'version' });
  });

  it('ask for nothing when they are not given', () => {
    expect(ask()).toBeUndefined();
    expect(ask('--no-help', '--no-version')).toBeUndefined();
  });
});
