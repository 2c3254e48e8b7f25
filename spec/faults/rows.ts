import type { FarSideKind } from '../support/far-side.ts';
import type { CommandFault, DataFault, Fault } from '../support/faults/fault.ts';
import type { Manner } from '../support/faults/fault-scene.ts';

/** One way in which things go wrong, and what is to come of it. */
export interface Row {
  /** Finishes the sentence `... when`. */
  readonly when: string;
  readonly faults: readonly Fault[];
  /** The run itself mends it, or one entry fails, is told, and the next run mends it. */
  readonly mends: 'ends equal' | 'goes on without one entry';
  /** Has the mirror lost its memory, so that it lists the site first? */
  readonly isFirstContact?: true;
  /** How what the server says travels; as it comes unless told. */
  readonly pieces?: (text: Buffer) => readonly Buffer[];
  /** A server that takes half a line for a whole one, so that there lines are lost as a whole. */
  readonly takesHalfLines?: FarSideKind;
  /** Do answers to commands that were sent ahead come in one segment? */
  readonly joins?: true;
}

const STORE = /^(STOR|APPE) /;
const LIST = /^(MLSD|LIST)\b/;
const DATE = /^(MFMT|MDTM \d{14}) /;
const ALWAYS = 1000;
const FULL = '421 Too many connections from your address';
const NOBODY = 1;

const WORDS: Readonly<Record<DataFault['goes'], string>> = {
  FIN: 'ends on both sides',
  RST: 'is torn',
  silence: 'stands still',
  swallow: 'ends for the receiver only',
  trickle: 'crawls',
  'half-open': 'ends for the client only, and so do all that come',
};

const greeting = /^greeting$/;
const login: readonly Row[] = [1, 2].flatMap((nth) => [
  mended(`the server never greets connection ${nth}`, { command: greeting, nth, before: 'silence' }),
  mended(`the server hangs up instead of greeting connection ${nth}`, { command: greeting, nth, before: 'FIN' }),
  mended(`connection ${nth} is torn instead of a greeting`, { command: greeting, nth, before: 'RST', times: 2 }),
  mended(`the server is full at connection ${nth}`, { command: greeting, nth, answer: FULL, closes: true, times: 2 }),
  mended(`the server is full at name ${nth}`, { command: /^USER /, nth, answer: FULL, closes: true }),
  mended(`the server is full at password ${nth}`, { command: /^PASS /, nth, answer: FULL, closes: true }),
]);

