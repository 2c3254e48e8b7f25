/** Which of the times that it could happen: the `nth` (1 unless told), and as often in a row as `times` says (once). */
interface Occasion {
  readonly nth?: number;
  readonly times?: number;
  /** Does it happen again whenever the same line comes again? */
  readonly sticks?: true;
}

/**
 * How a connection ends: in order (FIN), torn (RST), or not at all: it stays open, and nothing moves on it any more.
 *
 * The last one is what is left when a router on the way forgets a connection, or the machine at its end loses power.
 */
export type Ending = 'FIN' | 'RST' | 'silence';

/** Something goes wrong with a command; `command` is held against the whole line, and against `greeting` at the begin. */
export type CommandFault = Occasion & { readonly command: RegExp } & (
    | { readonly before: Ending; readonly shutsForMs?: number }
    | { readonly after: Ending }
    | Answer
    | { readonly rewrite: string; readonly closes?: true; readonly passes?: string }
    | { readonly leadsTo: number }
    | { readonly meanwhile: () => void }
  );

/** The proxy answers, and the server never hears of the command. */
export interface Answer {
  readonly answer: string;
  readonly closes?: true;
}

/** Something goes wrong with a data connection; `data` is held against the line of the command it serves. */
export type DataFault = Occasion & {
  readonly data: RegExp;
  /** Behind so many bytes of content. */
  readonly at: number;
  /**
   * `swallow`: the sender gets rid of all, the receiver gets what came before and an orderly end. `trickle`: the rest
   * comes at one byte a second. `half-open`: it is torn for the client, and neither of this nor of the end of any other
   * connection does the server hear from now on, as when the client's address has changed.
   */
  readonly goes: Ending | 'swallow' | 'trickle' | 'half-open';
};

/** Something goes wrong with a control connection, behind so many bytes of what one side has said on it. */
export type ByteFault = Occasion & {
  readonly from: 'client' | 'server';
  readonly at: number;
  /** Is the line lost in which that byte is, from its begin? */
  readonly wholeLines?: true;
  readonly goes: Ending | 'trickle';
};

/**
 * One thing that goes wrong between a client and a server.
 *
 * `before` ends the control connection instead of passing the command on, and may refuse others for a while; `after` passes it on, and ends the connection
 * instead of passing the answer back; `rewrite` puts another answer in place of the server's, which may get another command
 * (`passes`); `leadsTo` sends the client
 * to another port than the one that the answer to EPSV or PASV names; `meanwhile` is done before the command is passed on.
 */
export type Fault = CommandFault | DataFault | ByteFault;

/** A fault that waits for its occasion, and counts. */
export class ArmedFault<Kind extends Fault = Fault> {
  readonly fault: Kind;
  #seen = 0;
  #happened = 0;
  readonly #hit = new Set<string>();

  constructor(fault: Kind) {
    this.fault = fault;
  }

  /** How often it has really happened. */
  get happened(): number {
    return this.#happened;
  }

  /** The occasion is there once more: is it one of those? Then it counts as happened, unless it is only one that sticks. */
  isDue(line = ''): boolean {
    const { nth = 1, times = 1, sticks } = this.fault;
    if (sticks && this.#hit.has(line)) return true;
    this.#seen += 1;
    if (this.#seen < nth || this.#seen >= nth + times) return false;
    this.#happened += 1;
    this.#hit.add(line);
    return true;
  }
}

/** All faults that are armed, by what they happen to. */
export class ArmedFaults {
  /** Are the server's ends of connections left open when the client's are closed? */
  leavesOpen = false;
  readonly all: readonly ArmedFault[];

  constructor(faults: readonly Fault[]) {
    this.all = faults.map((fault) => new ArmedFault(fault));
  }

  /** The fault that happens to this command now, if any. */
  ofCommand(line: string): CommandFault | undefined {
    const fitting = this.all.find(({ fault }) => 'command' in fault && fault.command.test(line));
    return fitting?.isDue(line) ? (fitting.fault as CommandFault) : undefined;
  }

  /** The faults that may happen to the data connection of this command. */
  ofData(line: string): readonly ArmedFault<DataFault>[] {
    return this.all.filter(isOfData).filter(({ fault }) => fault.data.test(line));
  }

  /** The faults that may happen to what one side says. */
  ofBytes(from: 'client' | 'server'): readonly ArmedFault<ByteFault>[] {
    return this.all.filter(isOfBytes).filter(({ fault }) => fault.from === from);
  }
}

function isOfData(armed: ArmedFault): armed is ArmedFault<DataFault> {
  return 'data' in armed.fault;
}

function isOfBytes(armed: ArmedFault): armed is ArmedFault<ByteFault> {
  return 'from' in armed.fault;
}
