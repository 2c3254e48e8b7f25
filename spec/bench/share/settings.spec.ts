import { daemonSettings } from './rsync.ts';
import { configured, type KnownPeer, syncthingDefaults, syncthingTuned } from './syncthing.ts';

const generated = `<configuration version="36">
    <device id="SELF" compression="metadata"><address>dynamic</address></device>
    <gui enabled="true" tls="false"><address>127.0.0.1:8384</address></gui>
    <options>${[
      ...[
        'listenAddress',
        'globalAnnounceEnabled',
        'localAnnounceEnabled',
        'relaysEnabled',
        'natEnabled',
        'startBrowser',
      ],
      ...['crashReportingEnabled', 'urAccepted', 'autoUpgradeIntervalH', 'stunKeepaliveStartS', 'setLowPriority'],
      'progressUpdateIntervalS',
    ]
      .map((name) => `<${name}>default</${name}>`)
      .join('')}</options>
    <defaults>
        <folder id="" label="" path="~" rescanIntervalS="3600" fsWatcherDelayS="10">
            <filesystemType>basic</filesystemType>
            <device id="SELF" introducedBy=""></device>
            <hashers>0</hashers><disableFsync>false</disableFsync>
            <copyRangeMethod>standard</copyRangeMethod><caseSensitiveFS>false</caseSensitiveFS>
        </folder>
    </defaults>
</configuration>`;
const peer: KnownPeer = { id: 'ONE', address: '127.0.0.2', share: '/a/share', state: '/a/state' };
const peers = [peer, { ...peer, id: 'TWO', address: '127.0.0.3' }];

describe('what other programs are set to', () => {
  it('is as Syncthing comes, but for its peers and for whom it tells of itself', () => {
    const text = configured(generated, { peer, peers }, syncthingDefaults);

    const [folder = ''] = /<folder id="share".*?<\/folder>/s.exec(text) ?? [];
    for (const part of ['path="/a/share"', 'fsWatcherDelayS="10"', '"ONE"', '"TWO"', '<disableFsync>false<']) {
      expect(folder).toContain(part);
    }
    expect(text).toContain('<listenAddress>tcp://127.0.0.2:22000<');
    expect(text).toContain('<device id="TWO" compression="metadata"><address>tcp://127.0.0.3:22000<');
    expect(text).toContain('<gui enabled="false"');
    expect(text).toContain('<globalAnnounceEnabled>false<');
    expect(text).toContain('<setLowPriority>default<');
  });

  it('is another delay and no syncing for the tuned one', () => {
    const text = configured(generated, { peer, peers }, syncthingTuned);

    for (const part of ['fsWatcherDelayS="1"', '<disableFsync>true<', 'compression="never"', '<hashers>2<']) {
      expect(text).toContain(part);
    }
  });

  it('is refused where Syncthing calls it otherwise', () => {
    const other = generated.replaceAll('hashers', 'diggers');
    expect(() => configured(other, { peer, peers }, syncthingTuned)).toThrowError(/has no <hashers>/);
  });

  it('is the account of root for the daemon of rsync', () => {
    expect(daemonSettings(peer)).toMatch(/uid = root\ngid = root\n[^[]*\[share\]\npath = \/a\/share\n/);
  });
});
