import { Client, FTPContext } from 'basic-ftp';

// A reply line longer than this is no reply; basic-ftp bounds whole replies at the same size.
const LONGEST_LINE = 2 ** 16;

/**
 * basic-ftp's context, fed with whole lines only.
 *
 * The library takes a single-line reply as complete as soon as it looks like one: split by TCP inside its code it is lost,
 * split inside its text it is cut short (`229 ... (|||53` and `249|)`). Seen in 6.2.3.
 */
class LineSafeContext extends FTPContext {
  // Declared, not initialised: the library's constructor sets the socket before fields of this class would exist.
  declare private unfinished: string;

  override get socket(): FTPContext['socket'] {
    return super.socket;
  }

  /** Nothing of what came over one socket may be read as coming over the next: after AUTH TLS that would be an injection. */
  override set socket(socket: FTPContext['socket']) {
    this.unfinished = '';
    super.socket = socket;
  }

  protected override _onControlSocketData(chunk: string): void {
    const text = this.unfinished + chunk;
    const end = text.lastIndexOf('\n') + 1;
    this.unfinished = text.slice(end);
    if (this.unfinished.length > LONGEST_LINE) {
      this.unfinished = '';
      this.closeWithError(new Error('The server sent a reply line without an end'));
    } else if (end > 0) {
      super._onControlSocketData(text.slice(0, end));
    }
  }
}

/** basic-ftp's client on whole lines, which remembers what FEAT told. */
export class LineSafeClient extends Client {
  override readonly ftp: FTPContext;
  #features: ReadonlyMap<string, string> = new Map();

  constructor(timeoutMs: number) {
    super(timeoutMs);
    this.ftp = new LineSafeContext(timeoutMs);
  }

  /** The answer to FEAT of this connection, keys in upper case; asked by the library itself after each login. */
  get known(): ReadonlyMap<string, string> {
    return this.#features;
  }

  override async features(): Promise<Map<string, string>> {
    const features = await super.features();
    this.#features = new Map([...features].map(([key, value]) => [key.toUpperCase(), value]));
    return features;
  }
}
