import { MemoryAccountStore } from '../../lib/accounts/account-store.ts';
import { PasswordHasher } from '../../lib/accounts/password.ts';

describe('MemoryAccountStore', () => {
  const steve = { name: 'steve', home: '/home/steve', permissions: ['read'] } as const;

  it('gives the account for name and password', async () => {
    const store = new MemoryAccountStore(new PasswordHasher(1));
    await store.add(steve, 'secret');
    expect(await store.check('steve', 'secret')).toEqual(steve);
  });

  it('gives nothing for a wrong password or an unknown name', async () => {
    const store = new MemoryAccountStore(new PasswordHasher(1));
    await store.add(steve, 'secret');
    expect(await store.check('steve', 'Secret')).toBeUndefined();
    expect(await store.check('anna', 'secret')).toBeUndefined();
  });

  it('takes the later of two accounts of one name', async () => {
    const store = new MemoryAccountStore(new PasswordHasher(1));
    await store.add(steve, 'secret');
    await store.add({ ...steve, home: '/srv' }, 'other');
    expect(await store.check('steve', 'secret')).toBeUndefined();
    expect((await store.check('steve', 'other'))?.home).toBe('/srv');
  });

  it('hashes at the usual cost unless told', async () => {
    const store = new MemoryAccountStore();
    await store.add(steve, 'secret');
    expect(await store.check('steve', 'secret')).toEqual(steve);
  });
});
