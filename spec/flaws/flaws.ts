/** A fault that somebody could make, and the spec that has to find it. */
export interface Flaw {
  /** What the broken program does. */
  readonly does: string;
  /** The file that is broken, from `dist/lib` on. */
  readonly file: string;
  /** What stands in it exactly once, and what stands there in its stead. */
  readonly text: string;
  readonly becomes: string;
  /** The spec file that has to fail, from `dist/spec` on. */
  readonly spec: string;
  /** How the full name of the spec begins, or of the specs: with the row of the requirements or the threat. */
  readonly title: string;
}

/** The row or threat that a flaw breaks: `C4`, `threat 12`. */
export function rowOf({ title }: Flaw): string {
  return title.split(':')[0] ?? title;
}

/** One of them is enough for a program to be of no use; a new one is a new line. */
export const flaws: readonly Flaw[] = [
  {
    does: 'takes any password for the administrator’s',
    file: 'accounts/account-file.js',
    text: 'return this.#hasher.check(password, name === administrator.name ? administrator.hash : undefined);',
    becomes: 'return true;',
    spec: 'programs/ftp-admin-live.spec.js',
    title: 'S3: lets nobody in with a wrong password',
  },
  {
    does: 'gives all users one folder',
    file: 'accounts/homes.js',
    text: 'return join(this.#docs, name);',
    becomes: 'return this.#docs;',
    spec: 'programs/server-start.spec.js',
    title: 'S4: gives each user a folder of their own',
  },
  {
    does: 'goes on with the log of yesterday',
    file: 'server/day-files.js',
    text: 'this.#day = day;',
    becomes: '',
    spec: 'server/day-files.spec.js',
    title: 'S5: begin another file after midnight',
  },
  {
    does: 'calls accounts saved that are not on the disk',
    file: 'base/replace-file.js',
    text: 'await file.sync();',
    becomes: '',
    spec: 'accounts/saved-accounts.spec.js',
    title: 'S6: is on the disk, its name too',
  },
  {
    does: 'sends all of a file anew instead of going on',
    file: 'client/resume-guard.js',
    text: "'complete' : { from: there.size }",
    becomes: "'complete' : { from: 0 }",
    spec: 'programs/client-resume.spec.js',
    title: 'C3: goes on where a put was killed',
  },
  {
    does: 'fetches a file under its own name from the first byte on',
    file: 'client/part-file.js',
    text: "PART_SUFFIX = '.part'",
    becomes: "PART_SUFFIX = ''",
    spec: 'programs/client-resume.spec.js',
    title: 'C3: goes on where a get was killed',
  },
  {
    does: 'goes on with a file without comparing what is there (client)',
    file: 'client/put-file.js',
    text: "return hash?.soFar() === digits ? 'yes' : 'no';",
    becomes: "return 'yes';",
    spec: 'programs/client-resume.spec.js',
    title: 'C4: is refused when a byte of what was sent has changed',
  },
  {
    does: 'lets an upload go on as another file than it was begun as (server)',
    file: 'server/expectations.js',
    text: 'said.md5 === kept.md5 && said.size === kept.size',
    becomes: 'true',
    spec: 'conformance/site-expect.spec.js',
    title: 'C4: SITE EXPECT one that is to become another is refused',
  },
  {
    does: 'writes over a finished file with other content',
    file: 'client/resume-guard.js',
    text: 'if (force)',
    becomes: 'if (true)',
    spec: 'programs/client-resume.spec.js',
    title: 'C5: finds a finished file complete and sends nothing, and refuses one with other content',
  },
  {
    does: 'removes a folder with all that is in it without asking',
    file: 'client/commands/naming.js',
    text: 'entries.length > 0 && !asksNot && !(await questions.confirm(question))',
    becomes: 'false',
    spec: 'programs/client-names.spec.js',
    title: 'C8: rm asks before a folder goes',
  },
  {
    does: 'lets sessions of a removed user go on',
    file: 'control/actions/users.js',
    text: 'return live?.kick({ user }, reason) ?? 0;',
    becomes: 'return 0;',
    spec: 'programs/ftp-admin-live.spec.js',
    title: 'A3: removing a user ends open sessions',
  },
  {
    does: 'holds a changed quota only against those who log in later',
    file: 'server/commands/access.js',
    text: 'return now.quotaBytes;',
    becomes: 'return account.quotaBytes;',
    spec: 'programs/ftp-admin-live.spec.js',
    title: 'A5: a quota below what is used refuses the next upload in an open session',
  },
  {
    does: 'writes more than the quota has room for',
    file: 'server/quota/space.js',
    text: 'Math.min(bytes, left)',
    becomes: 'bytes',
    spec: 'programs/server-quota.spec.js',
    title: 'B4: answers 552 to an upload of 2 MiB',
  },
  {
    does: 'calls whatever address a client names',
    file: 'server/data-channel.js',
    text: '!isUnspecified(target.address) && !isSameAddress(target.address, remoteAddress)',
    becomes: 'false',
    spec: 'programs/server-attacks-on-data.spec.js',
    title: 'threat 1: calls nobody but its client',
  },
  {
    does: 'takes a data connection from anybody',
    file: 'server/passive-door.js',
    text: 'if (remoteAddress === this.#options.remoteAddress)',
    becomes: 'if (true)',
    spec: 'programs/server-attacks-on-data.spec.js',
    title: 'threat 2: takes data from its client only',
  },
  {
    does: 'goes by what was said in plain text before TLS began',
    file: 'server/commands/security.js',
    text: 'Object.assign(state, freshState(state.facts));',
    becomes: '',
    spec: 'conformance/attacks-on-tls.spec.js',
    title: 'threat 5: what was said before is forgotten',
  },
  {
    does: 'takes a data connection with a TLS session of another client',
    file: 'server/secure-data.js',
    text: '!tls?.requireSessionReuse || socket.isSessionReused()',
    becomes: 'true',
    spec: 'conformance/attacks-on-tls.spec.js',
    title: 'threat 8: refuses one of the session of another client',
  },
  {
    does: 'follows links out of a user’s folder',
    file: 'server/user-root.js',
    text: 'if (real === this.path || real.startsWith(this.#prefix))',
    becomes: 'if (true)',
    spec: 'conformance/security.spec.js',
    title: 'threat 11:',
  },
  {
    does: 'does not hold a folder between the look and the deed',
    file: 'server/user-root.js',
    text: 'this.real = real;\n        this.path = path;',
    becomes: 'this.real = real;\n        this.path = real;',
    spec: 'programs/server-swapped-folders.spec.js',
    title: 'threat 12:',
  },
  {
    does: 'writes what a client sends to the log as it comes',
    file: 'server/session-log.js',
    text: 'showText(text, LONGEST)',
    becomes: 'text',
    spec: 'programs/server-log.spec.js',
    title: 'threat 16:',
  },
  {
    does: 'hashes no password for a name that is unknown',
    file: 'accounts/password.js',
    text: 'const expected = stored === undefined ? this.#dummy : parseHash(stored);',
    becomes: 'if (stored === undefined) return false; const expected = parseHash(stored);',
    spec: 'programs/server-attacks.spec.js',
    title: 'threat 21:',
  },
  {
    does: 'sets nothing aside from the quota before it writes',
    file: 'server/quota/space.js',
    text: 'this.resize(occupied, occupied.bytes + granted);',
    becomes: '',
    spec: 'programs/server-quota.spec.js',
    title: 'threat 28:',
  },
  {
    does: 'does not count that a file was removed',
    file: 'server/user-folder.js',
    text: 'await unlink(place.path);\n            this.#space.lost(file);',
    becomes: 'await unlink(place.path);',
    spec: 'server/quota.spec.js',
    title: 'threat 29: counts what is there',
  },
  {
    does: 'lets two write one file at once',
    file: 'server/quota/file-locks.js',
    text: 'this.#all.set(key, this);',
    becomes: '',
    spec: 'server/write-locks.spec.js',
    title: 'threat 33: a file that is being written that is new is refused',
  },
  {
    does: 'sets setuid and setgid bits by CHMOD',
    file: 'server/commands/mode-facts.js',
    text: 'mode <= 0o777',
    becomes: 'mode <= 0o7777',
    spec: 'conformance/site.spec.js',
    title: 'threat 38: ',
  },
  {
    does: 'writes passwords to the log',
    file: 'server/running.js',
    text: "verb === 'PASS' || verb === 'ACCT'",
    becomes: 'false',
    spec: 'programs/server-log.spec.js',
    title: 'threat 41:',
  },
  {
    does: 'believes names of a server that lead to other folders (client)',
    file: 'ftp/listing.js',
    text: "if (name === '' || /[/\\0\\r]/.test(name))",
    becomes: 'if (false)',
    spec: 'programs/client-hostile-server.spec.js',
    title: 'threat 44: a hostile server removes nothing elsewhere by names',
  },
];
