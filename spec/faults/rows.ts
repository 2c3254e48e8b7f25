import type { CommandFault, DataFault, Fault } from '../support/faults/fault.ts';

/** One way in which things go wrong, and what is to come of it. */
export interface Row {
  /** Finishes the sentence `... when`. */
  readonly when: string;
  readonly faults: readonly Fault[];
  /** The run itself mends it, or one entry fails, is told, and the next run mends it. */
  readonly mends: 'ends equal' | 'goes on without one entry';
  /** How often each of the faults has to happen at least; 1 unless told. */
  readonly happens?: number;
}

const STORE = /^(STOR|APPE) /;
const DATE = /^(MFMT|MDTM \d{14}) /;
const ALWAYS = 1000;
const FULL = '421 Too many connections from your address';

const WORDS: Readonly<Record<DataFault['goes'], string>> = {
  FIN: 'ends on both sides',
  RST: 'is torn',
  silence: 'stands still',
  swallow: 'ends for the server only',
  trickle: 'crawls',
  'half-open': 'ends for the client only, and so do all that come',
};

/** The faults; a new one is a new line. */
export const rows: readonly Row[] = [
  mended('the server never greets', { command: /^greeting$/, nth: 2, before: 'silence' }),
  mended('the server hangs up instead of greeting', { command: /^greeting$/, nth: 2, before: 'FIN' }),
  mended('the connection is torn instead of a greeting', { command: /^greeting$/, nth: 2, before: 'RST', times: 2 }),
  mended('the server is full at first', { command: /^greeting$/, nth: 2, answer: FULL, closes: true, times: 2 }),
  mended('the server is full when the name is told', { command: /^USER /, nth: 2, answer: FULL, closes: true }),
  mended('the server is full when the password is told', { command: /^PASS /, nth: 2, answer: FULL, closes: true }),
  mended('a second login is refused, for too many users', {
    ...{
      command: /^PASS /,
      nth: 2,
      answer: '530 Sorry, the maximum number of clients (1) from your host',
      closes: true,
    },
  }),

  ...['EPSV', 'STOR', 'SIZE', 'RNFR', 'RNTO', 'MKD', 'DELE', 'RMD'].flatMap((verb) => [
    mended(`the server takes its leave before ${verb}`, { command: beginning(verb), answer: FULL, closes: true }),
    mended(`the connection is torn before ${verb}`, { command: beginning(verb), before: 'RST' }),
    mended(`${verb} is done but the answer lost`, { command: beginning(verb), after: 'RST' }),
  ]),
  mended('the server takes its leave after STOR', { command: STORE, rewrite: FULL, closes: true }),
  mended('the time of a file is set but the answer lost', { command: DATE, after: 'RST' }),
  mended('the server hangs up after a rename', { command: /^RNTO /, after: 'FIN' }),
  mended('nothing comes back before STOR', { command: STORE, before: 'silence' }),
  mended('nothing comes back after STOR', { command: STORE, after: 'silence' }),
  mended('nothing comes back after a rename', { command: /^RNTO /, after: 'silence' }),
  mended('nothing comes back before MKD', { command: /^MKD /, before: 'silence' }),

  ...['450 The file is busy', '451 Local error', '452 The disk is full', '425 No data connection'].map((answer) =>
    mended(`STOR is answered ${answer}`, { command: STORE, nth: 3, answer }),
  ),
  ...['552 Over quota', '550 No right to write', '553 No such name'].map((answer) =>
    left(`STOR is answered ${answer}`, { command: STORE, nth: 3, answer }),
  ),
  mended('the transfer is called broken after all of it has come', { command: STORE, rewrite: '426 Broken' }),
  mended('the transfer is called failed after all of it has come', { command: STORE, rewrite: '451 No' }),
  mended('SIZE is told wrong once', { command: /^SIZE /, rewrite: '213 7' }),
  mended('SIZE is told 0 once', { command: /^SIZE /, nth: 2, rewrite: '213 0' }),

  ...[0, 1, 4096, 1_000_000, 1_499_999].flatMap((at) =>
    (['FIN', 'RST', 'swallow'] as const).map((goes) =>
      mended(`a data connection ${WORDS[goes]} behind ${at} bytes`, { data: STORE, at, goes }),
    ),
  ),
  ...[4096, 1_200_000].map((at) =>
    mended(`a data connection ${WORDS['half-open']} behind ${at} bytes`, { data: STORE, at, goes: 'half-open' }),
  ),
  mended('a data connection is refused', { command: /^(EPSV|PASV)$/, nth: 2, leadsTo: 1 }),
  mended('EPSV is not known', { command: /^EPSV$/, answer: '500 What?', times: ALWAYS }),
  mended('EPSV is of no use', { command: /^EPSV$/, answer: '522 Network protocol not supported', times: ALWAYS }),

  ...[1, 20, 60, 117, 200, 333, 450, 600].flatMap((at) => [
    mended(`the control connection is torn behind byte ${at} of the server`, {
      from: 'server',
      nth: 2,
      at,
      goes: 'RST',
    }),
    mended(`the control connection is torn behind byte ${at} of the client`, {
      from: 'client',
      nth: 2,
      at,
      goes: 'RST',
    }),
  ]),
  mended('the server falls to one byte a second', { from: 'server', at: 400, goes: 'trickle' }),
  mended('the client falls to one byte a second', { from: 'client', at: 300, goes: 'trickle' }),
  mended('the server is heard no more', { from: 'server', at: 450, goes: 'silence' }),
];

function mended(when: string, ...faults: readonly Fault[]): Row {
  return { when, faults, mends: 'ends equal' };
}

function left(when: string, ...faults: readonly CommandFault[]): Row {
  return { when, faults, mends: 'goes on without one entry' };
}

function beginning(verb: string): RegExp {
  return new RegExp(`^${verb}( |$)`);
}
