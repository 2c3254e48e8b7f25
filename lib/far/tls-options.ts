import type { OptionTable } from '../base/option-table.ts';

const tls = 'TLS';

/** The options of a program that say by what a server is trusted, and what is shown to it. */
export const tlsOptions = {
  'tls-ca': {
    type: 'text',
    group: tls,
    placeholder: 'FILE',
    help: 'Trust the authorities whose certificates are in the file (PEM), and no others; a certificate signed by itself is its own authority',
  },
  'tls-pin': {
    type: 'texts',
    group: tls,
    placeholder: 'sha256/BASE64',
    help: 'Trust the server by its public key, whoever signed its certificate and for whichever name',
  },
  'tls-cert': {
    type: 'text',
    group: tls,
    placeholder: 'FILE',
    help: 'Show the server the certificate in the file (PEM), with those of its authorities where it needs them',
  },
  'tls-key': {
    type: 'text',
    group: tls,
    placeholder: 'FILE',
    defaultText: 'the file of --tls-cert',
    help: 'Private key of that certificate (PEM), not encrypted',
  },
  'tls-max': {
    type: 'choice',
    choices: ['1.2', '1.3'],
    group: tls,
    default: '1.3',
    help: 'The newest version of TLS that is offered; 1.2 is for servers that take up no session with 1.3',
  },
} as const satisfies OptionTable;
