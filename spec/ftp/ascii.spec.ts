import { NetworkLines, toNetworkLines } from '../../lib/ftp/ascii.ts';

describe('TYPE A', () => {
  const pairs: readonly (readonly [string, string])[] = [
    ['a\r\nb\r\n', 'a\nb\n'],
    ['\r\n\r\n', '\n\n'],
    ['a\rb', 'a\rb'],
    ['a\r\r\n', 'a\r\n'],
    ['', ''],
    ['a\r', 'a\r'],
  ];
  for (const [network, local] of pairs) {
    it(`turns ${JSON.stringify(network)} into ${JSON.stringify(local)}, cut anywhere, and back`, async () => {
      for (let cut = 0; cut <= network.length; cut += 1) {
        const lines = new NetworkLines();
        const parts = [lines.take(Buffer.from(network.slice(0, cut))), lines.take(Buffer.from(network.slice(cut)))];
        expect(Buffer.concat([...parts, lines.rest()]).toString()).toBe(local);
      }
      expect(await all(toNetworkLines(pieces(local)))).toBe(network);
    });
  }
});

async function* pieces(...texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

async function all(chunks: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk.toString();
  return text;
}
