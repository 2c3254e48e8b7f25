import { File } from './file.ts';

// Up to here it takes no longer to look through the names than to ask an index, and that is larger than the names.
const SEARCHED = 32;

/**
 * The files of one folder in columns: an object for each of a million files would take more than twice the memory, and
 * the collector of garbage would look at every one of them again and again.
 *
 * They stand in the order in which they came, but the last takes the place of one that is deleted.
 */
export class FileTable implements Iterable<File> {
  #names: string[] = [];
  /** Size and time of each, in turns. */
  #numbers: number[] = [];
  /** Places by name; made as soon as a name is looked for among many. */
  #places: Map<string, number> | undefined;

  get count(): number {
    return this.#names.length;
  }

  *[Symbol.iterator](): Generator<File, void, undefined> {
    for (let place = 0; place < this.#names.length; place += 1) yield this.#fileAt(place);
  }

  get(name: string): File | undefined {
    const place = this.#placeOf(name);
    return place < 0 ? undefined : this.#fileAt(place);
  }

  /** Put one in, in place of one of the same name. */
  set({ name, size, mtimeMs }: File): void {
    const place = this.#placeOf(name);
    if (place < 0) this.add(name, size, mtimeMs);
    else this.#note(place, size, mtimeMs);
  }

  /** Put one in that is known not to be in yet: nothing is looked for, and no index made. */
  add(name: string, size: number, mtimeMs: number): void {
    const place = this.#names.push(name) - 1;
    this.#numbers.push(size, mtimeMs);
    this.#places?.set(name, place);
  }

  /** To be done between iterations, not in one. */
  delete(name: string): void {
    const place = this.#placeOf(name);
    if (place < 0) return;
    const { name: moved, size, mtimeMs } = this.#fileAt(this.count - 1);
    this.#names[place] = moved;
    this.#note(place, size, mtimeMs);
    this.#names.pop();
    this.#numbers.length -= 2;
    this.#places?.set(moved, place);
    this.#places?.delete(name);
  }

  /** Give back the room that is kept for more. */
  trim(): void {
    this.#names = this.#names.slice();
    this.#numbers = this.#numbers.slice();
  }

  #placeOf(name: string): number {
    if (!this.#places && this.count <= SEARCHED) return this.#names.indexOf(name);
    this.#places ??= this.#index();
    return this.#places.get(name) ?? -1;
  }

  #index(): Map<string, number> {
    const places = new Map<string, number>();
    for (const [place, name] of this.#names.entries()) places.set(name, place);
    return places;
  }

  #fileAt(place: number): File {
    return new File(this.#names[place] ?? '', this.#numbers[2 * place] ?? 0, this.#numbers[2 * place + 1] ?? 0);
  }

  #note(place: number, size: number, mtimeMs: number): void {
    this.#numbers[2 * place] = size;
    this.#numbers[2 * place + 1] = mtimeMs;
  }
}
