import { clientOf, isAmong } from '../../../lib/server/admission/client-address.ts';

describe('clientOf', () => {
  for (const [address, client] of [
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['1::2:3:4:5:6:7', '1:0:2:3::/64'],
    ['1:2::3:4:5:6:7', '1:2:0:3::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
    ['2001:DB8::1', '2001:db8:0:0::/64'],
  ] as const) {
    it(`counts ${address} as ${client}`, () => {
      expect(clientOf(address)).toBe(client);
    });
  }
});

describe('isAmong', () => {
  for (const [address, allowed, answer] of [
    ['192.0.2.7', undefined, true],
    ['192.0.2.7', [], false],
    ['192.0.2.7', ['192.0.2.7'], true],
    ['192.0.2.8', ['192.0.2.7'], false],
    ['192.0.2.8', ['10.0.0.0/8', '192.0.2.0/24'], true],
    ['192.0.3.8', ['192.0.2.0/24'], false],
    ['192.0.3.8', ['0.0.0.0/0'], true],
    ['2001:db8::5', ['2001:db8::/32'], true],
    ['2001:db9::5', ['2001:db8::/32'], false],
    ['192.0.2.7', ['192.0.2.0/33', '192.0.2.0/x', '192.0.2.0/24/1', 'home', '::/0'], false],
  ] as const) {
    it(`says ${answer} of ${address} among ${JSON.stringify(allowed)}`, () => {
      expect(isAmong(address, allowed)).toBe(answer);
    });
  }
});
