import { readFile } from 'node:fs/promises';

// Of Linux. All that is not named here may be another machine's, or a program's: whoever asks it may wait for minutes, or for
// good.
const LOCAL: ReadonlySet<string> = new Set(
  'bcachefs btrfs ext2 ext3 ext4 f2fs jfs overlay ramfs reiserfs tmpfs xfs zfs'.split(' '),
);

interface Mount {
  /** Where it begins. */
  readonly point: string;
  /** The kind of its file system. */
  readonly kind: string;
}

/**
 * Does a folder, with all that is mounted below it, lie on disks or in the memory of this machine?
 *
 * @param folder its real path
 * @param table of the mounts, as in proc(5): `/proc/PID/mountinfo`
 * @returns `false` also where the system does not tell
 */
export async function isOnLocalDisk(folder: string, table = '/proc/self/mountinfo'): Promise<boolean> {
  const mounts = mountsIn(await readFile(table, 'utf8').catch(() => ''));
  // Of two on the same place the later one hides the other.
  const own = mounts.reduce<Mount | undefined>(
    (best, mount) => (isWithin(folder, mount.point) && mount.point.length >= (best?.point.length ?? 0) ? mount : best),
    undefined,
  );
  const all = [own, ...mounts.filter(({ point }) => isWithin(point, folder) && point !== folder)];
  return all.every((mount) => mount !== undefined && LOCAL.has(mount.kind));
}

/** `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw`: the fifth, and the first behind the dash. */
function mountsIn(table: string): readonly Mount[] {
  return table.split('\n').flatMap((line) => {
    const [place = '', source = ''] = line.split(' - ');
    const point = place.split(' ')[4];
    const [kind] = source.split(' ');
    return point === undefined || kind === undefined ? [] : [{ point: plain(point), kind }];
  });
}

/** Blanks, tabs, line ends and backslashes are told by their numbers: `\040`. */
function plain(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
