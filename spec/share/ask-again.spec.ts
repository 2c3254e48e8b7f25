import { AskAgain } from '../../lib/share/ask-again.ts';

const A = 'a'.repeat(16);
const B = 'b'.repeat(16);

describe('AskAgain', () => {
  let askAgain: AskAgain;
  const gone = (path = 'file', id = '1', peer = A) => askAgain.gone(path, id, peer);

  beforeEach(() => (askAgain = new AskAgain()));

  it('waits twice as long each time, and two minutes at the most', () => {
    const waits = Array.from({ length: 7 }, () => gone() / 1000);
    expect(waits).toEqual([5, 10, 20, 40, 80, 120, 120]);
  });

  it('begins anew with another content, another path, another peer', () => {
    gone();
    expect([gone('file', '2'), gone('other'), gone('file', '2', B)]).toEqual([5_000, 5_000, 5_000]);
  });

  it('begins anew with what has come, whoever was asked', () => {
    gone();
    gone('file', '1', B);
    askAgain.forget('file');
    expect([gone(), gone('file', '1', B)]).toEqual([5_000, 5_000]);
  });

  it('begins anew with a peer that was gone', () => {
    gone();
    gone('file', '1', B);
    askAgain.forgetPeer(A);
    expect([gone(), gone('file', '1', B)]).toEqual([5_000, 10_000]);
  });
});
