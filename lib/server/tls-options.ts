import type { OptionTable } from '../base/option-table.ts';

const tls = 'TLS';

/** The part of the server's options that says how TLS is offered. */
export const tlsOptions = {
  'tls-cert': {
    type: 'text',
    group: tls,
    placeholder: 'FILE',
    help: 'Offer TLS with the certificate in the file (PEM), followed by those that sign it; a relative path begins in the data folder',
  },
  'tls-key': {
    type: 'text',
    group: tls,
    placeholder: 'FILE',
    defaultText: 'the file of --tls-cert',
    help: 'Private key of that certificate (PEM), not encrypted',
  },
  'tls-require': {
    type: 'flag',
    group: tls,
    default: false,
    help: 'Serve nobody without TLS: no login and no data in plain text',
  },
  'tls-require-reuse': {
    type: 'flag',
    group: tls,
    default: false,
    help: 'Take data connections only that go on with the TLS session of their control connection; some clients cannot',
  },
  'tls-implicit-port': {
    type: 'integer',
    range: [0, 65_535],
    group: tls,
    placeholder: 'N',
    defaultText: 'none',
    help: 'Listen on this port, too, where TLS begins with the first byte, as for ftps://; 0 for any that is free',
  },
} as const satisfies OptionTable;
