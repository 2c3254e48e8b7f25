import { trees } from '../bench/trees.ts';
import { requireServer } from '../support/foreign-server.ts';
import { sendAheadOften } from './sent-ahead.ts';

describe('a thousand small files, sent ahead to ProFTPD over eight connections,', () => {
  it('arrive whole, and none is seen empty or half under its name', async () => {
    requireServer('proftpd');
    const { problems, placed } = await sendAheadOften(trees.S1k, 1);
    expect(problems).toEqual([]);
    expect(placed).toBe(trees.S1k.files);
  });
});
