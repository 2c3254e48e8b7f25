import { TalkToFtp } from '../../lib/far/talk-to-ftp.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { ScriptedServer } from '../support/scripted-server.ts';
import { talkRules } from '../support/talk-rules.ts';
import { listenTo, refusalOf } from '../support/transport-probe.ts';
import { talks } from './talk-rig.ts';

describe('TalkToFtp', () => {
  const start = talks();

  it('waits for the clock between two tries, and tells of one job only', async () => {
    const server = await ScriptedServer.start({ MKD: ({ before }) => (before < 2 ? '450 not now' : '257 "/a" made') });
    const clock = new ManualClock();
    const talk = new TalkToFtp({ site: server.site, rules: { ...talkRules, attempts: 3 } }, { clock, random: () => 0 });
    const heard = listenTo(talk);
    const made = talk.mkdir('a');
    for (const ms of [250, 500]) {
      await clock.someoneWaits();
      expect(heard.ends).toEqual([]);
      clock.advance(ms);
    }
    await made;
    expect(clock.waits).toEqual([250, 500]);
    expect(heard.starts.length).toBe(1);
    expect(heard.ends.map(({ attempt, tookMs, error }) => [attempt, tookMs, error])).toEqual([[1, 750, undefined]]);
    await talk.disconnect();
    await server.stop();
  });

  it('does not wait for the next try when it is closed, and tells why the last one failed', async () => {
    const server = await ScriptedServer.start({ MKD: '450 not now' });
    const clock = new ManualClock();
    const talk = new TalkToFtp({ site: server.site, rules: { ...talkRules, attempts: 3 } }, { clock });
    const heard = listenTo(talk);
    const refused = refusalOf(talk.mkdir('a'));
    const queued = refusalOf(talk.mkdir('b'));
    await clock.someoneWaits();
    await talk.disconnect();
    expect((await refused).message).toContain('450 not now');
    expect((await queued).code).toBe('E_CLOSED');
    expect(heard.starts.map(({ path }) => path)).toEqual(['a']);
    expect(heard.ends.map(({ error }) => error?.code)).toEqual(['E_BUSY']);
    await server.stop();
  });

  it('breaks off what takes longer than it is given when it is closed', async () => {
    let tellAsked: () => undefined = () => undefined;
    const server = await ScriptedServer.start({ MKD: () => tellAsked() });
    const clock = new ManualClock();
    const talk = new TalkToFtp({ site: server.site, rules: talkRules }, { clock });
    const asked = new Promise<void>((resolve) => {
      tellAsked = () => void resolve();
    });
    const refused = refusalOf(talk.mkdir('a'));
    await asked;
    const closed = talk.disconnect(1000);
    await clock.someoneWaits();
    clock.advance(999);
    await expectAsync(refused).toBePending();
    clock.advance(1);
    expect((await refused).retry).toBeTrue();
    await closed;
    await server.stop();
  });

  it('does one thing after the other on its connection', async () => {
    const { talk, server, source } = await start();
    await Promise.all([talk.mkdir('a'), talk.upload(source('x', 'a/file')), talk.list(''), talk.remove('a/file')]);
    expect(server.sessions).toBe(1);
    expect(server.verbs.filter((verb) => /^(MKD|STOR|RNTO|MLSD|DELE)$/.test(verb))).toEqual([
      'MKD',
      'STOR',
      'RNTO',
      'MLSD',
      'DELE',
    ]);
  });

  it('goes on after a call that failed', async () => {
    const { talk } = await start({ script: { MKD: ({ before }) => (before === 0 ? '550 no' : '257 "/b" made') } });
    const [first, second] = await Promise.allSettled([talk.mkdir('a'), talk.mkdir('b')]);
    expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('tells the bytes that move, and all of them at the end', async () => {
    const { talk, source } = await start();
    const heard = listenTo(talk);
    await talk.upload(source(Buffer.alloc(2 * 1024 * 1024)));
    expect(heard.progress.map(({ bytes }) => bytes)).toEqual(
      [...heard.progress.map(({ bytes }) => bytes)].sort((a, b) => a - b),
    );
    expect(heard.progress.at(-1)).toEqual({ job: 1, bytes: 2 * 1024 * 1024 });
    expect(heard.ends.map(({ bytes }) => bytes)).toEqual([2 * 1024 * 1024]);
  });

  it('tells the site it talks to', async () => {
    const { talk, server } = await start();
    expect(talk.site).toEqual(server.site);
  });

  it('can be closed without having been connected', async () => {
    const { talk, server } = await start();
    await talk.disconnect();
    expect(server.sessions).toBe(0);
  });
});
