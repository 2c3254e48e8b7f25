import { dirname, join, relative, resolve } from 'node:path';
import { type CommandLine, readCommandLine, settleOptions } from '../base/command-line.ts';
import { type Environment, readEnvironment } from '../base/environment-options.ts';
import { type Fault, fault } from '../base/fault.ts';
import { readGeneral } from '../base/general-options.ts';
import { didYouMean } from '../base/nearest.ts';
import { isSameAddress } from '../base/plain-address.ts';
import type { ParameterResult } from '../base/program.ts';
import type { PeerAddress } from './link/peer-address.ts';
import { parseAddresses } from './parse-addresses.ts';
import { type ShareCommand, shareCommands, shareHelp } from './share-help.ts';
import { DEFAULT_PORT, ENVIRONMENT_PREFIX, type ShareValues, shareOptions } from './share-options.ts';

/** What share is told, checked. */
export interface ShareParameters {
  readonly command: ShareCommand;
  readonly order: ShareOrder;
  readonly peers: readonly PeerAddress[];
  /** Absolute. */
  readonly shareFolder: string;
  /** Absolute. */
  readonly stateFolder: string;
  readonly values: ShareValues;
}

/** What the words behind a command say. */
export interface ShareOrder {
  /** Which of the files that were in conflict is to stay: its path in the share, or in the working folder. */
  readonly keep?: readonly string[];
  /** What of the trash is to be put back. */
  readonly restore?: string;
  /** Where another device is to be trusted. */
  readonly trust?: PeerAddress;
}

/** Where the program runs. */
export interface ShareSurroundings {
  readonly environment: Environment;
  /** The working folder, absolute: relative paths begin there. */
  readonly cwd: string;
  /** Width of the terminal in characters. */
  readonly columns: number;
}

/**
 * Read and check everything share is told. All faults are told at once.
 *
 * @param words the arguments without node and script
 */
export function readShareParameters(
  words: readonly string[],
  { environment, cwd, columns }: ShareSurroundings,
): ParameterResult<ShareParameters> {
  const line = readCommandLine(shareOptions, words);
  const general = readGeneral(line, () => shareHelp(columns));
  if (general !== undefined) return general;
  const variables = readEnvironment(shareOptions, environment, ENVIRONMENT_PREFIX);
  const given = { arguments: line.given, environment: variables.given };
  const { values, faults } = settleOptions(shareOptions, given);
  const named = readCommand(line);
  const wrong = [...line.faults, ...named.faults, ...variables.faults, ...faults];
  // Whoever mistyped something else may not have wanted to run it.
  const all = wrong.length === 0 && named.command === 'run' && values.ip === undefined ? [NO_PEERS] : wrong;
  if (all.length > 0) return { kind: 'faults', faults: all };
  const shareFolder = resolve(cwd, values.share);
  const stateFolder = values.state === undefined ? join(dirname(shareFolder), '.left') : resolve(cwd, values.state);
  const peers = distinct((values.ip ?? []).map(({ address, port = DEFAULT_PORT }) => ({ address, port })));
  const { command, order } = named;
  const found = order.keep === undefined ? order : { ...order, keep: order.keep.flatMap(bothNames(cwd, shareFolder)) };
  return { kind: 'parameters', parameters: { command, order: found, peers, shareFolder, stateFolder, values } };
}

/** One that is given twice would count as two machines, and a copy of a file there as two copies. */
function distinct(peers: readonly PeerAddress[]): readonly PeerAddress[] {
  const isSame = (one: PeerAddress, other: PeerAddress) =>
    one.port === other.port && isSameAddress(one.address, other.address);
  return peers.filter((peer, index) => peers.findIndex((other) => isSame(peer, other)) === index);
}

const NO_PEERS = fault('--ip', 'must be given: the addresses of the other machines, such as 192.168.1.7,192.168.1.8');

/** A path in the share, and the one that it is for a shell, which completes `share/notes.txt`. */
function bothNames(cwd: string, shareFolder: string): (name: string) => readonly string[] {
  return (name) => {
    const inShare = relative(shareFolder, resolve(cwd, name));
    return inShare === '' || inShare === '..' || inShare.startsWith('../') ? [name] : [name, inShare];
  };
}

interface NamedCommand {
  readonly command: ShareCommand;
  readonly order: ShareOrder;
  readonly faults: readonly Fault[];
}

function readCommand({ positionals, certain }: CommandLine): NamedCommand {
  // Behind an unknown option the words may be shifted: that option is fault enough.
  const [word = 'run', ...words] = certain ? positionals : [];
  const command = shareCommands.find((known) => known === word);
  if (command === undefined) {
    const rule = `must be ${shareCommands.join(', ')} or nothing${didYouMean(word, shareCommands)}`;
    return { command: 'run', order: {}, faults: [fault('command', rule, word)] };
  }
  return { command, ...readOrder(command, words) };
}

function readOrder(command: ShareCommand, words: readonly string[]): Omit<NamedCommand, 'command'> {
  switch (command) {
    case 'trust':
      return readTrust(words);
    case 'trash':
      return readName(command, words, {
        word: 'restore',
        what: 'what is to be put back',
        order: (restore) => ({ restore }),
      });
    case 'conflicts':
      return readName(command, words, {
        word: 'keep',
        what: 'the file that is to stay',
        order: (keep) => ({ keep: [keep] }),
      });
    case 'run':
    case 'status':
      return { order: {}, faults: words.map((more) => tooMuch(command, more)) };
  }
}

/** Nothing behind a command, or one word and a name. */
function readName(
  command: ShareCommand,
  [first, name, ...rest]: readonly string[],
  { word, what, order }: { word: string; what: string; order: (name: string) => ShareOrder },
): Omit<NamedCommand, 'command'> {
  if (first === undefined) return { order: {}, faults: [] };
  if (first !== word)
    return { order: {}, faults: [fault(command, `takes ${word} and a name behind it, or nothing`, first)] };
  if (name === undefined) return { order: {}, faults: [fault(`${command} ${word}`, `takes the name of ${what}`)] };
  return { order: order(name), faults: rest.map((more) => tooMuch(`${command} ${word} and a name`, more)) };
}

function readTrust([first, ...rest]: readonly string[]): Omit<NamedCommand, 'command'> {
  const [given, ...others] = (first === undefined ? undefined : parseAddresses(first)) ?? [];
  if (given === undefined || others.length > 0) {
    const rule = 'takes one address, such as 192.168.1.7 or 192.168.1.7:21701';
    return { order: {}, faults: [fault('trust', rule, first)] };
  }
  const { address, port = DEFAULT_PORT } = given;
  return { order: { trust: { address, port } }, faults: rest.map((more) => tooMuch('trust and an address', more)) };
}

function tooMuch(command: string, word: string): Fault {
  return fault('command', `takes nothing behind ${command}`, word);
}
