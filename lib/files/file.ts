/** A regular file as one scan, one listing or the journal knows it. */
export class File {
  /** Its name in its folder, never a path. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /** Time of the last change of its content, whole milliseconds since 1970 (UTC). */
  readonly mtimeMs: number;

  constructor(name: string, size: number, mtimeMs: number) {
    this.name = name;
    this.size = size;
    this.mtimeMs = mtimeMs;
  }
}
