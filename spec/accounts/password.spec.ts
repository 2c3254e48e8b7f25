import { createHook } from 'node:async_hooks';
import { PasswordHasher } from '../../lib/accounts/password.ts';
import { CodedError, codeOf } from '../../lib/base/coded-error.ts';

describe('PasswordHasher', () => {
  it('knows the password it has hashed, and no other', async () => {
    const hasher = new PasswordHasher(1);
    const stored = await hasher.hash('sécret 🐚');
    expect(await hasher.check('sécret 🐚', stored)).toBeTrue();
    expect(await hasher.check('sécret', stored)).toBeFalse();
    expect(await hasher.check('', stored)).toBeFalse();
  });

  it('writes the PHC form with a fresh salt each time', async () => {
    const hasher = new PasswordHasher(2);
    const [one, other] = [await hasher.hash('x'), await hasher.hash('x')];
    expect(one).toMatch(/^\$scrypt\$ln=2,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(other);
  });

  it('checks by the cost that was stored, whatever its own is', async () => {
    const stored = await new PasswordHasher(3).hash('x');
    expect(await new PasswordHasher(1).check('x', stored)).toBeTrue();
  });

  it('hashes at a cost of 2^15 unless told', async () => {
    expect(await new PasswordHasher().hash('x')).toMatch(/^\$scrypt\$ln=15,r=8,p=1\$/);
  });

  it('says no for a name that is unknown', async () => {
    expect(await new PasswordHasher(1).check('x', undefined)).toBeFalse();
  });

  it('serves many at once', async () => {
    const hasher = new PasswordHasher(1);
    const stored = await hasher.hash('x');
    const asked = Array.from({ length: 20 }, (_, index) => hasher.check(index % 2 ? 'x' : 'y', stored));
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 20 }, (_, index) => index % 2 === 1));
  });

  it('works on two hashes at once and no more', async () => {
    const running = new Set<number>();
    let most = 0;
    const hook = createHook({
      init(id, type) {
        if (type === 'SCRYPTREQUEST') most = Math.max(most, running.add(id).size);
      },
      before: (id) => running.delete(id),
    }).enable();
    const hasher = new PasswordHasher(1);
    await Promise.all(Array.from({ length: 10 }, () => hasher.hash('x')));
    hook.disable();
    expect(most).toBe(2);
  });

  it('threat 22: lets so many wait for their turn and no more', async () => {
    const hasher = new PasswordHasher(1, 3);
    const asked = Array.from({ length: 7 }, () => hasher.hash('x').then(() => 'done', codeOf));
    expect(await Promise.all(asked)).toEqual([...Array(5).fill('done'), 'E_HASH_BUSY', 'E_HASH_BUSY']);
    expect(await hasher.hash('x')).toMatch(/^\$scrypt/);
  });

  it('tells a hash that was made at another cost', async () => {
    const stored = await new PasswordHasher(1).hash('x');
    expect([new PasswordHasher(1), new PasswordHasher(2)].map((hasher) => hasher.isOutdated(stored))).toEqual([
      false,
      true,
    ]);
  });

  const salt = 'A'.repeat(22);
  const hash = 'A'.repeat(43);
  for (const stored of [
    '',
    'secret',
    `$scrypt$ln=21,r=8,p=1$${salt}$${hash}`,
    `$scrypt$ln=0,r=8,p=1$${salt}$${hash}`,
    `$scrypt$ln=1,r=9,p=1$${salt}$${hash}`,
    `$scrypt$ln=1,r=8,p=5$${salt}$${hash}`,
    `$scrypt$ln=1,r=8,p=1$${salt}$AAAA`,
    `$argon2id$ln=1,r=8,p=1$${salt}$${hash}`,
  ]) {
    it(`refuses the stored text ${JSON.stringify(stored)} without showing it`, async () => {
      const refused = new PasswordHasher(1).check('x', stored);
      await expectAsync(refused).toBeRejectedWithError(CodedError, 'A stored password hash cannot be read');
    });
  }
});
