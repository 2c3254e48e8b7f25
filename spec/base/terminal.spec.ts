import { Terminal } from '../../lib/base/terminal.ts';

const CLEAR = '\r\u001b[K';

/** Both streams of one terminal: what is written stands in one text, in its order. */
function screen(columns?: number): { terminal: Terminal; written: () => string } {
  let text = '';
  const write = (piece: string | Uint8Array) => {
    text += String(piece);
    return true;
  };
  const err = columns === undefined ? { write } : { write, columns };
  const terminal = new Terminal({ out: { write }, err });
  const written = () => {
    terminal.flush();
    return text;
  };
  return { terminal, written };
}

describe('Terminal', () => {
  it('writes a line as it is while there is no live one', () => {
    const { terminal, written } = screen(80);
    terminal.writeLine('one');
    terminal.writeLine('two');
    expect(written()).toBe('one\ntwo\n');
  });

  it('writes lines that come in one go in one go, and without being asked', async () => {
    const written: string[] = [];
    const out = { write: (piece: string | Uint8Array) => written.push(String(piece)) > 0 };
    const terminal = new Terminal({ out, err: out });
    terminal.writeLine('one');
    terminal.writeLine('two');
    expect(written).toEqual([]);
    await Promise.resolve();
    terminal.writeLine('three');
    await Promise.resolve();
    expect(written).toEqual(['one\ntwo\n', 'three\n']);
  });

  it('writes lines before the live line that comes after them', () => {
    const { terminal, written } = screen(80);
    terminal.writeLine('one');
    terminal.drawLive('10 %');
    expect(written()).toBe(`one\n${CLEAR}10 %`);
  });

  it('draws the live line over the last one', () => {
    const { terminal, written } = screen(80);
    terminal.drawLive('10 %');
    terminal.drawLive('20 %');
    expect(written()).toBe(`${CLEAR}10 %${CLEAR}20 %`);
  });

  it('draws nothing when nothing has changed', () => {
    const { terminal, written } = screen(80);
    terminal.drawLive('');
    terminal.drawLive('10 %');
    terminal.drawLive('10 %');
    expect(written()).toBe(`${CLEAR}10 %`);
  });

  it('takes the live line away for a line, and draws it again below', () => {
    const { terminal, written } = screen(80);
    terminal.drawLive('10 %');
    terminal.writeLine('one');
    expect(written()).toBe(`${CLEAR}10 %${CLEAR}one\n10 %`);
  });

  it('takes the live line away, and leaves lines alone after that', () => {
    const { terminal, written } = screen(80);
    terminal.drawLive('10 %');
    terminal.drawLive('');
    terminal.writeLine('one');
    expect(written()).toBe(`${CLEAR}10 %${CLEAR}one\n`);
  });

  it('leaves the last column free, so that the terminal does not begin a new line', () => {
    const { terminal, written } = screen(5);
    terminal.drawLive('123456');
    expect(written()).toBe(`${CLEAR}1234`);
  });

  it('cuts what is wide earlier', () => {
    const { terminal, written } = screen(6);
    terminal.drawLive('漢字漢字');
    expect(written()).toBe(`${CLEAR}漢字`);
  });

  for (const [what, columns] of [
    ['does not know its width', undefined],
    ['says it has no columns', 0],
  ] as const) {
    it(`takes 80 columns for granted where the terminal ${what}`, () => {
      const { terminal, written } = screen(columns);
      terminal.drawLive('x'.repeat(200));
      expect(written()).toBe(`${CLEAR}${'x'.repeat(79)}`);
    });
  }
});
