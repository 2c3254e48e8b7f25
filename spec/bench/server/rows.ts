/** Something that every server has to do. */
export interface ServerRow {
  /** `STOR/large/8`: the command, what is moved, and how many clients do it at once. */
  readonly id: string;
  readonly verb: 'STOR' | 'RETR';
  readonly clients: number;
  /** For each client, one after the other. */
  readonly files: number;
  readonly bytes: number;
  /** One for all files of all rounds, or one before each file. */
  readonly login: 'once' | 'each';
  /** What we are to reach at least of the files or bytes a second of another server. */
  readonly goals: { readonly vsftpd?: number; readonly pyftpdlib?: number };
}

const MIB = 1024 ** 2;

type Work = Pick<ServerRow, 'clients' | 'files' | 'bytes'>;

// A GiB each, so that every client has work for as long as the others.
const large: readonly Work[] = [
  { clients: 1, files: 4, bytes: 256 * MIB },
  { clients: 8, files: 1, bytes: 128 * MIB },
  { clients: 32, files: 1, bytes: 32 * MIB },
];

// As many files for each number of clients, so that what they cost can be compared.
const small: readonly Work[] = [
  { clients: 1, files: 1_024, bytes: 4_096 },
  { clients: 8, files: 128, bytes: 4_096 },
  { clients: 32, files: 32, bytes: 4_096 },
];

/** All that is measured, in this order. */
export const serverRows: readonly ServerRow[] = [
  ...large.map((work) => row('STOR', 'large', work, { vsftpd: 0.8 })),
  // vsftpd leaves the whole way from file to connection to the system (sendfile), which Node cannot.
  ...large.map((work) => row('RETR', 'large', work, { vsftpd: 0.6 })),
  ...small.map((work) => row('STOR', 'small', work, goalsOfSmall(work))),
  ...small.map((work) => row('RETR', 'small', work, goalsOfSmall(work))),
  // What a login costs is how costly it is to try passwords: there is no goal.
  { ...row('RETR', 'login', { clients: 8, files: 4, bytes: 4_096 }, {}), login: 'each' },
];

function row(verb: ServerRow['verb'], size: string, work: Work, goals: ServerRow['goals']): ServerRow {
  return { id: `${verb}/${size}/${work.clients}`, verb, ...work, login: 'once', goals };
}

function goalsOfSmall({ clients }: Work): ServerRow['goals'] {
  return clients === 1 ? {} : { vsftpd: 0.5, pyftpdlib: 1 };
}
