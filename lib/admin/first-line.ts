// Passwords are short; an input without an end must not fill the memory.
const MOST_BYTES = 65_536;

/** The first line of an input as UTF-8, without its end; `undefined` when it is longer than 64 KiB. */
export async function firstLineOf(input: NodeJS.ReadableStream): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    chunks.push(Buffer.from(chunk));
    length += chunk.length;
    if (chunk.includes('\n') || length > MOST_BYTES) break;
  }
  if (length > MOST_BYTES) return undefined;
  return new TextDecoder().decode(Buffer.concat(chunks)).split(/\r?\n/, 1)[0];
}
