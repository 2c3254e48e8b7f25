import type { Script, ScriptedCommand } from '../support/scripted-server.ts';
import { refusalOf } from '../support/transport-probe.ts';
import { contents, OLD, once, removed, type Talk, talks, withOld } from './talk-rig.ts';

describe('takeName', () => {
  const start = talks();
  const startWithOld = (script: Script, attempts?: number) => withOld(start, script, attempts);

  describe('where a rename', () => {
    const ontoNothing = ({ files, argument, ordinary }: ScriptedCommand) =>
      files.has(argument) ? '553 it is there' : ordinary();

    it('onto an existing file is refused has that step aside, and never removes it before', async () => {
      const talk = await startWithOld({ RNTO: ontoNothing });
      await talk.talk.upload(talk.source('new'));
      await talk.talk.upload(talk.source('newer'));
      expect(contents(talk)).toEqual({ '/file': 'newer' });
      expect(talk.server.commands.filter((line) => /^(STOR|DELE) \/file$/.test(line))).toEqual([]);
    });

    it('onto an existing file is refused goes on where the connection broke with the old one aside', async () => {
      const talk = await startWithOld(
        {
          RNTO: async (command) => {
            if (command.before !== 1) return ontoNothing(command);
            await command.ordinary();
            command.control.resetAndDestroy();
            return undefined;
          },
        },
        2,
      );
      await talk.talk.upload(talk.source('new'));
      expect(contents(talk)).toEqual({ '/file': 'new' });
      expect(talk.server.commands.filter((line) => line === 'STOR /file')).toEqual([]);
    });

    it('is refused for one name, and writing in place, too, leaves the old file', async () => {
      const talk = await startWithOld({
        RNTO: (command) => (command.argument === '/file' && command.before < 3 ? '553 no' : command.ordinary()),
        STOR: (command) => (command.argument === '/file' ? '553 no' : command.ordinary()),
      });
      await refusalOf(talk.talk.upload(talk.source('new')));
      expect(contents(talk)).toEqual({ '/file': OLD });
    });

    for (const [verb, reply] of [
      ['RNFR', '502 no renames'],
      ['RNFR', '550 not allowed'],
      ['RNTO', '550 not allowed'],
    ] as const) {
      it(`is refused altogether (${verb}: ${reply}) writes in place, and remembers it`, async () => {
        const talk = await startWithOld({ [verb]: reply });
        const notes: string[] = [];
        talk.talk.events.on('note', (note) => notes.push(note));
        await talk.talk.upload(talk.source('new'));
        expect(notes).toEqual(['in-place']);
        expect(contents(talk)).toEqual({ '/file': 'new' });
        const before = talk.server.commands.length;
        await talk.talk.upload(talk.source('newer'));
        expect(talk.server.verbs.slice(before)).toEqual(['EPSV', 'STOR', 'SIZE', 'MFMT']);
        expect(contents(talk)).toEqual({ '/file': 'newer' });
      });
    }

    it('is refused for some files writes the others under temporary names', async () => {
      const talk = await startWithOld({
        RNTO: (command) => (command.argument === '/held' ? '550 in use' : command.ordinary()),
      });
      for (const name of ['held', 'a', 'held', 'b']) await talk.talk.upload(talk.source(name, name));
      const inPlace = talk.server.commands.filter((line) => /^STOR \/\w+$/.test(line));
      expect(inPlace).toEqual(['STOR /held', 'STOR /held']);
    });

    it('was refused altogether is asked for again on another connection', async () => {
      let refuses = true;
      const talk = await startWithOld(
        {
          RNFR: ({ ordinary }) => (refuses ? '502 no' : ordinary()),
          EPSV: ({ before, control, ordinary }) => {
            if (before !== 2) return ordinary();
            control.destroy();
            return undefined;
          },
        },
        2,
      );
      await talk.talk.upload(talk.source('new', 'a'));
      refuses = false;
      await talk.talk.upload(talk.source('new', 'b'));
      expect(talk.server.commands).not.toContain('STOR /b');
    });

    for (const [what, script] of [
      ['RNFR', { RNFR: once(removed) }],
      ['RNTO', { RNTO: ontoNothing, DELE: once(removed) }],
    ] as const) {
      it(`is refused (${what}) since others have removed the file sends it again, not in place`, async () => {
        const talk = await startWithOld(script, 2);
        await talk.talk.upload(talk.source('new'));
        expect(contents(talk)).toEqual({ '/file': 'new' });
        expect(talk.server.commands).not.toContain('STOR /file');
      });
    }

    it('is refused for now is tried again under the temporary name', async () => {
      const talk = await startWithOld({ RNTO: once(() => '450 busy') }, 2);
      await talk.talk.upload(talk.source('new'));
      expect(talk.server.commands).not.toContain('RNFR /file');
      expect(talk.server.commands.filter((line) => line === 'STOR /file')).toEqual([]);
      expect(contents(talk)).toEqual({ '/file': 'new' });
    });

    it('is refused for now once the old file has stepped aside brings that back, and is tried again', async () => {
      const talk = await startWithOld({
        RNTO: (command) => {
          if (command.argument !== '/file') return command.ordinary();
          return command.before === 2 ? '450 busy' : ontoNothing(command);
        },
      });
      await refusalOf(talk.talk.upload(talk.source('new')));
      expect(contents(talk)).toEqual({ '/file': OLD });
    });

    it('is refused because a folder is in the way fails, and does so for this file only', async () => {
      const talk = await startWithOld({
        RNTO: (command) => (command.argument === '/a' ? '550 no' : command.ordinary()),
      });
      talk.server.folders.add('/a');
      expect((await refusalOf(talk.talk.upload(talk.source('new', 'a')))).message).toContain('a folder of that name');
      await talk.talk.upload(talk.source('new'));
      expect(contents(talk)).toEqual({ '/file': 'new' });
      expect(talk.server.commands.filter((line) => /^STOR \/(a|file)$/.test(line))).toEqual([]);
    });
  });

  describe('in place', () => {
    async function startInPlace(STOR: (command: ScriptedCommand) => string | Promise<string>): Promise<Talk> {
      const talk = await startWithOld({
        RNFR: '502 no renames',
        STOR: (command) => (command.argument === '/file' ? STOR(command) : command.ordinary()),
      });
      return talk;
    }

    it('leaves the old file when STOR is refused before it begins', async () => {
      const talk = await startInPlace(() => '553 never');
      await refusalOf(talk.talk.upload(talk.source('new')));
      expect(contents(talk)).toEqual({ '/file': OLD });
    });

    it('removes half a file when STOR ends with a refusal', async () => {
      const talk = await startInPlace(async ({ ordinary, files, argument }) => {
        await ordinary();
        files.set(argument, Buffer.from('n'));
        return '552 no space';
      });
      await refusalOf(talk.talk.upload(talk.source('new')));
      expect(contents(talk)).toEqual({});
    });

    it('is not gone on with after a failure: the next file is renamed again', async () => {
      let refuses = true;
      const talk = await startWithOld({
        RNFR: (command) => (refuses ? '502 no renames' : command.ordinary()),
        STOR: (command) => (command.argument === '/file' ? '553 never' : command.ordinary()),
      });
      await refusalOf(talk.talk.upload(talk.source('new')));
      refuses = false;
      await talk.talk.upload(talk.source('other', 'other'));
      expect(contents(talk)).toEqual({ '/file': OLD, '/other': 'other' });
      expect(talk.server.commands).not.toContain('STOR /other');
    });
  });
});
