import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlLine } from '../support/control-line.ts';
import { servedFolder } from '../support/ftp-server.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import { type ModelTransfer, SessionModel } from '../support/session-model.ts';

// Few names, written in many ways, so that they meet.
const NAMES = [
  ...[
    'a',
    'b',
    'd',
    'd/a',
    'd/e',
    'd/e/f',
    ' a',
    'x y',
    '-l',
    '*',
    '../a',
    '/d/a',
    'd/../b',
    'd/',
    'd/e/',
    '//d//e',
    'a/',
  ],
  ...['.', '..', '/', './a', '/a', 'b/x', 'a/../d/./e'],
];
const CONTENTS = ['', 'x', 'one\r\n', 'a\r\nb\n\r', 'some more text'];
const STEPS = 400;

interface Scene {
  readonly line: ControlLine;
  readonly model: SessionModel;
  readonly random: SeededRandom;
  /** A name. */
  readonly name: () => string;
}

/** What was done, and what came and should have come of it. */
type Outcome = readonly [done: string, came: unknown, expected: unknown];

type Deed = (scene: Scene) => Promise<Outcome>;

const deeds: readonly Deed[] = [
  simple('CWD', (model, name) => model.enter(name)),
  simple('MKD', (model, name) => model.make(name)),
  simple('MKD', (model, name) => model.make(name)),
  simple('RMD', (model, name) => model.removeFolder(name)),
  simple('DELE', (model, name) => model.removeFile(name)),
  simple('RMDA', (model, name) => model.removeAll(name)),
  async ({ line, model }) => ['CDUP', await line.code('CDUP'), model.enter('..')],
  async ({ line, model }) => ['PWD', (await line.ask('PWD')).lines, [`"${model.cwd}" is the current folder`]],
  async ({ line, model, name }) => {
    const asked = name();
    const { code, lines } = await line.ask(`SIZE ${asked}`);
    return [`SIZE ${asked}`, code === 213 ? `213 ${lines[0]}` : `${code}`, model.size(asked)];
  },
  async ({ line, model, name }) => {
    const [from, to] = [name(), name()];
    const came = [await line.code(`RNFR ${from}`), await line.code(`RNTO ${to}`)];
    return [`RNFR ${from}, RNTO ${to}`, came, model.rename(from, to)];
  },
  async ({ line, model, random }) => {
    model.type = random.pick(['I', 'I', 'A']);
    return [`TYPE ${model.type}`, await line.code(`TYPE ${model.type}`), 200];
  },
  async ({ line, model, random }) => {
    const offset = random.pick([0, 1, 5, 9, 50]);
    return [`REST ${offset}`, await line.code(`REST ${offset}`), model.restart(offset)];
  },
  async ({ line, model, random }) => {
    const first = random.integer(6);
    const last = first + random.integer(6);
    return [`RANG ${first} ${last}`, await line.code(`RANG ${first} ${last}`), model.range(first, last)];
  },
  upload,
  upload,
  upload,
  async ({ line, model, name }) => {
    const asked = name();
    return [`RETR ${asked}`, await download(line, `RETR ${asked}`), model.fetch(asked)];
  },
  async ({ line, model, random }) => {
    // What begins with a dash is an option to NLST, and a star may be a pattern.
    const asked = random.pick(['', ...NAMES.filter((one) => !/^[-*]/.test(one))]);
    const { code, content } = await download(line, asked === '' ? 'NLST' : `NLST ${asked}`);
    const names = content?.split('\r\n').slice(0, -1).sort().join('\n');
    return [`NLST ${asked}`, names === undefined ? { code } : { code, content: names }, model.list(asked)];
  },
];

describe('A session of random commands', () => {
  const served = servedFolder();

  for (const seed of [1, 2, 3, 4]) {
    it(`does to its files what a model of it does, and tells so (seed ${seed})`, async () => {
      const random = seededRandom(seed);
      const model = new SessionModel();
      const scene = { line: await served().session(), model, random, name: () => random.pick(NAMES) };
      const done: string[] = [];
      for (let step = 0; step < STEPS; step += 1) {
        const [what, came, expected] = await random.pick(deeds)(scene);
        done.push(what);
        expect(came).withContext(done.slice(-8).join(', ')).toEqual(expected);
      }
      expect(new Map(entriesIn(served().home, ''))).toEqual(
        new Map([...model.entries].filter(([path]) => path !== '/')),
      );
    });
  }
});

/** A command with a name, of which the code of the reply tells all. */
function simple(verb: string, expected: (model: SessionModel, name: string) => number): Deed {
  return async ({ line, model, name }) => {
    const asked = name();
    return [`${verb} ${asked}`, await line.code(`${verb} ${asked}`), expected(model, asked)];
  };
}

async function upload({ line, model, name, random }: Scene): Promise<Outcome> {
  const asked = name();
  const verb = random.pick(['STOR', 'STOR', 'APPE']);
  const content = random.pick(CONTENTS).slice(0, model.mostBytes);
  const data = await line.dataConnection();
  const begun = await line.code(`${verb} ${asked}`);
  data.end(content);
  const came = begun === 150 ? (await line.reply()).code : begun;
  return [`${verb} ${asked} (${JSON.stringify(content)})`, came, model.store(asked, content, verb === 'APPE')];
}

async function download(line: ControlLine, command: string): Promise<ModelTransfer> {
  const data = await line.dataConnection();
  const code = await line.code(command);
  if (code !== 150) {
    data.destroy();
    return { code };
  }
  const chunks: Buffer[] = [];
  for await (const chunk of data) chunks.push(chunk);
  return { code: (await line.reply()).code, content: Buffer.concat(chunks).toString() };
}

/** What lies in a folder, as the model has it. */
function entriesIn(folder: string, before: string): readonly (readonly [string, string | undefined])[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const here = `${before}/${name}`;
    return statSync(path).isDirectory()
      ? [[here, undefined] as const, ...entriesIn(path, here)]
      : [[here, readFileSync(path, 'utf8')] as const];
  });
}
