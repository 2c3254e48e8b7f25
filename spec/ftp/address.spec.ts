import {
  type DataAddress,
  formatExtendedPassive,
  formatExtendedPort,
  formatPassive,
  formatPort,
  parseExtendedPassive,
  parseExtendedPort,
  parsePassive,
  parsePort,
} from '../../lib/ftp/address.ts';
import { FtpError } from '../../lib/ftp/ftp-error.ts';

const local = { address: '127.0.0.1', port: 1025 };

describe('The texts of data addresses', () => {
  it('hold the six numbers of PORT and 227', () => {
    expect(formatPort(local)).toBe('127,0,0,1,4,1');
    expect(formatPassive({ address: '10.0.0.255', port: 65_535 })).toBe('Entering Passive Mode (10,0,0,255,255,255)');
  });

  it('hold the port of 229 and the parts of EPRT', () => {
    expect(formatExtendedPassive(6446)).toBe('Entering Extended Passive Mode (|||6446|)');
    expect(formatExtendedPort(local)).toBe('|1|127.0.0.1|1025|');
    expect(formatExtendedPort({ address: '::1', port: 5282 })).toBe('|2|::1|5282|');
  });

  it('come back as what they were', () => {
    for (const port of [1, 255, 256, 65_535]) {
      expect(parsePort(formatPort({ ...local, port }))).toEqual({ ...local, port });
      expect(parsePassive(formatPassive({ ...local, port }))).toEqual({ ...local, port });
      expect(parseExtendedPassive(formatExtendedPassive(port))).toBe(port);
      expect(parseExtendedPort(formatExtendedPort({ address: 'fe80::1', port }))).toEqual({ address: 'fe80::1', port });
    }
  });

  const odd: readonly (readonly [string, DataAddress])[] = [
    ['Entering Passive Mode 127,0,0,1,4,1', local],
    ['=127,0,0,1,4,1', local],
  ];
  for (const [text, address] of odd) {
    it(`are found in 227 ${text}`, () => {
      expect(parsePassive(text)).toEqual(address);
    });
  }

  it('may have any bar', () => {
    expect(parseExtendedPassive('ok (!!!99!)')).toBe(99);
    expect(parseExtendedPort('+1+127.0.0.1+1025+')).toEqual(local);
  });
});

const ports = ['', '1,2,3,4,5', '1,2,3,4,5,6,7', '256,0,0,1,4,1', '127,0,0,1,4,256', '127,0,0,1,0,0', 'a,0,0,1,4,1'];
const replies = ['no numbers', '(|||0|)', '(|||65536|)', '(||6446|)', '(|||6446!)', '|||6446|', '(|||x|)'];
const extendedPorts = [
  '',
  '|1|127.0.0.1|1025',
  '|1|127.0.0.1|1025|x',
  '|1|::1|1025|',
  '|2|127.0.0.1|1025|',
  '|1|127.0.0.1|0|',
  '|1|127.0.0.1|65536|',
  '|1|127.0.0.1|x|',
  ' 1 127.0.0.1 1025 ',
];

describe('Reading data addresses', () => {
  const readers: readonly (readonly [string, (text: string) => unknown, readonly string[]])[] = [
    ['PORT', parsePort, ports],
    ['227', parsePassive, ['no numbers', '1,2,3,4,5', '(127,0,0,1,4,256)', '(1,2,3,4,5,6,7)']],
    ['229', parseExtendedPassive, replies],
    ['EPRT', parseExtendedPort, extendedPorts],
  ];
  for (const [what, parse, texts] of readers) {
    for (const text of texts) {
      it(`refuses ${JSON.stringify(text)} for ${what}`, () => {
        expect(() => parse(text)).toThrowMatching((error) => error instanceof FtpError && error.code === 'E_MALFORMED');
      });
    }
  }

  it('tells an unknown family from a malformed text', () => {
    expect(() => parseExtendedPort('|3|x|1025|')).toThrowMatching(
      (error) => error instanceof FtpError && error.code === 'E_FAMILY',
    );
  });

  it('shows no more than a piece of a long text', () => {
    expect(() => parsePort('x'.repeat(1000))).toThrowMatching((error) => error.message.length < 200);
  });
});

describe('Writing data addresses', () => {
  const impossible: readonly (readonly [string, () => unknown])[] = [
    ['IPv6 in PORT', () => formatPort({ address: '::1', port: 1025 })],
    ['a port above the range', () => formatPort({ address: '127.0.0.1', port: 65_536 })],
    ['a port below the range', () => formatExtendedPassive(0)],
    ['a broken port', () => formatExtendedPort({ address: '::1', port: 1.5 })],
    ['a host name', () => formatExtendedPort({ address: 'localhost', port: 1025 })],
  ];
  for (const [what, format] of impossible) {
    it(`refuses ${what}`, () => {
      expect(format).toThrowMatching((error) => error instanceof FtpError && error.code === 'E_MALFORMED');
    });
  }
});
