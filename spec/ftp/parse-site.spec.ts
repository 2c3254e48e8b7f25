import { parseSite } from '../../lib/ftp/parse-site.ts';
import { showSite } from '../../lib/ftp/show-site.ts';
import type { SiteParts } from '../../lib/ftp/site-parts.ts';

const plain: SiteParts = { protocol: 'ftp', host: 'host', port: 21, directory: 'dir', user: 'user' };
const full: SiteParts = { ...plain, password: 'pass' };

type Good = readonly (readonly [text: string, parts: SiteParts])[];
type Bad = readonly (readonly [what: string, text: string, ...rules: readonly string[]])[];

const hostRule = 'the host must be a name, an IPv4 address, or an IPv6 address in brackets';
const portRule = 'the port must be a whole number from 1 to 65535, in plain digits';
const percentRule = 'a % in a URL must be followed by two hex digits of UTF-8; write %25 for the sign';
const quoteRule = 'a field in double quotes must end with one, followed by a comma or the end; "" is a quote in it';

function reads(cases: Good): void {
  for (const [text, parts] of cases) {
    it(`reads ${text}`, () => {
      expect(parseSite(text)).toEqual({ parts });
    });
  }
}

function refuses(cases: Bad): void {
  for (const [what, text, ...rules] of cases) {
    it(`refuses ${what}`, () => {
      const site = parseSite(text);
      expect('faults' in site && site.faults.map(({ message }) => message)).toEqual(
        rules.map((rule) => `ftp_website: ${rule}`),
      );
    });
  }
}

describe('parseSite with commas', () => {
  reads([
    ['host,user,pass,dir', full],
    [
      '192.168.43.122, steve, steve, test',
      { ...full, host: '192.168.43.122', user: 'steve', password: 'steve', directory: 'test' },
    ],
    ['  host ,\tuser , pass,  dir ,  2121 ', { ...full, port: 2121 }],
    ['host,user,pass,dir,65535', { ...full, port: 65535 }],
    ['host,user,,dir', plain],
    ['host,user,"",dir', plain],
    ['host,user,pass,', { ...full, directory: '' }],
    ['host,user,pass,/', { ...full, directory: '/' }],
    ['host,user,pass,/dir', { ...full, directory: '/dir' }],
    ['host,user,pass,//a///b/', { ...full, directory: '/a/b' }],
    ['host,user,pass,../dir', { ...full, directory: '../dir' }],
    ['host,user,pa ss,my dir', { ...full, password: 'pa ss', directory: 'my dir' }],
    ['host,user,"pa,ss",dir', { ...full, password: 'pa,ss' }],
    ['host,user, "pa,ss" ,dir', { ...full, password: 'pa,ss' }],
    ['host,user,"pa""ss",dir', { ...full, password: 'pa"ss' }],
    ['host,user,""""" ",dir', { ...full, password: '"" ' }],
    ['host,user," pass ",dir', { ...full, password: ' pass ' }],
    ['host,user,pa"ss,dir', { ...full, password: 'pa"ss' }],
    ['host,user,50%41:@/?#\\,dir', { ...full, password: '50%41:@/?#\\' }],
    ['host,user,http://x,dir', { ...full, password: 'http://x' }],
    ['host,me@example.com,pass,dir', { ...full, user: 'me@example.com' }],
    ['[::1],user,pass,dir', { ...full, host: '::1' }],
    ['[FE80::1],user,pass,dir,21', { ...full, host: 'fe80::1' }],
    ['FTP.Example.com.,user,pass,dir', { ...full, host: 'ftp.example.com.' }],
    ['bücher.example,user,pass,dir', { ...full, host: 'bücher.example' }],
    ['my_nas-2,user,pass,dir', { ...full, host: 'my_nas-2' }],
  ]);

  refuses([
    ['an empty text', '', 'must be host,user,password,directory[,port] or a URL such as ftp://user@host/dir'],
    [
      'three fields',
      'host,user,pass',
      'must be host,user,password,directory[,port] or a URL such as ftp://user@host/dir',
    ],
    [
      'six fields',
      'host,user,pa,ss,dir,21',
      'has more than five fields: put a field that holds a comma in double quotes',
    ],
    [
      'a site that lost its quotes',
      'host,',
      'it ends with a comma: put all of it in quotes when there are blanks in it',
    ],
    ['a quote that is not closed', 'host,user,"pass,dir', quoteRule],
    ['a quote that is not closed behind a blank', 'host,user, "pass,dir', quoteRule],
    ['letters behind a closed quote', 'host,user,"pa"ss,dir', quoteRule],
    ['an empty host', ',user,pass,dir', hostRule],
    ['an empty user', 'host,,pass,dir', 'the user, its second field, is empty'],
    ['an empty port', 'host,user,pass,dir,', 'the port, its fifth field, is empty'],
    ['port 0', 'host,user,pass,dir,0', portRule],
    ['port 65536', 'host,user,pass,dir,65536', portRule],
    ['a port with a sign', 'host,user,pass,dir,+21', portRule],
    ['a port that is a word', 'host,user,pass,dir,ftp', portRule],
    ['an IPv6 address without brackets', '::1,user,pass,dir', hostRule],
    ['something else in brackets', '[host],user,pass,dir', hostRule],
    ['a port behind the host', 'host:21,user,pass,dir', hostRule],
    ['a host with a blank', 'my host,user,pass,dir', hostRule],
    ['a host with a slash', 'host/dir,user,pass,dir', hostRule],
    ['a host with two dots in a row', 'a..b,user,pass,dir', hostRule],
    ['a host of 254 letters', `${'a'.repeat(254)},user,pass,dir`, hostRule],
    ['a line end in the user', 'host,"us\ner",pass,dir', 'the user must not hold control characters such as line ends'],
    [
      'a line end in the password',
      'host,user,pa\r\nss,dir',
      'the password must not hold control characters such as line ends',
    ],
    ['NUL in the directory', 'host,user,pass,d\0r', 'the directory must not hold control characters such as line ends'],
    [
      'all at once',
      ',,pa\nss,dir,0',
      'the password must not hold control characters such as line ends',
      hostRule,
      portRule,
      'the user, its second field, is empty',
    ],
  ]);

  it('shows no field in a fault', () => {
    for (const text of [
      'host,user,hunter2',
      'h h,hunter2\n,hunter2\n,hunter2\n,hunter2',
      'host,user,hun,ter,hunter2,x',
    ]) {
      expect(JSON.stringify(parseSite(text))).not.toContain('hunter2');
    }
  });
});

