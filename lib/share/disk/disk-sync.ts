import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';

// One call for the whole file system takes about as long as that many for files.
const WORTH_ONE_CALL = 8;

// More at once wait for the same threads.
const AT_ONCE = 4;

/** Brings files onto the disk, so that a power failure leaves them whole. */
export class DiskSync {
  readonly #folder: string;
  #hasCommand: boolean;

  /** @param folder on the disk of the files */
  constructor(folder: string, platform: NodeJS.Platform = process.platform) {
    this.#folder = folder;
    // The command with this option is that of GNU, on the system that has such a call (syncfs(2)).
    this.#hasCommand = platform === 'linux';
  }

  /** @throws an error of the system: then it is not known which of them are on the disk */
  async bring(files: readonly string[]): Promise<void> {
    if (files.length >= WORTH_ONE_CALL && this.#hasCommand && (await this.#syncAll())) return;
    const rest = [...files];
    const work = async () => {
      for (let file = rest.pop(); file !== undefined; file = rest.pop()) await syncFile(file);
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, files.length) }, work));
  }

  /** @returns `false` where that cannot be done, or went wrong: the files then say more */
  #syncAll(): Promise<boolean> {
    return new Promise((resolve) => {
      const child = spawn('sync', ['--file-system', this.#folder], { stdio: 'ignore' });
      const settle = (isDone: boolean) => {
        this.#hasCommand = isDone;
        resolve(isDone);
      };
      child.once('error', () => settle(false));
      child.once('close', (status) => settle(status === 0));
    });
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
