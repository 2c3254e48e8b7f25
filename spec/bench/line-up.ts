import { basicFtp } from './contestants/basic-ftp.ts';
import type { Contestant } from './contestants/contestant.ts';
import { lftp } from './contestants/lftp.ts';
import { ours } from './contestants/ours.ts';
import { rclone } from './contestants/rclone.ts';
import type { Row } from './rows.ts';

/** Who takes part in a row; ours is the first. */
export function lineUp(row: Row): readonly Contestant[] {
  const { deed, connections, tls, modes } = row;
  if (modes) return modes.map((mode) => ours(connections, mode));
  if (deed === 'unchanged') return [ours(connections)];
  const settings = lftpConnections(row).flatMap((many) => [lftp(many, true), lftp(many, false)]);
  // rclone cannot take up the session of the control connection, which both servers demand.
  const slow = tls ? [] : [rclone(connections)];
  const naive = deed === 'fill' ? [basicFtp(connections)] : [];
  const all = [ours(connections), ...settings, ...slow, ...naive];
  return all.filter(({ party }) => row.parties?.includes(party) ?? true);
}

// Fewer connections may be quicker, since they cost less.
function lftpConnections({ connections, goals }: Row): readonly number[] {
  return goals.lftp === undefined || connections === 1 ? [connections] : [connections, connections / 2];
}