describe('parseSite with a URL', () => {
  const { user: _, ...guest } = plain;
  reads([
    ['ftp://user@host/dir', plain],
    ['ftp://user:pass@host/dir', full],
    ['FTP://user@HOST/dir', plain],
    [' ftp://user@host/dir ', plain],
    ['ftp://host/dir', guest],
    ['ftp://host', { ...guest, directory: '' }],
    ['ftp://host/', { ...guest, directory: '' }],
    ['ftp://user:@host/dir', plain],
    ['ftp://user@host:2121/dir', { ...plain, port: 2121 }],
    ['ftpes://user@host/dir', { ...plain, protocol: 'ftpes' }],
    ['ftps://user@host/dir', { ...plain, protocol: 'ftps', port: 990 }],
    ['ftps://user@host:991/dir', { ...plain, protocol: 'ftps', port: 991 }],
    ['ftp://user@host//dir', { ...plain, directory: '/dir' }],
    ['ftp://user@host/%2Fdir', { ...plain, directory: '/dir' }],
    ['ftp://user@host/%2f', { ...plain, directory: '/' }],
    ['ftp://user@host/a/../b/', { ...plain, directory: 'a/../b' }],
    ['ftp://user@host/a%20b/%C3%BC', { ...plain, directory: 'a b/ü' }],
    ['ftp://user@host/a b?c#d', { ...plain, directory: 'a b?c#d' }],
    ['ftp://us%40er:p%2F%3A%25@host/dir', { ...full, user: 'us@er', password: 'p/:%' }],
    ['ftp://me@example.com:p@ss:#?@host/dir', { ...full, user: 'me@example.com', password: 'p@ss:#?' }],
    ['ftp://user@[::1]/dir', { ...plain, host: '::1' }],
    ['ftp://user@[::1]:2121/dir', { ...plain, host: '::1', port: 2121 }],
    ['ftp://user@[fe80::1%25eth0]/dir', { ...plain, host: 'fe80::1%eth0' }],
  ]);

  refuses([
    [
      'an unknown scheme with the nearest',
      'ftpse://host/dir',
      'unknown scheme ftpse://, use ftp://, ftpes:// or ftps://, did you mean ftpes?',
    ],
    ['a scheme that is near none', 'https://host/dir', 'unknown scheme https://, use ftp://, ftpes:// or ftps://'],
    [
      'SFTP, which is another protocol',
      'sftp://host/dir',
      'sftp:// is SSH, another protocol than FTP; use ftp://, ftpes:// or ftps://',
    ],
    ['an empty host in a URL', 'ftp://user@/dir', hostRule],
    ['nothing behind the scheme', 'ftp://', hostRule],
    ['an empty port in a URL', 'ftp://host:/dir', 'the port behind the colon is empty'],
    ['port 0 in a URL', 'ftp://host:0/dir', portRule],
    ['two ports', 'ftp://host:21:22/dir', portRule],
    ['an IPv6 address without brackets in a URL', 'ftp://::1/dir', hostRule, portRule],
    ['letters behind the brackets', 'ftp://[::1]x/dir', hostRule, portRule],
    ['half a percent code', 'ftp://user:100%@host/dir', percentRule],
    ['a percent code that is not UTF-8', 'ftp://host/%ff', percentRule],
    ['an encoded line end', 'ftp://us%0d%0aer@host/dir', 'the user must not hold control characters such as line ends'],
    [
      'an encoded NUL in the password',
      'ftp://user:%00@host/dir',
      'the password must not hold control characters such as line ends',
    ],
    ['a password with a slash', 'ftp://user:pa/ss@host/dir', portRule],
  ]);

  it('shows no part in a fault', () => {
    for (const text of [
      'ftp://u:hunter2%@host',
      'ftp://u:hunter2/x@host',
      'ftp://u:hunter2%0a@host',
      'fttp://u:hunter2@h',
    ]) {
      expect(JSON.stringify(parseSite(text))).not.toContain('hunter2');
    }
  });
});

describe('showSite', () => {
  it('shows everything but the password', () => {
    expect(showSite(full)).toBe('ftp://user@host:21/dir');
  });

  it('puts an IPv6 address in brackets', () => {
    expect(showSite({ ...plain, protocol: 'ftps', host: '::1', port: 990 })).toBe('ftps://user@[::1]:990/dir');
  });

  it('shows a site without a user', () => {
    const { user: _, ...guest } = plain;
    expect(showSite({ ...guest, directory: '/dir' })).toBe('ftp://host:21//dir');
  });

  it('escapes what could break a line', () => {
    expect(showSite({ ...plain, user: 'a\nb' })).toBe('ftp://a\\nb@host:21/dir');
  });
});
