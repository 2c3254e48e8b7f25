import type { CertificateOptions } from './openssl.ts';

/** The servers that were written by others. */
export type ServerKind = 'vsftpd' | 'proftpd' | 'pure-ftpd';

/** How a foreign server is wanted; everything has a default. */
export interface ForeignServerOptions {
  /**
   * TLS, demanded for login and data: explicit (AUTH TLS, RFC 4217) or, where the server can, from the first byte; the
   * certificate is self-made. Default: no TLS.
   */
  readonly tls?: boolean | 'implicit';
  /** What the certificate says. */
  readonly certificate?: CertificateOptions;
  /** Demand a certificate of the client that is signed by the one in this file (PEM). Default: none is asked for. */
  readonly clientAuthority?: string;
  /**
   * Must a data connection resume the TLS session of its control connection? Default: as the server has it, which is
   * yes for vsftpd and ProFTPD; Pure-FTPd never asks for it.
   */
  readonly sessionReuse?: boolean;
  /** How many may be connected at once. Default: 200, so that no spec meets the limit by accident. */
  readonly maxClients?: number;
  /** The ports among which it looks for one for a data connection; ProFTPD only. Default: any that the system gives. */
  readonly passivePorts?: PortRange;
  /** Where it listens, an IPv4 address of this machine. Default: 127.0.0.1. */
  readonly host?: string;
  /** Write down every command? It costs the server time, which a benchmark would measure. Default: yes. */
  readonly logsCommands?: boolean;
  /** Write a line for each transfer, as operators have it? vsftpd and ProFTPD only. Default: not beside the commands. */
  readonly logsTransfers?: boolean;
  /** The folder in which it gets one of its own, with its data. Default: the system's for temporary files. */
  readonly below?: string;
}

/** Ports from one to another, both among them. */
type PortRange = readonly [from: number, to: number];

/** All a recipe needs to write a server's configuration. */
export interface Setup {
  /** Folder of this server alone, for its configuration and logs. */
  readonly home: string;
  /** What its user sees as `/`. */
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The account of the system it drops its rights to, and that owns all in the data folder. */
  readonly owner: Owner;
  readonly maxClients: number;
  /** With TLS these PEM files are in the home folder: `certificate.pem`, `key.pem` and `both.pem`. */
  readonly tls: boolean | 'implicit';
  /** Is `clients.pem` in the home folder the certificate that those of clients must be signed by? */
  readonly demandsCertificate: boolean;
  readonly sessionReuse: boolean;
  readonly logsCommands: boolean;
  readonly logsTransfers: boolean;
  readonly passivePorts: PortRange | undefined;
  /** The path of a file of its packages, which may be unpacked anywhere: `installed('usr/lib/proftpd')`. */
  readonly installed: (path: string) => string;
  /** The environment its programs run in: they find their libraries by it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** An account of the system. */
export interface Owner {
  readonly name: string;
  readonly group: string;
  readonly uid: number;
  readonly gid: number;
}

/** What is particular to one kind of server. */
export interface Recipe {
  /** The programs it cannot do without, below the root of the packages. */
  readonly programs: readonly string[];
  /** Can it speak TLS from the first byte? */
  readonly implicitTls: boolean;
  /** Write the configuration into the home folder. @returns program and arguments that run it in the foreground */
  prepare(setup: Setup): readonly [program: string, ...args: string[]];
  /** The log files it writes in its home folder. */
  readonly logs: readonly string[];
  /** Files outside of its home folder that sessions leave behind when they are killed, by their process ids. */
  leftBehind?(sessions: readonly number[]): readonly string[];
}
