import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Expectations } from '../../lib/server/expectations.ts';
import type { ControlLine } from '../support/control-line.ts';
import { servedFolder } from '../support/ftp-server.ts';

const content = '0123456789'.repeat(100);
const other = `${content.slice(0, 600)}${'x'.repeat(400)}`;
const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const promise = (text: string, name = 'a') => `SITE EXPECT MD5 ${md5(text)} ${text.length} ${name}`;

describe('C4: SITE EXPECT', () => {
  const served = servedFolder();
  const at = (name: string) => join(served().home, name);

  it('is answered 200, and an upload that becomes what was promised 226', async () => {
    const line = await served().session();
    expect(await line.code(promise(content))).toBe(200);
    await line.upload('STOR a', content);
    expect(readFileSync(at('a'), 'utf8')).toBe(content);
  });

  it('an upload that ends too early is answered 426, what has come of it stays, and who goes on is held to the promise', async () => {
    const line = await served().session();
    await line.ask(promise(content));
    await sendPart(line, content.slice(0, 500));
    expect(readFileSync(at('a'), 'utf8')).toBe(content.slice(0, 500));
    await line.ask('REST 500');
    await sendPart(line, content.slice(500, 600));
    expect(await upload(line, 'APPE a', other.slice(600))).toBe(553);
  });

  it('is not forgotten by an upload that never began', async () => {
    const line = await served().session();
    await line.ask(promise(content));
    expect(await line.code('STOR a')).toBe(425);
    await sendPart(line, content.slice(0, 500));
  });

  it('an upload goes on that is to become the same, in another session too', async () => {
    const line = await served().session();
    await line.ask(promise(content));
    await sendPart(line, content.slice(0, 500));
    const next = await served().session();
    await next.ask(promise(content));
    await next.ask('REST 500');
    await next.upload('STOR a', content.slice(500));
    expect(readFileSync(at('a'), 'utf8')).toBe(content);
  });

  it('one that is to become another is refused with 553, and what is there stays', async () => {
    const line = await served().session();
    await line.ask(promise(content));
    await sendPart(line, content.slice(0, 500));
    await line.ask(promise(other));
    await line.ask('REST 500');
    await line.dataConnection();
    expect(await line.code('STOR a')).toBe(553);
    await line.ask(promise(other));
    await line.dataConnection();
    expect(await line.code('APPE a')).toBe(553);
    expect(readFileSync(at('a'), 'utf8')).toBe(content.slice(0, 500));
  });

  it('one from the beginning may become another', async () => {
    const line = await served().session();
    await line.ask(promise(content));
    await sendPart(line, content.slice(0, 500));
    await line.ask(promise(other));
    await line.upload('STOR a', other);
    expect(readFileSync(at('a'), 'utf8')).toBe(other);
  });

  for (const sent of [other, `${content}x`]) {
    it(`an upload of ${sent.length} bytes that has become another is answered 553, once, and stays`, async () => {
      const line = await served().session();
      await line.ask(promise(content));
      expect(await upload(line, 'STOR a', sent)).toBe(553);
      expect(readFileSync(at('a'), 'utf8')).toBe(sent);
      await line.upload('APPE a', 'more');
    });
  }

  it('holds for one that goes on without a word', async () => {
    const line = await served().session();
    await line.ask(promise(content));
    await sendPart(line, content.slice(0, 500));
    await line.ask('REST 500');
    expect(await upload(line, 'STOR a', other.slice(500))).toBe(553);
  });

  it('is for one file: neither for another name, nor for a new file under that name', async () => {
    const line = await served().session();
    await line.ask(promise(content));
    await line.upload('STOR b', 'anything');
    await sendPart(line, content.slice(0, 500));
    renameSync(at('a'), at('c'));
    writeFileSync(at('a'), 'xyz');
    await line.ask(promise('xyzabc'));
    await line.upload('APPE a', 'abc');
    expect(readFileSync(at('a'), 'utf8')).toBe('xyzabc');
  });

  it('leaves nothing in the folder of the user', async () => {
    const line = await served().session();
    await line.ask(promise(content));
    await sendPart(line, content.slice(0, 500));
    expect((await line.download('NLST')).toString()).toBe('a\r\n');
  });

  for (const [argument, code] of [
    ['', 501],
    ['MD5', 501],
    [`MD5 ${md5('')} 0`, 501],
    [`MD5 ${md5('')} -1 a`, 501],
    [`MD5 ${md5('').slice(1)} 0 a`, 501],
    [`SHA-256 ${md5('')} 0 a`, 504],
    [`MD5 ${md5('')} 0 a\0`, 553],
  ] as const) {
    it(`${JSON.stringify(argument)} is answered ${code}`, async () => {
      expect(await (await served().session()).code(`SITE EXPECT ${argument}`.trimEnd())).toBe(code);
    });
  }

  it('is answered 504 by an upload as text, or of a range, and forgotten then: who asks again knows', async () => {
    const line = await served().session();
    await line.upload('STOR a', content);
    await line.ask('EPSV');
    await line.ask(promise(content));
    await line.ask('RANG 0 4');
    expect(await line.code('STOR a')).toBe(504);
    await line.ask('RANG 0 4');
    await line.upload('STOR a', 'xxxxx');
    await line.ask('TYPE A');
    await line.ask(promise(content, 'b'));
    await line.ask('EPSV');
    expect(await line.code('STOR b')).toBe(504);
    expect(existsSync(at('b'))).toBeFalse();
    await line.upload('STOR b', 'text');
  });
});

describe('C4: SITE EXPECT, after a restart of the server', () => {
  let expectations: Expectations;
  let file = '';
  const served = servedFolder(() => ({ expectations }));
  beforeAll(() => {
    expectations = Expectations.inMemory();
  });

  it('holds still', async () => {
    file = join(served().outside, 'expected.json');
    expectations = await Expectations.open(file, fail);
    await served().startAgain();
    const line = await served().session();
    await line.ask(promise(content));
    await sendPart(line, content.slice(0, 500));
    await expectations.settled();
    expectations = await Expectations.open(file, fail);
    await served().startAgain();
    const next = await served().session();
    await next.ask(promise(other));
    await next.ask('REST 500');
    await next.dataConnection();
    expect(await next.code('STOR a')).toBe(553);
  });
});

/** Send a part of what was promised, as a client does that ends before its time. */
async function sendPart(line: ControlLine, text: string): Promise<void> {
  expect(await upload(line, 'STOR a', text)).toBe(426);
}

/** @returns the code of the last reply */
async function upload(line: ControlLine, command: string, text: string): Promise<number> {
  const data = await line.dataConnection();
  expect(await line.code(command)).toBe(150);
  data.end(text);
  return (await line.reply()).code;
}
