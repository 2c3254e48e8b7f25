import { readFile } from 'node:fs/promises';
import { codeOf, messageOf } from '../../base/coded-error.ts';
import { readProblem } from '../../base/read-problem.ts';
import { replaceFile } from '../../base/replace-file.ts';
import { Turns } from '../../base/turns.ts';
import { LinkError } from './link-error.ts';
import { type PeerAddress, showAddress } from './peer-address.ts';

const FORMAT = 1;
const DEVICE = /^[0-9a-f]{64}$/;

/** Device id by address, as {@link showAddress} writes it. */
export type PinnedDevices = ReadonlyMap<string, string>;

/** What became of an order to forget a device. */
export type Forgotten = {
  /** Was one known at the address? */
  readonly wasKnown: boolean;
  /** The other addresses at the same IP address at which one is known; they stay so. */
  readonly others: readonly string[];
};

/**
 * Which device was met at which address, in a file.
 *
 * The file is read each time: it may be changed by another process, when the user trusts a new device.
 */
export class Pins {
  readonly #file: string;
  readonly #turns = new Turns();

  constructor(file: string) {
    this.#file = file;
  }

  /** @throws LinkError E_PEERS_FILE when it cannot be read: nobody is trusted then, as a lost pin is one that was removed */
  async read(): Promise<PinnedDevices> {
    let text: string;
    try {
      text = await readFile(this.#file, 'utf8');
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return new Map();
      throw new LinkError('E_PEERS_FILE', `Cannot read ${this.#file}: ${readProblem(cause)}`, { cause });
    }
    const devices = devicesIn(text);
    if (devices !== undefined) return devices;
    const advice = 'mend it, or remove it and compare the device ids that are shown when the peers meet again';
    throw new LinkError('E_PEERS_FILE', `${this.#file} cannot be understood: ${advice}`);
  }

  /**
   * From now on it is this device at this address, unless one was met there before.
   *
   * @returns the device that it is, and whether that is news
   * @throws LinkError E_PEERS_FILE
   */
  pin(at: PeerAddress, device: string): Promise<{ readonly device: string; readonly isNew: boolean }> {
    return this.#turns.take(async () => {
      const devices = await this.read();
      const known = devices.get(showAddress(at));
      if (known !== undefined) return { device: known, isNew: false };
      await this.#write(new Map([...devices, [showAddress(at), device]]));
      return { device, isNew: true };
    });
  }

  /**
   * Trust whichever device is met next at an address.
   *
   * @throws LinkError E_PEERS_FILE
   */
  forget(at: PeerAddress): Promise<Forgotten> {
    return this.#turns.take(async () => {
      const devices = new Map(await this.read());
      const wasKnown = devices.delete(showAddress(at));
      if (wasKnown) await this.#write(devices);
      const anyPort = showAddress(at).replace(/\d+$/, '');
      return { wasKnown, others: [...devices.keys()].filter((address) => address.startsWith(anyPort)) };
    });
  }

  async #write(devices: PinnedDevices): Promise<void> {
    const peers = Object.fromEntries([...devices].sort(([a], [b]) => (a < b ? -1 : 1)));
    try {
      await replaceFile(this.#file, `${JSON.stringify({ format: FORMAT, peers }, null, 2)}\n`);
    } catch (cause) {
      // It is written; a power failure may take it away, and then the same device is met anew.
      if (codeOf(cause) === 'E_UNSYNCED') return;
      const message = `Cannot write ${this.#file}: ${codeOf(cause) ?? messageOf(cause)}`;
      throw new LinkError('E_PEERS_FILE', message, { cause });
    }
  }
}

/** `undefined` for a text that does not hold any. */
function devicesIn(text: string): PinnedDevices | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value['format'] !== FORMAT || !isObject(value['peers'])) return undefined;
  const devices = new Map<string, string>();
  for (const [address, device] of Object.entries(value['peers'])) {
    if (typeof device !== 'string' || !DEVICE.test(device)) return undefined;
    devices.set(address, device);
  }
  return devices;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
