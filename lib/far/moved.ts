/** Bytes of content that one job has sent so far, in its last try. */
export class Moved {
  bytes = 0;
  resumedAt = 0;

  begin(at: number): void {
    this.bytes = 0;
    this.resumedAt = at;
  }

  get told(): { readonly bytes: number; readonly resumedAt?: number } {
    const { bytes, resumedAt } = this;
    return resumedAt === 0 ? { bytes } : { bytes, resumedAt };
  }
}
