import type { RunEntry } from './run-lines.js';

const OPEN = 0;
const OK = 1;
const FAILED = 2;

/** Which pushes of a run are settled, in five bytes each. */
export class SettledPushes {
  #states = new Uint8Array(1024);
  #crcs = new Uint32Array(1024);
  #count = 0;

  /** How many are settled. */
  get count(): number {
    return this.#count;
  }

  add({ n, ok, crc }: RunEntry): void {
    if (n >= this.#states.length) this.#grow(n);
    if (this.#states[n] === OPEN) this.#count += 1;
    this.#states[n] = ok ? OK : FAILED;
    this.#crcs[n] = crc;
  }

  has(n: number): boolean {
    return (this.#states[n] ?? OPEN) !== OPEN;
  }

  isOk(n: number): boolean {
    return this.#states[n] === OK;
  }

  /** CRC-32 of the body that was sent; 0 for a push that is not settled. */
  crcOf(n: number): number {
    return this.#crcs[n] ?? 0;
  }

  #grow(n: number): void {
    const length = Math.max(n + 1, this.#states.length * 2);
    const [states, crcs] = [this.#states, this.#crcs];
    this.#states = new Uint8Array(length);
    this.#crcs = new Uint32Array(length);
    this.#states.set(states);
    this.#crcs.set(crcs);
  }
}
