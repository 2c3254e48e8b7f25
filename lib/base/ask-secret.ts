import { StringDecoder } from 'node:string_decoder';

/** What is needed of a terminal's input. */
export type SecretInput = NodeJS.ReadableStream & { setRawMode?: (raw: boolean) => unknown };

const ENTER = /[\r\n]/;
// As the line discipline of a terminal has them: Ctrl-C interrupts, Ctrl-D ends, Ctrl-U forgets the line.
const INTERRUPT = '\u0003';
const END = '\u0004';
const FORGET = '\u0015';
const BACKSPACES: readonly string[] = ['\b', '\u007f'];

/**
 * Ask for a line on a terminal without showing what is typed.
 *
 * @returns what was typed; `undefined` after Ctrl-C, or when the input ends before the line does
 */
export async function askSecret(
  question: string,
  input: SecretInput,
  output: NodeJS.WritableStream,
): Promise<string | undefined> {
  // Before the question: what is typed as soon as it is seen must not be shown either.
  input.setRawMode?.(true);
  output.write(question);
  try {
    return await readLine(input);
  } finally {
    input.setRawMode?.(false);
    // A stream that still flows would keep the process from ending.
    input.pause();
    output.write('\n');
  }
}

function readLine(input: SecretInput): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const decoder = new StringDecoder('utf8');
    let line = '';
    const take = (chunk: Buffer | string) => {
      for (const character of typeof chunk === 'string' ? chunk : decoder.write(chunk)) {
        if (ENTER.test(character)) return finish(line);
        if (character === INTERRUPT || (character === END && line === '')) return finish(undefined);
        line = edit(line, character);
      }
    };
    const end = () => finish(undefined);
    const finish = (answer: string | undefined) => {
      stop();
      resolve(answer);
    };
    const fail = (error: Error) => {
      stop();
      reject(error);
    };
    const stop = () => {
      input.off('data', take).off('end', end).off('error', fail);
    };
    input.on('data', take).on('end', end).on('error', fail);
    input.resume();
  });
}

function edit(line: string, character: string): string {
  if (character === FORGET) return '';
  if (BACKSPACES.includes(character)) return [...line].slice(0, -1).join('');
  return /\p{Cc}/u.test(character) ? line : line + character;
}
