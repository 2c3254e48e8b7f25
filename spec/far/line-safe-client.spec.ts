import type { ScriptedCommand } from '../support/scripted-server.ts';
import { refusalOf } from '../support/transport-probe.ts';
import { talks } from './talk-rig.ts';

describe('LineSafeClient', () => {
  const start = talks();

  it('understands replies that arrive byte by byte', async () => {
    const { talk, server, source } = await start({ cut: (text) => [...text] });
    await talk.upload(source('content'));
    expect(server.files.get('/file')?.toString()).toBe('content');
    expect(await talk.list('')).toEqual([{ name: 'file', kind: 'file', size: 7 }]);
  });

  for (let at = 1; at <= 40; at += 1) {
    it(`understands replies that are cut after ${at} bytes`, async () => {
      const { talk, server, source } = await start({
        cut: (text) => [text.slice(0, at), text.slice(at)].filter((piece) => piece !== ''),
      });
      await talk.upload(source('content'));
      expect(server.files.get('/file')?.toString()).toBe('content');
      expect([...server.files.keys()]).toEqual(['/file']);
    });
  }

  it('understands a greeting of several lines, cut anywhere', async () => {
    const { talk, server } = await start({
      script: { greeting: '220-hello\n 220 nor is this\nnor that\n220 now it is' },
      cut: (text) => [...text],
    });
    await expectAsync(talk.connect()).toBeResolved();
    expect(server.sessions).toBe(1);
  });

  it('understands replies that arrive joined', async () => {
    const { talk, server, source } = await start({
      script: {
        // The answer to the first command of the flight is held back until the second one is there.
        SIZE: () => undefined,
        MFMT: ({ control }) => {
          control.write('213 7\r\n213 set\r\n');
          return undefined;
        },
      },
    });
    await talk.upload(source('content'));
    expect([...server.files.keys()]).toEqual(['/file']);
  });

  it('gives up a server that sends a line without an end', async () => {
    const endless = ({ control }: ScriptedCommand): undefined => {
      control.write('2'.repeat(200_000));
    };
    const { talk } = await start({ script: { PWD: endless }, site: { directory: 'far' } });
    const error = await refusalOf(talk.connect());
    expect([error.code, error.message]).toEqual([
      'E_LOST',
      'Cannot ask FEAT: The server sent a reply line without an end',
    ]);
  });
});
