import { sizeIn } from './check-sent.ts';
import { sendContent } from './data-ahead.ts';
import { type Dialogue, PortRefused } from './dialogue.ts';
import { done, type Reply } from './far-reply.ts';
import type { Parcel } from './parcel.ts';
import { portIn } from './passive-mode.ts';
import { type TimeWay, timeCommand } from './set-time.ts';
import type { PassiveCommand } from './transfer-jobs.ts';

// On a line that is slower a small file may be taken for stuck.
const SLOWEST_BYTES_PER_MS = 4;

/** What a {@link Pipeline} works with. */
export interface PipelineSurroundings {
  readonly dialogue: Dialogue;
  /** How data connections are asked for. */
  readonly passive: PassiveCommand;
  readonly timeWay: TimeWay;
  /** Is a file announced only when there is a port for it? That costs one round trip a file. */
  readonly waitsForPort: boolean;
  /** Told of each file that has arrived whole and has its name. */
  readonly onNamed: (parcel: Parcel) => void;
  /** Told of each file for which the server refused a step, whatever it has of it by now. */
  readonly onRefused: (parcel: Parcel) => void;
}

/**
 * Sends one small file after the other in three round trips each: the size and the time of the one before, and the name of
 * the one before that, travel with the announcement of the next.
 *
 * So nothing gets its name before its size was compared, and never is anything sent between STOR and its 226, which breaks
 * some servers. See docs/decisions/0039-files-sent-ahead.md.
 */
export class Pipeline {
  readonly #surroundings: PipelineSurroundings;
  /** It is there, and not looked at. */
  #arrived: Parcel | undefined;
  /** All of it is there. */
  #checked: Parcel | undefined;

  constructor(surroundings: PipelineSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Send a file, and go on with those before. @throws TransferError when the connection is of no use any more */
  async send(parcel: Parcel): Promise<void> {
    const { dialogue, passive, waitsForPort } = this.#surroundings;
    const { shipment, content } = parcel;
    const store = [`STOR ${shipment.temporary}`];
    const extraMs = content.length / SLOWEST_BYTES_PER_MS;
    const earlier = this.#takeEarlier();
    dialogue.send([...earlier.commands, passive, ...(waitsForPort ? [] : store)], extraMs);
    await earlier.read();
    const opened = await dialogue.answer(passive);
    if (!done(opened)) {
      if (!waitsForPort) throw new PortRefused(opened);
      this.#surroundings.onRefused(parcel);
      return;
    }
    const sending = sendContent(portIn(opened, passive), content, dialogue.data);
    if (waitsForPort) dialogue.send(store, extraMs);
    try {
      const stored = await dialogue.answer('STOR', () => shipment.reaches('content'));
      if (done(stored)) this.#arrived = parcel;
      else this.#surroundings.onRefused(parcel);
    } finally {
      sending.destroy();
    }
  }

  /** Finish those that were sent. @throws TransferError when the connection is of no use any more */
  async finish(): Promise<void> {
    while (this.#arrived || this.#checked) {
      const { commands, read } = this.#takeEarlier();
      this.#surroundings.dialogue.send(commands);
      await read();
    }
  }

  /** The next steps of those on the way, and how to read the answers. */
  #takeEarlier(): { readonly commands: readonly string[]; readonly read: () => Promise<void> } {
    const named = this.#checked;
    const checked = this.#arrived;
    this.#checked = undefined;
    this.#arrived = undefined;
    return {
      commands: [...(named ? naming(named) : []), ...(checked ? this.#checking(checked) : [])],
      read: async () => {
        if (named) await this.#readNaming(named);
        if (checked) await this.#readChecking(checked);
      },
    };
  }

  #checking({ shipment, version }: Parcel): readonly string[] {
    const { timeWay } = this.#surroundings;
    const { temporary } = shipment;
    return [`SIZE ${temporary}`, ...(timeWay === 'none' ? [] : [timeCommand(timeWay, temporary, version.mtimeMs)])];
  }

  async #readNaming(parcel: Parcel): Promise<void> {
    const { dialogue, onNamed, onRefused } = this.#surroundings;
    const from = await dialogue.answer('RNFR');
    // What has the name is not ours then, even where RNTO is done: Pure-FTPd renames the file of an earlier RNFR.
    if (from.code !== 350) parcel.shipment.reaches('content');
    const to = await dialogue.answer('RNTO');
    if (from.code !== 350 || !done(to)) {
      parcel.shipment.reaches('content');
      onRefused(parcel);
      return;
    }
    parcel.shipment.forget();
    onNamed(parcel);
  }

  async #readChecking(parcel: Parcel): Promise<void> {
    const { dialogue, timeWay, onRefused } = this.#surroundings;
    const size: Reply = await dialogue.answer('SIZE');
    if (timeWay !== 'none') await dialogue.answer('time');
    if (sizeIn(size) === parcel.version.size) this.#checked = parcel;
    else onRefused(parcel);
  }
}

function naming({ shipment }: Parcel): readonly string[] {
  shipment.reaches('rename');
  return [`RNFR ${shipment.temporary}`, `RNTO ${shipment.final}`];
}
