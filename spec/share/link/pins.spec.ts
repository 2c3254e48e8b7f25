import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { showAddress } from '../../../lib/share/link/peer-address.ts';
import { Pins } from '../../../lib/share/link/pins.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('Pins', () => {
  const folder = temporaryFolder();
  const file = () => join(folder(), 'peers.json');
  const place = { address: '127.0.0.2', port: 21700 };
  const [one, two] = ['a'.repeat(64), 'b'.repeat(64)];

  it('keep the device that was met first at an address', async () => {
    const pins = new Pins(file());
    expect(await pins.pin(place, one)).toEqual({ device: one, isNew: true });
    expect(await pins.pin(place, two)).toEqual({ device: one, isNew: false });
    expect([...(await new Pins(file()).read())]).toEqual([['127.0.0.2:21700', one]]);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('keep all of those that come at the same time', async () => {
    const pins = new Pins(file());
    const ports = [1, 2, 3, 4, 5];
    await Promise.all(ports.map((port) => pins.pin({ address: '::1', port }, one)));
    expect([...(await pins.read()).keys()]).toEqual(ports.map((port) => `[::1]:${port}`));
  });

  it('forget one, as another process may do', async () => {
    const pins = new Pins(file());
    await pins.pin(place, one);
    expect(await new Pins(file()).forget(place)).toEqual({ wasKnown: true, others: [] });
    expect(await new Pins(file()).forget(place)).toEqual({ wasKnown: false, others: [] });
    expect(await pins.pin(place, two)).toEqual({ device: two, isNew: true });
  });

  for (const [address, like] of [
    ['127.0.0.2', '127.0.0.20'],
    ['fd00::7', 'fd00::70'],
  ] as const) {
    it(`tell what else is known at ${address}, and forget nothing of it`, async () => {
      const pins = new Pins(file());
      await pins.pin({ address, port: 21701 }, one);
      await pins.pin({ address: like, port: 21700 }, two);
      const others = [showAddress({ address, port: 21701 })];
      expect(await pins.forget({ address, port: 21700 })).toEqual({ wasKnown: false, others });
      expect((await pins.read()).size).toBe(2);
      expect(await pins.forget({ address, port: 21701 })).toEqual({ wasKnown: true, others: [] });
    });
  }

  for (const wrong of [
    '',
    'nonsense',
    '[]',
    '{"format":2,"peers":{}}',
    '{"format":1}',
    '{"format":1,"peers":{"a":"b"}}',
  ]) {
    it(`do not take ${wrong || 'an empty file'} for no device at all`, async () => {
      writeFileSync(file(), wrong);
      const refused = jasmine.objectContaining({ code: 'E_PEERS_FILE' });
      await expectAsync(new Pins(file()).read()).toBeRejectedWith(refused);
      await expectAsync(new Pins(file()).pin(place, one)).toBeRejectedWith(refused);
    });
  }

  it('tell what cannot be read or written', async () => {
    const refused = jasmine.objectContaining({ code: 'E_PEERS_FILE' });
    await expectAsync(new Pins(join(folder(), 'missing', 'peers.json')).pin(place, one)).toBeRejectedWith(refused);
    mkdirSync(file());
    await expectAsync(new Pins(file()).read()).toBeRejectedWith(refused);
    rmSync(file(), { recursive: true });
    expect((await new Pins(file()).read()).size).toBe(0);
  });
});
