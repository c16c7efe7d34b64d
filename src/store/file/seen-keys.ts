import { randomInt } from 'node:crypto';
import type { AppendResult } from '../store.js';
import { hashTerm, KEY_KIND, type TermHash } from './term-hash.js';

/** Words of a slot: two of the key's hash, one of the content's, one of the time in seconds (0 = the slot is free). */
const SLOT = 4;
const FIRST_CAPACITY = 1024;
/** The platform tries for 10.4 hours. */
const RETAIN_SECONDS = 24 * 3600;

/**
 * Which pushes are known, in 16 bytes each: an open-addressed table of hashes, seeded for each table, so that nobody can make keys that
 * meet. The platform tries again for 10.4 hours, so a day is enough; a key whose 64 bits meet another's by chance (once in a million days
 * at five million pushes) counts as a conflict, and what conflicts is kept: no chance match loses a push.
 */
export class SeenKeys {
  readonly #retainSeconds: number;
  #slots = new Uint32Array(FIRST_CAPACITY * SLOT);
  #used = 0;
  readonly #seed = randomInt(2 ** 32);

  /** @param retainSeconds how long a key counts before the table may forget it. */
  constructor(retainSeconds = RETAIN_SECONDS) {
    this.#retainSeconds = retainSeconds;
  }

  /** Number of keys with their contents in the table. */
  get size(): number {
    return this.#used;
  }

  /** What this table keeps of a key: made once where a key is asked for and then added. */
  hashOf(key: string): TermHash {
    return hashTerm(key, this.#seed, KEY_KIND);
  }

  /** @param sha SHA-256 of the content, hex. A push without a key is always new. */
  lookup(key: string | TermHash | undefined, sha: string): AppendResult {
    return key === undefined ? 'new' : this.#find(this.#hashed(key), contentOf(sha));
  }

  /** {@link lookup}, and {@link add} unless it is a duplicate. */
  meet(key: string | undefined, sha: string, at: Date): AppendResult {
    if (key === undefined) return 'new';
    const hashes = this.hashOf(key);
    const result = this.#find(hashes, contentOf(sha));
    if (result !== 'duplicate') this.#remember(hashes, sha, at);
    return result;
  }

  /** Remembers a key with its content. @param at instant of arrival; what is older by the time to retain may go. */
  add(key: string | TermHash | undefined, sha: string, at: Date): void {
    if (key !== undefined) this.#remember(this.#hashed(key), sha, at);
  }

  #hashed(key: string | TermHash): TermHash {
    return typeof key === 'string' ? this.hashOf(key) : key;
  }

  #find({ high, low }: TermHash, content: number): AppendResult {
    let result: AppendResult = 'new';
    for (let slot = this.#firstSlot(low); this.#timeAt(slot) !== 0; slot = this.#nextSlot(slot)) {
      if (this.#slots[slot] !== high || this.#slots[slot + 1] !== low) continue;
      if (this.#slots[slot + 2] === content) return 'duplicate';
      result = 'conflict';
    }
    return result;
  }

  #remember({ high, low }: TermHash, sha: string, at: Date): void {
    const seconds = Math.max(1, Math.floor(at.getTime() / 1000));
    if (this.#used >= (this.#slots.length / SLOT) * 0.7) this.#rebuild(seconds - this.#retainSeconds);
    this.#insert([high, low, contentOf(sha), seconds]);
  }

  #insert(entry: readonly [number, number, number, number]): void {
    let slot = this.#firstSlot(entry[1]);
    while (this.#timeAt(slot) !== 0) slot = this.#nextSlot(slot);
    this.#slots.set(entry, slot);
    this.#used += 1;
  }

  #rebuild(oldestSeconds: number): void {
    const before = this.#slots;
    const isKept = (slot: number): boolean => {
      const time = before[slot + 3] ?? 0;
      return time !== 0 && time >= oldestSeconds;
    };
    let kept = 0;
    for (let slot = 0; slot < before.length; slot += SLOT) if (isKept(slot)) kept += 1;
    let capacity = FIRST_CAPACITY;
    while (capacity < kept * 2) capacity *= 2;
    this.#slots = new Uint32Array(capacity * SLOT);
    this.#used = 0;
    for (let slot = 0; slot < before.length; slot += SLOT) {
      if (!isKept(slot)) continue;
      this.#insert([before[slot] ?? 0, before[slot + 1] ?? 0, before[slot + 2] ?? 0, before[slot + 3] ?? 0]);
    }
  }

  #timeAt(slot: number): number {
    return this.#slots[slot + 3] ?? 0;
  }

  #firstSlot(low: number): number {
    return (low % (this.#slots.length / SLOT)) * SLOT;
  }

  #nextSlot(slot: number): number {
    const next = slot + SLOT;
    return next === this.#slots.length ? 0 : next;
  }
}

function contentOf(sha: string): number {
  return Number.parseInt(sha.slice(0, 8), 16);
}
