import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contestant, PeerPlace } from './contestant.ts';
import { missingProgram } from './missing-program.ts';

/** What is set otherwise than Syncthing comes: names of its configuration. */
export interface SyncthingSettings {
  /** Attributes and elements of the folder. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly elements: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
  readonly compression: 'metadata' | 'always' | 'never';
  readonly mostRounds: number;
}

/** As it comes: changes are looked at after 10 s, every file is synced (fsync), and it runs with low priority. */
export const syncthingDefaults: SyncthingSettings = {
  ...{ attributes: {}, elements: {}, options: {}, compression: 'metadata' },
  // Most of its time is its delay, which does not vary.
  mostRounds: 2,
};

/** As quick as its settings make it on a line that is faster than any compressor. */
export const syncthingTuned: SyncthingSettings = {
  // The least that this version takes: whole seconds.
  attributes: { fsWatcherDelayS: '1' },
  elements: { disableFsync: 'true', hashers: '2', caseSensitiveFS: 'true', copyRangeMethod: 'all' },
  options: { setLowPriority: 'false', progressUpdateIntervalS: '-1' },
  compression: 'never',
  mostRounds: Number.POSITIVE_INFINITY,
};

/** Syncthing, which always encrypts; nobody but its peers hears of it. */
export function syncthing(settings: SyncthingSettings): Contestant {
  return {
    isTold: false,
    mostRounds: settings.mostRounds,
    missing: () => missingProgram('syncthing', 'apt-get install syncthing'),
    prepare(peers) {
      for (const { state, share } of peers) {
        generate(state);
        // It takes a folder without this for one that is not there.
        mkdirSync(join(share, '.stfolder'));
      }
      const known = peers.map((peer) => ({ ...peer, id: idOf(peer) }));
      for (const peer of known) {
        const file = join(peer.state, 'config.xml');
        writeFileSync(file, configured(readFileSync(file, 'utf8'), { peer, peers: known }, settings));
      }
    },
    command({ state }) {
      return { words: ['syncthing', 'serve', '--home', state, '--no-browser'], env: environment(state) };
    },
  };
}

/** A peer and its name among Syncthing's. */
export interface KnownPeer extends PeerPlace {
  readonly id: string;
}

/**
 * The configuration that Syncthing has made for a peer, with the folder, its peers and what is set otherwise: all else stays as it
 * comes. What is left out would not be as it comes, but 0.
 */
export function configured(
  text: string,
  { peer, peers }: { readonly peer: PeerPlace; readonly peers: readonly KnownPeer[] },
  { attributes, elements, options, compression }: SyncthingSettings,
): string {
  const [folder] = /<folder id="".*?<\/folder>/s.exec(text) ?? [];
  if (folder === undefined) throw new Error('its configuration has no folder to begin with');
  const members = peers.map(({ id }) => `<device id="${id}"></device>`);
  const named = { id: 'share', label: 'share', path: peer.share, ...attributes };
  const own = [
    withElements(withAttributes(folder, named), elements).replace('<filesystemType>', `${members.join('')}$&`),
  ];
  const devices = peers.map(
    ({ id, address }) =>
      `<device id="${id}" compression="${compression}"><address>tcp://${address}:${PORT}</address></device>`,
  );
  return withElements(text, { ...alone(peer), ...options })
    .replace('<gui enabled="true"', '<gui enabled="false"')
    .replace(/<device id="[^"]+".*?<\/device>/s, [...own, ...devices].join('\n'));
}

const PORT = 22_000;

function withAttributes(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce(
    (result, [name, value]) => replaced(result, new RegExp(` ${name}="[^"]*"`), ` ${name}="${value}"`),
    text,
  );
}

function withElements(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce(
    (result, [name, value]) => replaced(result, new RegExp(`<${name}>[^<]*<`), `<${name}>${value}<`),
    text,
  );
}

/** @throws Error when there is no such thing: another version may have other names */
function replaced(text: string, pattern: RegExp, by: string): string {
  if (!pattern.test(text)) throw new Error(`its configuration has no ${pattern.source}`);
  return text.replace(pattern, () => by);
}

/** It finds its peers at their addresses only, and reports to nobody. */
function alone({ address }: PeerPlace): Readonly<Record<string, string>> {
  const off = ['globalAnnounceEnabled', 'localAnnounceEnabled', 'relaysEnabled', 'natEnabled', 'startBrowser'];
  return {
    listenAddress: `tcp://${address}:${PORT}`,
    ...Object.fromEntries([...off, 'crashReportingEnabled'].map((name) => [name, 'false'])),
    ...{ urAccepted: '-1', autoUpgradeIntervalH: '0', stunKeepaliveStartS: '0' },
  };
}

function generate(state: string): void {
  const words = ['generate', '--home', state, '--no-default-folder'];
  execFileSync('syncthing', words, { env: environment(state), stdio: 'pipe' });
}

function idOf({ state }: PeerPlace): string {
  const words = ['serve', '--home', state, '--device-id'];
  return execFileSync('syncthing', words, { encoding: 'utf8', env: environment(state) }).trim();
}

/** One process instead of two, one of which watches the other: so it can be killed. */
function environment(state: string): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: state, STMONITORED: 'yes', STNOUPGRADE: '1' };
}
