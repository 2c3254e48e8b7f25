import { statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountServer } from '../support/account-server.ts';
import { servedFolder } from '../support/ftp-server.ts';

describe('draft-peterson-streamlined-ftp-command-extensions-10, AVBL, with a quota of 1,000 bytes:', () => {
  const served = accountServer({ quotaBytes: 1_000 });

  it('tells what is left of it, and SITE QUOTA the rest', async () => {
    writeFileSync(join(served().home, 'a'), 'x'.repeat(300));
    const line = await served().session();
    expect(await line.ask('AVBL')).toEqual({ code: 213, lines: ['700'] });
    const { code, lines } = await line.ask('SITE QUOTA');
    expect([code, ...lines.slice(1, -1)]).toEqual([200, ' Used: 300 bytes', ' Quota: 1000 bytes', ' Left: 700 bytes']);
  });

  it('what does not fit any more is no right of MLST (RFC 3659 section 7.5.5)', async () => {
    const line = await served().session();
    await line.upload('STOR a', 'x'.repeat(999));
    expect((await line.ask('MLST a')).lines[1]).toContain('perm=rawdf;');
    await line.upload('APPE a', 'x');
    expect((await line.ask('MLST a')).lines[1]).toContain('perm=rdf;');
    expect((await line.ask('MLST /')).lines[1]).toContain('perm=elmp;');
    expect((await line.download('MLSD')).toString()).toContain('perm=rdf;');
    expect(await line.ask('AVBL /')).toEqual({ code: 213, lines: ['0'] });
    await line.ask('DELE a');
    expect((await line.ask('MLST /')).lines[1]).toContain('perm=elcmp;');
  });
});

describe('AVBL without a quota', () => {
  const served = servedFolder();

  it('tells what the disk has room for', async () => {
    const { bavail, bsize } = statfsSync(served().home);
    const { code, lines } = await (await served().session()).ask('AVBL');
    expect(code).toBe(213);
    // Others use the disk as well.
    expect(Math.abs(Number(lines[0]) - bavail * bsize)).toBeLessThan(bavail * bsize * 0.2);
  });

  it('of what is no folder is answered 550, and SITE QUOTA tells that there is none', async () => {
    const line = await served().session();
    await line.upload('STOR a', 'x');
    expect([await line.code('AVBL missing'), await line.code('AVBL a')]).toEqual([550, 550]);
    expect((await line.ask('SITE QUOTA')).lines.slice(1, -1)).toEqual([' Used: 1 bytes', ' No quota']);
  });
});
