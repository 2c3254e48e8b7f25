import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wholeOf } from '../../../lib/share/chunks/chunk-list.ts';
import { Giver } from '../../../lib/share/transfer/giver.ts';
import { Packer } from '../../../lib/share/transfer/packer.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { allDone, MadeFile, SilentLink } from './transfer-scene.ts';

/** A link whose answers can be waited for. */
class AnsweredLink extends SilentLink {
  #wake: () => void = () => undefined;

  override send(message: Parameters<SilentLink['send']>[0]): void {
    super.send(message);
    this.#wake();
  }

  async answers(count: number): Promise<void> {
    while (this.sent.length < count) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

function isOpen(file: string): boolean {
  return readdirSync('/proc/self/fd').some((number) => {
    try {
      return readlinkSync(`/proc/self/fd/${number}`) === file;
    } catch {
      // That of the listing itself is closed by now.
      return false;
    }
  });
}

describe('A Giver', () => {
  const folder = temporaryFolder();

  for (const [kind, chunks] of [
    ['small', 1],
    ['large', 40],
  ] as const) {
    const file = new MadeFile(kind, chunks);
    const where = () => join(folder(), kind);
    const { id } = file.content;

    function scene() {
      const link = new AnsweredLink('a');
      const stale: string[] = [];
      const clock = new ManualClock();
      const source = {
        file: where(),
        list: wholeOf(file.content),
        isCurrent: () => true,
        tellStale: () => stale.push(kind),
      };
      return { link, stale, clock, giver: new Giver(() => source, new Packer(clock), clock) };
    }

    it(`gives the chunks of a ${kind} file, and lets go of it when nobody has asked for a second`, async () => {
      writeFileSync(where(), Buffer.concat(file.chunks));
      const { link, giver, clock } = scene();
      for (let request = 0; request < 3; request += 1)
        void giver.ask(link, { kind: 'ask', request, id, first: 0, count: 1 });
      await link.answers(3);
      const given = link.sent.map((message) => message.kind === 'bytes' && file.chunks[0]?.equals(message.data));
      expect(given).toEqual([true, true, true]);
      expect(isOpen(where())).toBe(kind === 'large');
      clock.advance(1000);
      for (let turn = 0; turn < 1000 && isOpen(where()); turn += 1) await allDone();
      expect(isOpen(where())).toBe(false);
    });

    it(`is not held up by a pipe in the place of a ${kind} file, and says that it is gone`, async () => {
      execFileSync('mkfifo', [where()]);
      const { link, stale, giver } = scene();
      void giver.ask(link, { kind: 'ask', request: 7, id, first: 0, count: 1 });
      await link.answers(1);
      expect([link.sent, stale]).toEqual([[{ kind: 'gone', request: 7 }], [kind]]);
      giver.down(link);
    });
  }

  it('reads a file that has the same content where the one that it has open was changed', async () => {
    const file = new MadeFile('twice', 40);
    const [changed, same] = [join(folder(), 'changed'), join(folder(), 'same')];
    for (const where of [changed, same]) writeFileSync(where, Buffer.concat(file.chunks));
    const [link, clock] = [new AnsweredLink('a'), new ManualClock()];
    let where = changed;
    const source = () => ({ file: where, list: wholeOf(file.content), isCurrent: () => true, tellStale: fail });
    const giver = new Giver(source, new Packer(clock), clock);
    for (const first of [0, 1]) {
      void giver.ask(link, { kind: 'ask', request: first, id: file.content.id, first, count: 1 });
      await link.answers(first + 1);
      where = same;
      writeFileSync(changed, Buffer.alloc(file.content.size));
    }
    const given = link.sent.map(
      (message, index) => message.kind === 'bytes' && file.chunks[index]?.equals(message.data),
    );
    expect(given).toEqual([true, true]);
    giver.down(link);
  });
});
