import { isIPv4, isIPv6 } from 'node:net';
import { FtpError, shown } from './ftp-error.ts';

/** Where a data connection goes: an address in numbers and a port from 1 to 65535. */
export interface DataAddress {
  readonly address: string;
  readonly port: number;
}

/**
 * The six numbers of 227 and PORT (RFC 959 section 4.1.2): `127,0,0,1,4,1`.
 *
 * @throws FtpError E_MALFORMED for an address that is not IPv4 or a port out of range
 */
export function formatPort({ address, port }: DataAddress): string {
  if (!isIPv4(address)) throw malformed('an IPv4 address', address);
  checkPort(port, String(port));
  return [...address.split('.'), port >> 8, port & 0xff].join(',');
}

/**
 * The argument of PORT.
 *
 * @throws FtpError E_MALFORMED when it is not six numbers from 0 to 255, or the port is 0
 */
export function parsePort(argument: string): DataAddress {
  const match = /^([0-9]{1,3}),([0-9]{1,3}),([0-9]{1,3}),([0-9]{1,3}),([0-9]{1,3}),([0-9]{1,3})$/.exec(argument);
  const numbers = match?.slice(1).map(Number) ?? [];
  const [high = 0, low = 0] = numbers.slice(4);
  if (numbers.length !== 6 || numbers.some((number) => number > 255)) throw malformed('six numbers', argument);
  const port = high * 256 + low;
  checkPort(port, argument);
  return { address: numbers.slice(0, 4).join('.'), port };
}

/** The text of a 227 reply. */
export function formatPassive(to: DataAddress): string {
  return `Entering Passive Mode (${formatPort(to)})`;
}

/**
 * The address in the text of a 227 reply. The numbers are looked for anywhere: RFC 1123 section 4.1.2.6 warns that
 * the parentheses may be missing.
 *
 * @throws FtpError E_MALFORMED when there are none
 */
export function parsePassive(text: string): DataAddress {
  const numbers = /(?<![0-9,])[0-9]+(?:,[0-9]+){5}(?![0-9,])/.exec(text)?.[0];
  if (numbers === undefined) throw malformed('a 227 reply', text);
  return parsePort(numbers);
}

/** The text of a 229 reply (RFC 2428 section 3). */
export function formatExtendedPassive(port: number): string {
  checkPort(port, String(port));
  return `Entering Extended Passive Mode (|||${port}|)`;
}

/**
 * The port in the text of a 229 reply; any printable character may be the bar.
 *
 * @throws FtpError E_MALFORMED when there is none
 */
export function parseExtendedPassive(text: string): number {
  const [, , digits] = /\(([!-~])\1\1([0-9]{1,5})\1\)/.exec(text) ?? [];
  if (digits === undefined) throw malformed('a 229 reply', text);
  return checkPort(Number(digits), text);
}

/** The argument of EPRT (RFC 2428 section 2): `|1|127.0.0.1|1025|`. */
export function formatExtendedPort({ address, port }: DataAddress): string {
  checkPort(port, String(port));
  if (isIPv4(address)) return `|1|${address}|${port}|`;
  if (isIPv6(address)) return `|2|${address}|${port}|`;
  throw malformed('an IP address', address);
}

/**
 * The argument of EPRT.
 *
 * @throws FtpError E_MALFORMED; E_FAMILY for a family that is neither 1 (IPv4) nor 2 (IPv6), to be answered with 522
 */
export function parseExtendedPort(argument: string): DataAddress {
  const bar = argument.charAt(0);
  const parts = /^[!-~]/.test(bar) ? argument.split(bar) : [];
  const [before, family = '', address = '', digits = '', after] = parts;
  const isWhole = parts.length === 5 && before === '' && after === '';
  if (!isWhole || !/^[0-9]+$/.test(family) || !/^[0-9]{1,5}$/.test(digits))
    throw malformed('an EPRT argument', argument);
  if (family !== '1' && family !== '2') throw new FtpError('E_FAMILY', `Unknown address family ${shown(family)}`);
  const isRight = family === '1' ? isIPv4(address) : isIPv6(address);
  if (!isRight) throw malformed('an EPRT argument', argument);
  return { address, port: checkPort(Number(digits), argument) };
}

function checkPort(port: number, text: string): number {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw malformed('a port from 1 to 65535', text);
  return port;
}

function malformed(what: string, text: string): FtpError {
  return new FtpError('E_MALFORMED', `This is not ${what}: ${shown(text)}`);
}
