/** Whole numbers of 32 bits, as many as come. */
export class WordList {
  #words = new Uint32Array(4096);
  #length = 0;

  /** Adds two of them. */
  addPair(first: number, second: number): void {
    if (this.#length + 2 > this.#words.length) {
      const words = new Uint32Array(this.#words.length * 2);
      words.set(this.#words);
      this.#words = words;
    }
    this.#words[this.#length] = first;
    this.#words[this.#length + 1] = second;
    this.#length += 2;
  }

  /** All of them; they share their memory with the list. */
  get words(): Uint32Array {
    return this.#words.subarray(0, this.#length);
  }
}
