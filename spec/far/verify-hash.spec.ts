import type { Script, ScriptedCommand } from '../support/scripted-server.ts';
import { contents, talks } from './talk-rig.ts';

const LARGE = 'large '.repeat(20_000);
const PLAIN = '211-I can\n SIZE\n MFMT\n211 that';
const HASHING = PLAIN.replace(' SIZE', ' SIZE\n HASH SHA-1*;SHA-256');

describe('--verify hash', () => {
  const start = talks();
  const startWith = (script: Script) => start({ script, rules: { attempts: 3, timeoutMs: 500, verify: 'hash' } });

  it('compares the hash of every file before the renaming', async () => {
    const talk = await startWith({ FEAT: HASHING });
    for (const content of ['', 'small', LARGE]) await talk.talk.upload(talk.source(content));
    const verbs = talk.server.verbs.filter((verb) => /HASH|STOR|RNFR/.test(verb));
    expect(verbs).toEqual([...Array(3)].flatMap(() => ['STOR', 'HASH', 'RNFR']));
    expect(contents(talk)).toEqual({ '/file': LARGE });
  });

  it('sends a file again that is not what was sent, and fails when it stays so', async () => {
    for (const [times, code] of [
      [1, undefined],
      [9, 'E_MISMATCH'],
    ] as const) {
      const spoil = async ({ before, files, argument, ordinary }: ScriptedCommand) => {
        const answer = await ordinary();
        if (before < times) files.set(argument, Buffer.from('wrong!'));
        return answer;
      };
      const talk = await startWith({ FEAT: HASHING, STOR: spoil });
      const error = await talk.talk.upload(talk.source('secret')).catch((failure: unknown) => failure);
      expect((error as { code?: string }).code).toBe(code);
      expect(contents(talk)).toEqual(code ? {} : { '/file': 'secret' });
    }
  });

  for (const script of [{ FEAT: PLAIN }, { FEAT: HASHING, HASH: '502 no' }]) {
    it(`says once that sizes have to do where ${JSON.stringify(script)}`, async () => {
      const talk = await startWith(script);
      const notes: string[] = [];
      talk.talk.events.on('note', (note) => notes.push(note));
      for (const content of ['one', 'two']) await talk.talk.upload(talk.source(content));
      expect(notes).toEqual(['no-hash']);
      expect(talk.server.files.get('/file')?.toString()).toBe('two');
    });
  }
});
