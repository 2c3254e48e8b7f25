import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { accountServer, bytesBelow } from '../support/account-server.ts';
import type { ControlLine } from '../support/control-line.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';

const SESSIONS = 4;
const ROUNDS = 25;
const OPERATIONS = 10;
const QUOTA = 200_000;

// Few names, so that the sessions meet.
const NAMES = ['a', 'b', 'c', 'one/a', 'one/b', 'two/a', 'two/b'];

describe('threat 29: what is counted', () => {
  const served = accountServer({ quotaBytes: QUOTA });

  for (const seed of [1, 2]) {
    it(`is what du says, and never above the quota, after 1000 random operations of four sessions (seed ${seed})`, async () => {
      const { home, counted } = served();
      for (const folder of ['one', 'two']) mkdirSync(join(home, folder));
      expect(await counted()).toBe(0);
      const codes = new Map<string, number>();
      const sessions = await Promise.all(
        Array.from({ length: SESSIONS }, async (_, index) => ({
          user: new RandomUser(home, seededRandom(seed * 100 + index), codes),
          line: await served().session(),
        })),
      );
      for (let round = 0; round < ROUNDS; round += 1) {
        await Promise.all(
          sessions.map(async ({ user, line }) => {
            for (let count = 0; count < OPERATIONS; count += 1) await user.doSomething(line);
          }),
        );
        const there = bytesBelow(home);
        expect(await counted()).toBe(there);
        expect(there).toBeLessThanOrEqual(QUOTA);
      }
      // All of it was met, and nothing else than what may be answered.
      for (const met of [
        'STOR 226',
        'STOR 426',
        'STOR 552',
        'STOR 450',
        'APPE 226',
        'REST 226',
        'DELE 250',
        'RNTO 250',
      ]) {
        expect(codes.get(met) ?? 0)
          .withContext(met)
          .toBeGreaterThan(0);
      }
      const known = /^((STOR|APPE|REST) (226|426|450|552)|REST 554|(DELE|RNTO) (250|450|550))$/;
      expect([...codes.keys()].filter((met) => !known.test(met))).toEqual([]);
    }, 60_000);
  }
});

/** Somebody who does one thing after the other, as chance wants it. */
class RandomUser {
  readonly #home: string;
  readonly #random: SeededRandom;
  readonly #codes: Map<string, number>;

  constructor(home: string, random: SeededRandom, codes: Map<string, number>) {
    this.#home = home;
    this.#random = random;
    this.#codes = codes;
  }

  async doSomething(line: ControlLine): Promise<void> {
    const name = this.#random.pick(NAMES);
    const what = this.#random.integer(10);
    if (what < 4) await this.#upload(line, 'STOR', name);
    else if (what < 5) await this.#upload(line, 'APPE', name);
    else if (what < 7) await this.#goOn(line, name);
    else if (what < 8) this.#note('DELE', await line.code(`DELE ${name}`));
    else await this.#rename(line, name, this.#random.pick(NAMES));
  }

  async #goOn(line: ControlLine, name: string): Promise<void> {
    const path = join(this.#home, name);
    // Another session may remove it in this very moment.
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    await line.code(`REST ${this.#random.integer(size + 1)}`);
    await this.#upload(line, 'STOR', name, 'REST');
  }

  async #upload(line: ControlLine, verb: string, name: string, told = verb): Promise<void> {
    const data = await line.dataConnection();
    const begun = await line.code(`${verb} ${name}`);
    if (begun !== 150) {
      data.destroy();
      return this.#note(told, begun);
    }
    const bytes = Buffer.alloc(this.#random.integer(60_000), name);
    switch (this.#random.integer(6)) {
      case 0:
        data.write(bytes);
        line.send('ABOR\r\n');
        this.#note(told, (await line.reply()).code);
        // The answer to ABOR itself.
        await line.reply();
        break;
      case 1:
        data.write(bytes, () => data.resetAndDestroy());
        this.#note(told, (await line.reply()).code);
        break;
      default:
        data.end(bytes);
        this.#note(told, (await line.reply()).code);
    }
    data.destroy();
  }

  async #rename(line: ControlLine, from: string, to: string): Promise<void> {
    const code = await line.code(`RNFR ${from}`);
    this.#note('RNTO', code === 350 ? await line.code(`RNTO ${to}`) : code);
  }

  #note(what: string, code: number): void {
    const met = `${what} ${code}`;
    this.#codes.set(met, (this.#codes.get(met) ?? 0) + 1);
  }
}
