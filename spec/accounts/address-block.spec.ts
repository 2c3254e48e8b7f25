import { isAddressBlock } from '../../lib/accounts/address-block.ts';

describe('isAddressBlock', () => {
  for (const text of ['192.0.2.7', '192.0.2.0/24', '0.0.0.0/0', '192.0.2.7/32', '::1', '2001:db8::/32', '::/128']) {
    it(`takes ${text}`, () => {
      expect(isAddressBlock(text)).toBe(true);
    });
  }

  for (const text of [
    '',
    '/',
    '/24',
    'example.org',
    '192.0.2',
    '192.0.2.0/33',
    '::/129',
    '192.0.2.0/24/8',
    '::1/ 8',
    '192.0.2.0/-1',
    '192.0.2.0/08',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(isAddressBlock(text)).toBe(false);
    });
  }
});
