import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Expectations } from '../../lib/server/expectations.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const name = { user: 'steve', path: '/a' };
const one = { md5: '0cc175b9c0f1b6a831c399e269772661', size: 1 };
const other = { md5: '92eb5ffee6ae2fec3ad71c777531578f', size: 1 };

describe('Expectations', () => {
  const folder = temporaryFolder();
  const file = () => join(folder(), 'expected.json');
  const faults: string[] = [];
  const open = () => Expectations.open(file(), (message) => faults.push(message));
  beforeEach(() => faults.splice(0));

  it('let an upload go on that is to become the same, or of which nothing was said', () => {
    const expectations = Expectations.inMemory();
    expect(expectations.goingOn(name, '1:2', one)).toBe(one);
    expect(expectations.goingOn(name, '1:2', undefined)).toBeUndefined();
    expectations.begin(name, '1:2', one);
    expect(expectations.goingOn(name, '1:2', { ...one })).toEqual(jasmine.objectContaining(one));
    expect(expectations.goingOn(name, '1:2', undefined)).toEqual(jasmine.objectContaining(one));
  });

  for (const said of [other, { ...one, size: 2 }]) {
    it(`refuse one that is to become ${JSON.stringify(said)}`, () => {
      const expectations = Expectations.inMemory();
      expectations.begin(name, '1:2', one);
      expect(() => expectations.goingOn(name, '1:2', said)).toThrow(
        jasmine.objectContaining({ code: 'E_CHANGED', reply: 553 }),
      );
    });
  }

  it('are for the one file, of the one user, under the one name', () => {
    const expectations = Expectations.inMemory();
    expectations.begin(name, '1:2', one);
    expect(expectations.goingOn(name, '1:3', other)).toBe(other);
    expect(expectations.goingOn({ ...name, user: 'jane' }, '1:2', other)).toBe(other);
    expect(expectations.goingOn({ ...name, path: '/b' }, '1:2', other)).toBe(other);
  });

  it('outlive a restart, readable by nobody else', async () => {
    const before = await open();
    before.begin(name, '1:2', other);
    before.begin(name, '1:2', one);
    before.begin({ ...name, path: '/b' }, '1:3', one);
    before.forget({ ...name, path: '/b' });
    await before.settled();
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    const after = await open();
    expect(() => after.goingOn(name, '1:2', other)).toThrowError();
    expect(after.goingOn({ ...name, path: '/b' }, '1:3', other)).toBe(other);
    expect(faults).toEqual([]);
  });

  for (const text of ['', '{', '[]', '{"version":2,"uploads":[]}', '{"version":1,"uploads":[{"user":1}]}']) {
    it(`tell of a file that holds ${JSON.stringify(text)}, and go on without it`, async () => {
      writeFileSync(file(), text);
      const expectations = await open();
      expect(faults).toEqual([jasmine.stringContaining(file())]);
      expectations.begin(name, '1:2', one);
      await expectations.settled();
      expect(JSON.parse(readFileSync(file(), 'utf8')).uploads.length).toBe(1);
    });
  }

  it('tell of what cannot be saved, and go on', async () => {
    const expectations = await Expectations.open(join(folder(), 'missing', 'file'), (message) => faults.push(message));
    expectations.begin(name, '1:2', one);
    await expectations.settled();
    expect(faults.length).toBe(1);
    expect(() => expectations.goingOn(name, '1:2', other)).toThrowError();
  });

  it('forget the oldest of very many', () => {
    const expectations = Expectations.inMemory();
    for (let count = 0; count <= 10_000; count += 1) expectations.begin({ ...name, path: `/${count}` }, '1:2', one);
    expect(expectations.goingOn({ ...name, path: '/0' }, '1:2', other)).toBe(other);
    expect(() => expectations.goingOn({ ...name, path: '/1' }, '1:2', other)).toThrowError();
  });
});
