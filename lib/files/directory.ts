import type { File } from './file.ts';
import { FileTable } from './file-table.ts';
import { ownCopy } from './own-copy.ts';

const NO_FILES: readonly File[] = [];
const NO_DIRECTORIES: ReadonlyMap<string, Directory> = new Map();

/**
 * A folder and all that is known to be in it: the result of a scan, of a listing, or what the journal remembers.
 *
 * Paths are relative to the folder they are asked of, parts joined by `/`; `''` is the folder itself.
 */
export class Directory {
  /** Its name in its parent; `''` for a root. */
  readonly name: string;
  // Undefined while empty: a tree has more folders without sub-folders than with.
  #files: FileTable | undefined;
  #directories: Map<string, Directory> | undefined;

  constructor(name: string) {
    this.name = name;
  }

  get isEmpty(): boolean {
    return !this.#files?.count && !this.#directories?.size;
  }

  /** How many files are directly in it. */
  get fileCount(): number {
    return this.#files?.count ?? 0;
  }

  /** The files directly in it; none may be deleted before the last was taken. */
  files(): Iterable<File> {
    return this.#files ?? NO_FILES;
  }

  /** The folders directly in it. */
  directories(): Iterable<Directory> {
    return (this.#directories ?? NO_DIRECTORIES).values();
  }

  file(name: string): File | undefined {
    return this.#files?.get(name);
  }

  directory(name: string): Directory | undefined {
    return this.#directories?.get(name);
  }

  /** Put a file in, in place of one of the same name. */
  setFile(file: File): void {
    this.#files ??= new FileTable();
    this.#files.set(file);
  }

  /** Put a file in whose name is known not to be in it: {@link setFile} looks for that, and remembers more to do so. */
  addFile(name: string, size: number, mtimeMs: number): void {
    this.#files ??= new FileTable();
    this.#files.add(name, size, mtimeMs);
  }

  /** Nothing is going to be added for now: give back the room that is kept for more files. */
  trim(): void {
    this.#files?.trim();
  }

  /** Put a folder in, in place of one of the same name. */
  setDirectory(directory: Directory): void {
    this.#directories ??= new Map();
    this.#directories.set(directory.name, directory);
  }

  deleteFile(name: string): void {
    this.#files?.delete(name);
  }

  deleteDirectory(name: string): void {
    this.#directories?.delete(name);
  }

  /** The folder at a path, made with its parents where it is missing. */
  makeDirectoryAt(path: string): Directory {
    let at: Directory = this;
    for (const name of partsOf(path)) at = at.directory(name) ?? at.#makeDirectory(name);
    return at;
  }

  /** The folder at a path, if it is known. */
  directoryAt(path: string): Directory | undefined {
    let at: Directory | undefined = this;
    for (const name of partsOf(path)) at = at?.directory(name);
    return at;
  }

  /** The file at a path, if it is known. */
  fileAt(path: string): File | undefined {
    return this.directoryAt(parentOf(path))?.file(nameOf(path));
  }

  #makeDirectory(name: string): Directory {
    const made = new Directory(ownCopy(name));
    this.setDirectory(made);
    return made;
  }
}

/** A folder met by {@link walk}, with its path below the folder the walk began at. */
export interface Visit {
  readonly path: string;
  readonly directory: Directory;
}

/**
 * Every folder of a tree, a parent before what is in it, the root (path `''`) first.
 *
 * Keeps its own stack: a tree may be deeper than the call stack.
 */
export function* walk(root: Directory): Generator<Visit> {
  const stack: Visit[] = [{ path: '', directory: root }];
  for (let visit = stack.pop(); visit; visit = stack.pop()) {
    yield visit;
    for (const directory of visit.directory.directories()) {
      stack.push({ path: join(visit.path, directory.name), directory });
    }
  }
}

/** How many entries, folders and files, a tree holds below its root. */
export function countEntries(root: Directory): number {
  let entries = -1;
  for (const { directory } of walk(root)) {
    entries += 1 + directory.fileCount;
  }
  return entries;
}

/** The path of `name` in the folder at `path`. */
export function join(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}

/** The path of the folder that holds `path`; `''` for an entry of the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function partsOf(path: string): readonly string[] {
  return path === '' ? [] : path.split('/');
}

/** The folders that hold some paths, and those that hold them. */
export function foldersAbove(paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let at = parentOf(path); at !== '' && !folders.has(at); at = parentOf(at)) folders.add(at);
  }
  return folders;
}
