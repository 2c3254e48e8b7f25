import { toldAddress } from '../../lib/server/told-address.ts';

describe('toldAddress', () => {
  const own = '192.168.1.5';
  const external = '203.0.113.7';

  for (const remote of ['127.0.0.1', '10.1.2.3', '172.31.255.1', '192.168.1.9', '169.254.1.1', '100.64.0.1']) {
    it(`tells ${remote}, which is near, the address that it has reached`, () => {
      expect(toldAddress(own, remote, external)).toBe(own);
    });
  }

  for (const remote of ['198.51.100.1', '172.32.0.1', '11.0.0.1', '100.128.0.1']) {
    it(`tells ${remote}, which is outside, the external one`, () => {
      expect(toldAddress(own, remote, external)).toBe(external);
    });
  }

  it('tells everybody what they have reached when there is no other', () => {
    expect(toldAddress(own, '198.51.100.1', undefined)).toBe(own);
  });
});
