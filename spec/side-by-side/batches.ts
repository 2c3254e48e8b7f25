/** Spec files that one process runs: paths below the folder of the compiled specs, joined by `/`. */
export type Batch = readonly string[];

// These hold times against each other, or against a limit that is near: who takes the machine from them now and then
// makes them fail.
const ALONE: readonly string[] = [
  'base/journal-system-calls.spec.js',
  'conformance/hash-drafts.spec.js',
  'conformance/hostile-lines.spec.js',
  'files/scan-stall.spec.js',
  'ftp/byte-range.spec.js',
  'mirror/limits.spec.js',
  'programs/server-attacks.spec.js',
  'programs/share/share-figures.spec.js',
  'server/disk/disk.spec.js',
];

// They begin first, so that no process has much left to do at the end, when the other ones have nothing.
const SLOW = ['faults', 'programs', 'far'];

// Half a second goes by until a process has loaded Jasmine, and at its end until it has written what it covered.
const FILES_IN_A_BATCH = 12;
const SLOW_FILES_IN_A_BATCH = 4;

/** Those of the files that must have nothing beside them. */
export function aloneOf(files: Batch): Batch {
  return files.filter((file) => ALONE.includes(file));
}

/** All other ones, each batch of one folder, in the order in which they are to begin. */
export function besideOf(files: Batch): readonly Batch[] {
  const others = files.filter((file) => !ALONE.includes(file)).sort();
  const folders = [...new Set([...SLOW, ...others.map(folderOf)])];
  return folders.flatMap((folder) => {
    const most = SLOW.includes(folder) ? SLOW_FILES_IN_A_BATCH : FILES_IN_A_BATCH;
    return inPieces(
      others.filter((file) => folderOf(file) === folder),
      most,
    );
  });
}

function folderOf(file: string): string {
  return file.split('/', 1)[0] ?? '';
}

function inPieces(files: Batch, most: number): readonly Batch[] {
  return Array.from({ length: Math.ceil(files.length / most) }, (_, at) => files.slice(at * most, (at + 1) * most));
}
