/** Gives each different text a number, from 0 in the order in which they are met; texts are compared byte by byte. */
export class TextNumbers {
  /** Of each text the number of another with the same hash that was met before it, -1 when there is none. */
  readonly #before: number[] = [];
  readonly #texts: Buffer[] = [];
  readonly #last = new Map<number, number>();

  /** The number of the text that begins at `start`. */
  of(bytes: Buffer, start: number, length: number): number {
    const end = start + length;
    let hash = length;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x0100_0193);
    // A small integer is found sooner.
    hash >>= 2;
    const last = this.#last.get(hash) ?? -1;
    for (let number = last; number >= 0; number = this.#before[number] ?? -1) {
      if (this.#isText(number, bytes, start, length)) return number;
    }
    this.#last.set(hash, this.#texts.length);
    this.#before.push(last);
    this.#texts.push(Buffer.from(bytes.subarray(start, end)));
    return this.#texts.length - 1;
  }

  #isText(number: number, bytes: Buffer, start: number, length: number): boolean {
    const text = this.#texts[number];
    if (text?.length !== length) return false;
    for (let at = 0; at < length; at++) if (text[at] !== bytes[start + at]) return false;
    return true;
  }
}
