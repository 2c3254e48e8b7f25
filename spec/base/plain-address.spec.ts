import { isSameAddress, plainAddress, usualAddress } from '../../lib/base/plain-address.ts';

describe('plainAddress', () => {
  it('knows an IPv4 address in an IPv6 socket', () => {
    expect(['::ffff:10.0.0.1', '::1', '10.0.0.1'].map(plainAddress)).toEqual(['10.0.0.1', '::1', '10.0.0.1']);
  });
});

describe('usualAddress', () => {
  const pairs: readonly (readonly [string, string])[] = [
    ['127.0.0.1', '127.0.0.1'],
    ['FD00:0::7', 'fd00::7'],
    ['::FFFF:10.0.0.1', '10.0.0.1'],
    ['FE80:0::1%eth0', 'fe80::1%eth0'],
  ];
  for (const [given, expected] of pairs) {
    it(`of ${given} is ${expected}`, () => {
      expect(usualAddress(given)).toBe(expected);
    });
  }
});

describe('isSameAddress', () => {
  const pairs: readonly (readonly [string, string, boolean])[] = [
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['2001:DB8::a', '2001:db8:0:0::A', true],
    ['2001:db8::a', '2001:db8::b', false],
    ['::ffff:10.0.0.1', '10.0.0.1', true],
    ['fe80::1%eth0', 'fe80::1', true],
    ['::1', '127.0.0.1', false],
  ];
  for (const [one, other, isSame] of pairs) {
    it(`of ${one} and ${other} is ${isSame}`, () => {
      expect(isSameAddress(one, other)).toBe(isSame);
      expect(isSameAddress(other, one)).toBe(isSame);
    });
  }
});