const commands: readonly Row[] = [
  mended('a second login is refused, for too many users', {
    ...{ command: /^PASS /, nth: 2, answer: '530 Sorry, the maximum number of clients (1) is reached', closes: true },
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
  mended('the end of STOR is never told', { command: STORE, after: 'silence' }),
  mended('nothing comes back after a rename', { command: /^RNTO /, after: 'silence' }),
  mended('nothing comes back before MKD', { command: /^MKD /, before: 'silence' }),
  mended('the server is away for a moment', { command: STORE, before: 'RST', shutsForMs: 600 }),
  ...['450 The file is busy', '451 Local error', '452 The disk is full', '425 No data connection'].map((answer) =>
    mended(`STOR is answered ${answer}`, { command: STORE, nth: 3, answer }),
  ),
  ...['552 Over quota', '550 No right to write', '553 No such name'].map((answer) =>
    left(`STOR is answered ${answer}`, { command: STORE, nth: 3, answer, sticks: true }),
  ),
  mended('the transfer is called broken after all of it has come', { command: STORE, rewrite: '426 Broken' }),
  mended('the transfer is called failed after all of it has come', { command: STORE, rewrite: '451 No' }),
  mended('SIZE is told wrong once', { command: /^SIZE /, rewrite: '213 7' }),
  mended('SIZE is told 0 once', { command: /^SIZE /, nth: 2, rewrite: '213 0' }),
  mended('both connections are torn at once', { command: STORE, times: 2, before: 'RST' }),
];

// By the sixth of them the small files go ahead, on either connection: the first on each shows how the server is.
const ahead: readonly Row[] = [
  ...['EPSV', 'STOR', 'SIZE', 'RNFR', 'RNTO'].flatMap((verb) => [
    mended(`the server takes its leave before the sixth ${verb}`, { ...sixth(verb), answer: FULL, closes: true }),
    mended(`the connection is torn before the sixth ${verb}`, { ...sixth(verb), before: 'RST' }),
    mended(`the sixth ${verb} is done but the answer lost`, { ...sixth(verb), after: 'RST' }),
    mended(`nothing comes back after the sixth ${verb}`, { ...sixth(verb), after: 'silence' }),
    mended(`the sixth ${verb} is answered twice`, { ...sixth(verb), rewrite: '226 Yes\r\n226 Yes' }),
  ]),
  ...['EPSV', 'STOR', 'SIZE', 'RNFR'].map((verb) =>
    mended(`the sixth ${verb} is refused for now`, { ...sixth(verb), answer: '450 Not now' }),
  ),
  // ProFTPD has taken RNFR, and takes nothing but RNTO any more: it gets one that it has to refuse.
  mended('the sixth RNTO is refused for now', {
    ...sixth('RNTO'),
    passes: 'RNTO /no/such/folder',
    rewrite: '450 Not now',
  }),
  mended('the port of a file that is on its way already is refused', { ...sixth('EPSV'), rewrite: '425 In use' }),
  mended('ports of files on their way are refused twice', { ...sixth('EPSV'), rewrite: '425 In use', times: 2 }),
  mended('the port of a file that is on its way leads nowhere', { ...sixth('EPSV'), leadsTo: NOBODY }),
  ...['550 No right to write', '552 Over quota'].map((answer) =>
    left(`the sixth STOR is answered ${answer}`, { ...sixth('STOR'), answer, sticks: true }),
  ),
  mended('the sixth size is told wrong', { ...sixth('SIZE'), rewrite: '213 7' }),
  ...(['FIN', 'RST', 'swallow', 'silence', 'trickle'] as const).map((goes) =>
    mended(`the sixth data connection ${WORDS[goes]} behind 50 bytes`, { data: STORE, nth: 6, at: 50, goes }),
  ),
];

const data: readonly Row[] = [
  ...[0, 1, 4096, 1_000_000, 1_499_999].flatMap((at) =>
    (['FIN', 'RST', 'swallow'] as const).map((goes) =>
      mended(`a data connection ${WORDS[goes]} behind ${at} bytes`, { data: STORE, at, goes }),
    ),
  ),
  ...[4096, 1_200_000].map((at) =>
    mended(`a data connection ${WORDS['half-open']} behind ${at} bytes`, { data: STORE, at, goes: 'half-open' }),
  ),
  ...[0, 800_000].flatMap((at) =>
    (['silence', 'trickle'] as const).map((goes) =>
      mended(`a data connection ${WORDS[goes]} behind ${at} bytes`, { data: STORE, at, goes }),
    ),
  ),
  mended('a large file is torn three times', { data: STORE, at: 400_000, goes: 'RST', times: 3 }),
  mended('a data connection is refused', { command: /^(EPSV|PASV)$/, nth: 2, leadsTo: NOBODY }),
  mended('EPSV leads nowhere', { command: /^EPSV$/, leadsTo: NOBODY, times: ALWAYS }),
  mended('EPSV is not known', { command: /^EPSV$/, answer: '500 What?', times: ALWAYS }),
  mended('EPSV is of no use', { command: /^EPSV$/, answer: '522 Network protocol not supported', times: ALWAYS }),
];

const lists: readonly Row[] = [
  forgetful('the connection is torn before a listing', { command: LIST, before: 'RST' }),
  forgetful('a listing comes but the answer is lost', { command: LIST, after: 'RST' }),
  forgetful('nothing comes back after a listing', { command: LIST, after: 'silence' }),
  forgetful('the server takes its leave before a listing', { command: LIST, answer: FULL, closes: true }),
  forgetful('a listing is refused for now', { command: LIST, answer: '450 Busy' }),
  ...(['FIN', 'RST', 'silence', 'swallow'] as const).flatMap((goes) =>
    [0, 100].map((at) => forgetful(`a listing ${WORDS[goes]} behind ${at} bytes`, { data: LIST, at, goes })),
  ),
];

/**
 * When a connection breaks within a line, ProFTPD does what the first half of it says: DELE /a.old, torn behind /a, removes
 * a, and half a STOR makes an empty file. No client can help that where nothing protects the line (TLS does).
 * See half-command.spec.ts.
 */
const halfLines: Pick<Row, 'takesHalfLines'> = { takesHalfLines: 'proftpd' };

const bytes: readonly Row[] = [1, 2].flatMap((nth) =>
  [1, 20, 60, 117, 200, 333, 450, 600].flatMap((at) =>
    (['server', 'client'] as const).map((from) => ({
      ...mended(`connection ${nth} is torn behind byte ${at} of the ${from}`, { from, nth, at, goes: 'RST' }),
      ...halfLines,
    })),
  ),
);

/** The faults; a new one is a new line. */
export const rows: readonly Row[] = [
  ...login,
  ...commands,
  ...ahead,
  ...data,
  ...lists,
  ...bytes,
  mended('the server falls to one byte a second', { from: 'server', at: 400, goes: 'trickle' }),
  { ...mended('the client falls to one byte a second', { from: 'client', at: 300, goes: 'trickle' }), ...halfLines },
  mended('the server is heard no more', { from: 'server', at: 450, goes: 'silence' }),
  {
    ...mended('every byte of an answer travels alone'),
    pieces: (text) => [...text].map((byte) => Buffer.from([byte])),
  },
  {
    ...mended('every answer is split before its line end'),
    pieces: (text) => [text.subarray(0, -2), text.subarray(-2)],
  },
  { ...mended('answers come together'), joins: true },
];

/** Those that can happen: with one command at a time there are never two answers that could come together. */
export function rowsFor({ pipeline }: Pick<Manner, 'pipeline'>): readonly Row[] {
  return pipeline ? rows : rows.filter(({ joins }) => !joins);
}

function sixth(verb: string): { readonly command: RegExp; readonly nth: number } {
  return { command: beginning(verb), nth: 6 };
}

function mended(when: string, ...faults: readonly Fault[]): Row {
  return { when, faults, mends: 'ends equal' };
}

function forgetful(when: string, ...faults: readonly Fault[]): Row {
  return { when: `${when} at first contact`, faults, mends: 'ends equal', isFirstContact: true };
}

function left(when: string, ...faults: readonly CommandFault[]): Row {
  return { when, faults, mends: 'goes on without one entry' };
}

function beginning(verb: string): RegExp {
  return new RegExp(`^${verb}( |$)`);
}
