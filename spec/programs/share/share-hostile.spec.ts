import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wholeOf } from '../../../lib/share/chunks/chunk-list.ts';
import { idOfChunk } from '../../../lib/share/model/content-id.ts';
import type { Content } from '../../../lib/share/model/entry.ts';
import type { Ask } from '../../../lib/share/wire/message.ts';
import { replica } from '../../share/link/link-scene.ts';
import { RawPeer } from '../../share/link/raw-peer.ts';
import { MadeFile } from '../../share/transfer/transfer-scene.ts';
import { MiB, writeRandom } from '../../support/share/files.ts';
import { type ShareScene, shareScenes } from '../../support/share/share-scene.ts';
import { until, untilTrue } from '../../support/share/until.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SOON_MS = 10_000;

describe('share, and a peer that means harm', () => {
  const sceneOf = shareScenes();
  const folder = temporaryFolder();
  let scene: ShareScene;
  let foe: RawPeer;

  /** Two peers, and a third one that says what the spec wants it to say. */
  beforeEach(async () => {
    scene = await sceneOf(3, { encryption: 'no' });
    await scene.start(0);
  });
  afterEach(() => foe.socket.destroy());

  async function meet(): Promise<void> {
    foe = await RawPeer.dial(scene.peer(2).place.address, scene.peer(0).place.address);
    foe.hello('f');
    await foe.hear('begin');
    foe.say({ kind: 'begin', heard: 0, holds: 0, forgotten: 0 });
  }

  function tell(...contents: readonly (readonly [path: string, content: Content, bytes?: Buffer])[]): void {
    const version = [{ replica: replica('f'), count: Math.floor(Date.now() / 1000) }];
    const entries = contents.map(([path, content, bytes], index) => ({
      entry: { path, content, version },
      number: index + 1,
      ...(bytes === undefined ? {} : { bytes }),
    }));
    foe.say({ kind: 'entries', entries, upTo: contents.length, isAll: true });
  }

  const asks = () => foe.heard.filter((message): message is Ask => message.kind === 'ask');
  /** What has been told of a file. */
  const toldOf = (path: string) =>
    foe.heard
      .flatMap((message) => (message.kind === 'entries' ? message.entries : []))
      .find(({ entry }) => entry.path === path)?.entry.content;

  /** The other two still share. */
  async function expectUnharmed(): Promise<void> {
    await scene.start(1);
    writeFileSync(scene.peer(1).at('from a friend'), 'hello');
    await until(
      () => existsSync(scene.peer(0).at('from a friend')) || undefined,
      SOON_MS,
      () => `a friend is heard\n${scene.log}`,
    );
  }

  it('writes nothing where a link in the share leads to', async () => {
    const outside = join(folder(), 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'mine'), 'mine');
    symlinkSync(outside, scene.peer(0).at('link'));
    await meet();
    const evil = Buffer.from('evil');
    const content = { type: 'file', size: 4, id: idOfChunk(evil), mtimeMs: 0, isExecutable: false } as const;
    tell(['link/evil', content, evil], ['link/mine', content, evil], ['link/deep', { type: 'directory' }]);
    await untilTrue(
      () => existsSync(scene.peer(0).at('link', 'evil')),
      SOON_MS,
      () => scene.log,
    );
    expect(readdirSync(outside)).toEqual(['mine']);
    expect(readFileSync(join(outside, 'mine'), 'utf8')).toBe('mine');
    await expectUnharmed();
  });

  it('keeps a folder that is called as that of the state in the share', async () => {
    await meet();
    const evil = Buffer.from('{}');
    const content = { type: 'file', size: 2, id: idOfChunk(evil), mtimeMs: 0, isExecutable: false } as const;
    tell(['.left', { type: 'directory' }], ['.left/peers.json', content, evil]);
    await untilTrue(
      () => existsSync(scene.peer(0).at('.left', 'peers.json')),
      SOON_MS,
      () => scene.log,
    );
    expect(existsSync(scene.peer(0).inState('peers.json'))).toBeFalse();
  });

  it('gives nothing that it has not told', async () => {
    writeFileSync(join(scene.peer(0).place.folder, 'secret'), 'secret');
    await meet();
    foe.say({ kind: 'ask', request: 1, id: idOfChunk(Buffer.from('secret')), first: 0, count: 1 });
    expect(await foe.hear('gone')).toEqual({ kind: 'gone', request: 1 });
  });

  it('leaves who gives three wrong chunks alone for ten minutes', async () => {
    await meet();
    const file = new MadeFile('file', 6);
    tell(['file', file.content]);
    await untilTrue(
      () => asks().length > 0,
      SOON_MS,
      () => scene.log,
    );
    const [ask] = asks();
    if (ask !== undefined) foe.say(file.answer(ask, (data) => void data.fill(7)));
    await foe.closed();
    expect(scene.peer(0).log).toContain(
      `${scene.peer(2).place.address} is left alone for 10 minutes: It gives other bytes than it told`,
    );
    const again = await RawPeer.dial(scene.peer(2).place.address, scene.peer(0).place.address);
    await again.closed();
    expect(existsSync(scene.peer(0).at('file'))).toBeFalse();
    await expectUnharmed();
  });

  it('sets little memory aside for who asks without end and takes nothing, and then cuts him off', async () => {
    writeRandom(scene.peer(0).at('large'), 16 * MiB);
    await meet();
    await untilTrue(
      () => toldOf('large') !== undefined,
      SOON_MS,
      () => scene.log,
    );
    const content = toldOf('large');
    const id = content?.type === 'file' ? content.id : '';
    foe.socket.pause();
    const before = scene.peer(0).memory;
    for (let request = 1; request <= 20_000; request += 1) {
      foe.say({ kind: 'ask', request, id, first: 0, count: 16 });
    }
    await untilTrue(
      () => /Peer gone : .*It asks for more than anybody/.test(scene.peer(0).log),
      SOON_MS,
      () => scene.log,
    );
    expect(scene.peer(0).peak - before).toBeLessThan(100 * MiB);
    await expectUnharmed();
  });

  it('gets a file whole that was told as a draft, when other drafts of the same id are told before and behind its end', async () => {
    const [draft, file, other] = ['d'.repeat(64), new MadeFile('file', 40), new MadeFile('other', 40)];
    const { size, id } = file.content;
    const asked = async (count: number) => {
      await untilTrue(
        () => asks().length >= count,
        SOON_MS,
        () => scene.log,
      );
      return asks();
    };
    await meet();
    foe.say({ kind: 'draft', draft, path: 'file', size });
    foe.say({ kind: 'draft', draft, path: 'other', size: 1 });
    foe.say({ kind: 'draft-chunks', draft, chunks: wholeOf(file.content).packed });
    const first = await asked(3);
    foe.say({ kind: 'draft-end', draft, id });
    tell(['file', file.content]);
    foe.say({ kind: 'draft', draft, path: 'other', size });
    foe.say({ kind: 'draft-chunks', draft, chunks: wholeOf(other.content).packed });
    for (const ask of (await asked(6)).slice(3)) foe.say(other.answer(ask));
    for (const ask of first) foe.say(file.answer(ask));
    await untilTrue(
      () => existsSync(scene.peer(0).at('file')),
      SOON_MS,
      () => scene.log,
    );
    expect(readFileSync(scene.peer(0).at('file')).equals(Buffer.concat(file.chunks))).toBeTrue();
    expect(existsSync(scene.peer(0).at('other'))).toBeFalse();
    await expectUnharmed();
  });

  it('gets from others what one has told and does not give', async () => {
    await meet();
    const file = new MadeFile('file', 40);
    await scene.start(1);
    tell(['file', file.content]);
    await untilTrue(
      () => asks().length > 0,
      SOON_MS,
      () => scene.log,
    );
    writeFileSync(scene.peer(1).at('file'), Buffer.concat(file.chunks));
    await untilTrue(
      () => existsSync(scene.peer(0).at('file')),
      SOON_MS,
      () => scene.log,
    );
    expect(readFileSync(scene.peer(0).at('file')).equals(Buffer.concat(file.chunks))).toBeTrue();
  });
});
