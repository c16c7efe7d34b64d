const CHUNK_BYTES = 1024 * 1024;
const LINE_FEED = 0x0a;

/**
 * Texts without line feeds, kept as UTF-8 beside the heap of JavaScript: there a million strings would also make the engine let several times their size of
 * garbage lie.
 */
export class TextStore {
  readonly #chunks: Buffer[] = [];
  /** Bytes used of the last chunk. */
  #used = 0;

  /** Keeps `text`. @returns the place where it is found again, a whole number below 2^32 up to 4 GiB of texts. */
  keep(text: string): number {
    const line = `${text}\n`;
    const length = Buffer.byteLength(line);
    let last = this.#chunks.at(-1);
    if (last === undefined || this.#used + length > last.length) {
      last = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, length));
      this.#chunks.push(last);
      this.#used = 0;
    }
    const place = (this.#chunks.length - 1) * CHUNK_BYTES + this.#used;
    this.#used += last.write(line, this.#used);
    return place;
  }

  /** The text at a place that {@link keep} gave. */
  at(place: number): string {
    const chunk = this.#chunks[Math.floor(place / CHUNK_BYTES)] ?? Buffer.alloc(0);
    const start = place % CHUNK_BYTES;
    return chunk.toString('utf8', start, chunk.indexOf(LINE_FEED, start));
  }
}
